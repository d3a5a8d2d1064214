"""Completions, as the shells themselves give them: every command, option and value that the program takes."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from guestseal.catalog import names
from guestseal.cli import build_parser
from guestseal.cli.query import KEYS

PROJECT = Path(__file__).resolve().parents[2]
PARSER = build_parser()
COMMANDS: dict[str, argparse.ArgumentParser] = next(a.choices for a in PARSER._actions if a.dest == "command")
OPERATIONS = {*names("guestseal.seal.operations"), "defaults", "all", "public-image", "private-template"}

# What is typed, and what may follow.
LINES = {
    "guestseal se": {"seal"},
    "guestseal ": set(COMMANDS),
    "guestseal --root /mnt --format json st": {"status"},
    "guestseal --format ": {"text", "json"},
    "guestseal --format=j": {"json"},
    "guestseal list ": {"checks", "operations", "profiles", "sources", "steps"},
    "guestseal query ": set(KEYS),
    "guestseal --root /mnt seal --scrub ": {"secrets", "trim", "fill", "none"},
    "guestseal seal --po": {"--poweroff"},
    "guestseal --root=/mnt firstboot --stage ": {"local", "network"},
    "guestseal check --profile clo": {"cloudstack"},
    "guestseal check --checks archi": {"architecture"},
    "guestseal check --only re": {"readiness", "residue"},
    "guestseal seal --operations ": OPERATIONS,
    "seal --operations defaults,-machine": {
        f"defaults,-{name}" for name in ("machine-id", "machine-id-sources", "machine-info")
    },
    "seal --operations=all,-hostn": {"all,-hostname"},
    "seal --lift": {"--lift-immutable"},
    "guestseal --root /us": {"/usr"},
    "guestseal simulate /etc/passw": {"/etc/passwd", *(str(path) for path in Path("/etc").glob("passw*"))},
}

BASH = """
source "$1/guestseal.bash"
read -ra COMP_WORDS <<< "${2//=/ = }"
[[ $2 == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_guestseal
printf '%s\\n' "${COMPREPLY[@]}"
"""
FISH = "source $argv[1]/guestseal.fish; source $argv[1]/seal.fish; complete -C $argv[2]"
# An interactive zsh on a terminal of its own: compadd says what it was given that fits what is typed.
ZSH = r"""
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "
fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D; PS1=; setopt no_beep; LISTMAX=0
compadd() {
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)* ]]; then builtin compadd \"\$@\"; return; fi
  local -a fit; builtin compadd -A fit \"\$@\"; print -rl -- \$fit >> $3; builtin compadd \"\$@\"
}
comppostfuncs=(_completed); _completed() { print > $3.end }
print READY"
zpty -r -m shell line '*READY*'
zpty -n -w shell "$2"$'\t'
for ((i = 0; i < 200; i++)); do [[ -e $3.end ]] && break; sleep 0.1; done
zpty -d shell
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("completions")
    words = ["/usr/bin/python3", "-B", PROJECT / "packaging/manual", directory]
    subprocess.run(words, check=True, capture_output=True, timeout=120)
    return directory


def run(shell: str, home: Path, *words: str | Path) -> str:
    """What a shell says, without anybody's configuration."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    directories = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
    clean = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TERM": "dumb", **directories}
    done = subprocess.run(
        [shell, *words], env=clean, cwd=home, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def bash(made: Path, home: Path, line: str) -> set[str]:
    return set(run("bash", home, "-c", BASH, "bash", made, line).split())


def fish(made: Path, home: Path, line: str) -> set[str]:
    found = run("fish", home, "-N", "-c", FISH, made, line).splitlines()
    # What is offered is the whole word: bash's is only what is behind the "=".
    return {word.partition("\t")[0].rpartition("=")[2].rstrip("/") for word in found}


def zsh(made: Path, home: Path, line: str) -> set[str]:
    run("zsh", home, "-f", "-c", ZSH, "zsh", made, line, home / "fit")
    found = set((home / "fit").read_text().split()) if (home / "fit").exists() else set()
    typed = line.replace("=", " ").rpartition(" ")[2]
    before = typed[: max(typed.rfind(mark) for mark in ",-+/") + 1] if not typed.startswith("-") else ""
    return {before + word.rstrip("=") for word in found}


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("shell", [bash, fish, zsh], ids=lambda shell: shell.__name__)
def test_what_may_follow_is_offered(made: Path, tmp_path: Path, shell, line: str) -> None:
    assert shell(made, tmp_path, line) == LINES[line]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("shell", [bash, fish, zsh], ids=lambda shell: shell.__name__)
def test_every_option_of_a_command_is_offered_and_no_other(made: Path, tmp_path: Path, shell, command: str) -> None:
    options = {name for action in COMMANDS[command]._actions for name in action.option_strings}
    assert shell(made, tmp_path, f"guestseal --root /mnt {command} -") == options


def test_the_values_of_an_option_are_no_files(made: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert bash(made, tmp_path, "guestseal rehearse --clones ") == set()
    assert fish(made, tmp_path, "guestseal rehearse --clones ") == set()


@pytest.mark.parametrize(
    ("shell", "name"), [("bash", "guestseal.bash"), ("zsh", "_guestseal"), ("fish", "guestseal.fish")]
)
def test_the_shell_has_nothing_to_say_about_its_file(made: Path, tmp_path: Path, shell: str, name: str) -> None:
    assert run(shell, tmp_path, "-n", made / name) == ""


def test_bash_finds_the_function_for_both_commands(made: Path, tmp_path: Path) -> None:
    said = run("bash", tmp_path, "-c", f"source {made}/guestseal.bash; complete -p guestseal seal")
    assert said == "complete -F _guestseal guestseal\ncomplete -F _guestseal seal\n"
    assert os.listdir(tmp_path) == []
