"""The manual pages: all that the program knows is in them, formatters have nothing to say about them."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
from pathlib import Path

import pytest

from guestseal import errors, settings
from guestseal.catalog import discover
from guestseal.cli import build_parser
from guestseal.cli.list import CATALOGS
from guestseal.firstboot import events
from guestseal.firstboot.status import _MESSAGES
from guestseal.seal.preflight import preflights

PROJECT = Path(__file__).resolve().parents[2]
PAGES = (
    *("guestseal.8", "guestseal.conf.5", "guestseal-firstboot.service.8"),
    *("guestseal-operations.8", "guestseal-checks.8"),
)
PARSER = build_parser()
COMMANDS: dict[str, argparse.ArgumentParser] = next(a.choices for a in PARSER._actions if a.dest == "command")
PAGE_OF = {
    "operations": "guestseal-operations.8",
    "checks": "guestseal-checks.8",
    "profiles": "guestseal-checks.8",
    "sources": PAGES[2],
    "steps": PAGES[2],
}


def make(directory: Path, *, python: tuple[str, ...] = (), **environment: str) -> subprocess.CompletedProcess[str]:
    """Make the manual as the Makefile does."""
    command = ["/usr/bin/python3", "-B", *python, PROJECT / "packaging/manual", directory]
    clean = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", **environment}
    return subprocess.run(command, env=clean, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("manual")
    done = make(directory, SOURCE_DATE_EPOCH="1767225600")
    assert (done.returncode, done.stderr) == (0, "")
    return directory


def words_of(path: Path) -> str:
    """A page without its fonts and escapes."""
    return re.sub(r"\\f[BIPR]|\\[&%]", "", path.read_text()).replace("\\-", "-").replace("\\(aq", "'")


def part(text: str, heading: str) -> str:
    """What stands below one heading, up to the next of its kind or above."""
    kind = "H" if heading.isupper() else "[HS]"
    found = re.search(rf"^\.S[HS] \"?{re.escape(heading)}\"?\n(.*?)(?=^\.S{kind} |\Z)", text, re.M | re.S)
    assert found, f"no heading {heading}"
    return found[1]


def terms(text: str) -> list[str]:
    """What is explained: the terms of the definition lists."""
    return re.findall(r"^\.TP\n\.B (.+)$", text, re.MULTILINE)


def options_in(explained: list[str]) -> list[str]:
    """The options among terms such as "-n, --dry-run" and "--root DIR"."""
    return re.findall(r"(?<![\w-])--?[a-z][a-z-]*", " ".join(explained))


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    return {name for action in parser._actions for name in action.option_strings}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_explained_with_every_option(manual: Path, command: str) -> None:
    section = part(words_of(manual / "guestseal.8"), command)
    assert options_of(COMMANDS[command]) - options_of(PARSER) == set(options_in(terms(section)))
    assert f"guestseal {command}" in section


def test_every_option_that_all_commands_take_is_explained(manual: Path) -> None:
    section = part(words_of(manual / "guestseal.8"), "OPTIONS")
    assert sorted(options_of(PARSER)) == sorted(options_in(terms(section)))


@pytest.mark.parametrize("row", settings.rows(), ids=lambda row: row.key)
def test_every_setting_is_explained_with_its_default(manual: Path, row: settings.Row) -> None:
    section = part(words_of(manual / "guestseal.conf.5"), f"[{row.section}]")
    entry = re.search(rf"^\.B {row.key}=\n(.*?)(?=^\.TP|\Z)", section, re.M | re.S)
    assert entry
    assert f"Default: {settings.shown(row.default) or 'none'}." in entry[1]


@pytest.mark.parametrize("what", CATALOGS)
def test_every_item_of_a_catalog_is_explained(manual: Path, what: str) -> None:
    packages, attribute, kind = CATALOGS[what]
    section = part(words_of(manual / PAGE_OF[what]), what.upper())
    explained = {term.split(" ")[0] for term in terms(section)}
    for package in packages:
        items = discover(package, attribute, kind)
        assert set(items) <= explained
        assert all(item.manual.split()[0].strip("`") in section for item in items.values())


def test_the_page_of_the_program_can_be_read(manual: Path) -> None:
    assert len(words_of(manual / "guestseal.8").splitlines()) < 1500


def test_every_check_before_a_seal_is_explained(manual: Path) -> None:
    assert terms(part(words_of(manual / "guestseal.8"), "PREFLIGHT")) == list(preflights())


def test_every_exit_status_and_every_word_of_status_is_explained(manual: Path) -> None:
    page = words_of(manual / "guestseal.8")
    codes = {str(kind.exit_code) for kind in vars(errors).values() if isinstance(kind, type)}
    assert {"0", *codes, "130"} == set(terms(part(page, "EXIT STATUS")))
    told = {word for term in terms(part(page, "STATUS")) for word in term.split(", ")}
    assert set(_MESSAGES) - {"incomplete-answer"} == told


def test_every_event_of_the_journal_is_explained(manual: Path) -> None:
    ids = {value for value in vars(events).values() if isinstance(value, str) and re.fullmatch("[0-9a-f]{32}", value)}
    assert set(re.findall(r"MESSAGE_ID=(\w+)\n\.sp", words_of(manual / PAGES[2]))) == ids


def test_every_unit_and_the_short_command_have_a_page(manual: Path) -> None:
    for name in ("seal", *(path.name for path in PROJECT.glob("systemd/guestseal-*.[st]*[er]"))):
        page = manual / f"{name}.8"
        target = re.fullmatch(r"\.so man8/(.+)\n", page.read_text())
        names = part(words_of(manual / target[1] if target else page), "NAME").partition(" - ")[0]
        assert name in names.split(", ")


@pytest.mark.parametrize("page", PAGES)
def test_formatters_have_nothing_to_say(manual: Path, page: str) -> None:
    lint = subprocess.run(
        ["mandoc", "-Tlint", "-W", "warning", manual / page], capture_output=True, text=True, timeout=60
    )
    assert (lint.returncode, lint.stdout) == (0, "")
    clean = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANWIDTH": "80", "MANROFFSEQ": ""}
    shown_ = subprocess.run(
        ["man", "--warnings", "-l", manual / page], env=clean, capture_output=True, text=True, timeout=60
    )
    assert (shown_.returncode, shown_.stderr) == (0, "")
    assert "SEE ALSO" in shown_.stdout


def test_equal_sources_make_equal_bytes(manual: Path, tmp_path: Path) -> None:
    assert make(tmp_path, SOURCE_DATE_EPOCH="1767225600", PYTHONHASHSEED="7", TZ="Asia/Seoul").returncode == 0
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in manual.iterdir()
    }
    assert '"2026-01-01"' in (manual / "guestseal.8").read_text()


def test_without_a_date_of_the_source_the_pages_have_none(tmp_path: Path) -> None:
    assert make(tmp_path).returncode == 0
    assert re.search(r'^\.TH "\S+" "?8"? "" "guestseal ', (tmp_path / "guestseal.8").read_text(), re.MULTILINE)


def test_without_docutils_it_says_what_is_missing(tmp_path: Path) -> None:
    done = make(tmp_path / "manual", python=("-S",))  # only Python's own library
    assert done.returncode == 1
    assert "install python3-docutils" in done.stderr
    assert not (tmp_path / "manual").exists()


def test_everything_is_installed_where_it_is_looked_for(manual: Path, tmp_path: Path) -> None:
    zsh = "zshdir=/usr/share/zsh/vendor-completions"
    words = ["make", "-s", "-C", PROJECT, "install-manual", f"DESTDIR={tmp_path}/root", f"MANUAL={tmp_path}/made", zsh]
    subprocess.run(words, check=True, timeout=120, capture_output=True)
    share = tmp_path / "root/usr/share"
    assert {path.name for path in share.glob("man/man[58]/*")} == {path.name for path in manual.glob("*.[58]")}
    found = {str(path.relative_to(share)) for path in share.rglob("*") if not path.is_dir()}
    bash, fish = "bash-completion/completions", "fish/vendor_completions.d"
    assert {path for path in found if not path.startswith("man/")} == {
        f"{bash}/guestseal",
        f"{bash}/seal",
        "zsh/vendor-completions/_guestseal",
        f"{fish}/guestseal.fish",
        f"{fish}/seal.fish",
    }
    assert os.readlink(share / bash / "seal") == "guestseal"
