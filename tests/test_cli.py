"""The command line: exit statuses, what goes to which stream, asking, and what is not imported."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from guestseal.catalog import names
from guestseal.firstboot.candidates import DEFAULTS, ON_REQUEST
from guestseal.guest.root import Root
from guestseal.seal.sealing import alone

PROJECT = Path(__file__).resolve().parents[1]
SHADOW = "root:$6$salt$hash:19000:0:99999:7:::\n"


@pytest.fixture
def guest(tmp_path: Path) -> Path:
    """A small guest with something to seal."""
    for name, content in {
        "etc/os-release": "ID=debian\n",
        "etc/passwd": "root:x:0:0:root:/root:/bin/bash\n",
        "etc/shadow": SHADOW,
        "etc/hostname": "master\n",
        "usr/lib/systemd/systemd": "",
        "etc/machine-id": "0123456789abcdef0123456789abcdef\n",
        "root/.bash_history": "secret\n",
    }.items():
        path = tmp_path / "guest" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    (tmp_path / "guest/etc/shadow").chmod(0o640)
    return tmp_path / "guest"


def _call(*words: str | Path, stdin: int = subprocess.DEVNULL) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-m", "guestseal", *map(str, words)]
    return subprocess.run(
        command, env=environment, stdin=stdin, capture_output=True, text=True, timeout=60, check=False
    )


def _content(tree: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in tree.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["bogus"], 2, "guestseal: unknown command 'bogus'; known are check, config"),
        (["sael"], 2, "guestseal: unknown command 'sael'; did you mean seal?; see `guestseal --help`"),
        (["seal", "--bogus"], 2, "guestseal seal: unrecognized arguments: --bogus; see `guestseal seal --help`"),
        (["--bogus"], 2, "guestseal: unrecognized arguments: --bogus; see `guestseal --help`"),
        (["check", "--only", "wishes"], 2, "unknown section 'wishes'; known are leftovers, residue, readiness"),
        (["seal", "--format", "junit"], 2, "invalid choice: 'junit'"),
        (["list", "wishes"], 2, "invalid choice"),
        (["--root", "GUEST", "seal", "--yes", "--operations", "machineid"], 2, "did you mean machine-id?"),
        (["--root", "GUEST", "--config", "/nonexistent.conf", "check"], 2, "/nonexistent.conf: not read"),
        (["--root", "GUEST", "seal"], 3, "not confirmed: there is no terminal to ask on; --yes"),
        (["--root", "GUEST/etc", "seal", "--yes"], 3, "not a root filesystem"),
        (["--root", "GUEST/none", "check"], 2, "No such file or directory"),
        (["--root", "GUEST", "firstboot", "--stage", "local"], 3, "not a clone of a sealed template"),
        (["--root", "GUEST", "check"], 1, "NOT clean"),
        (["--root", "GUEST", "finalize"], 2, "an image is sealed with `seal --root`"),
        (["rehearse", "--clones", "0"], 2, "--clones 0: it takes 1 to 50"),
        (["query", "colour"], 2, "unknown key 'colour'; known are source, address"),
        (["simulate", "/nonexistent.json"], 2, "/nonexistent.json: not read: No such file or directory"),
    ],
)
def test_exit_statuses_and_messages(guest: Path, words: list[str], status: int, said: str) -> None:
    before = _content(guest)
    done = _call(*(word.replace("GUEST", str(guest)) for word in words))
    assert (done.returncode, said in " ".join((done.stdout + done.stderr).split())) == (status, True), done
    assert "Traceback" not in done.stderr
    assert _content(guest) == before


def test_without_a_command_it_says_what_there_is() -> None:
    done = _call()
    assert done.returncode == 2
    for name in ("seal", "check", "status", "firstboot", "rehearse", "simulate", "list", "config", "query"):
        assert re.search(rf"^    {name}\b", done.stdout, re.MULTILINE), name


@pytest.mark.parametrize("words", [[], ["--help"], ["--version"], ["seal", "--help"], ["list", "operations"]])
@pytest.mark.parametrize("taker", ["/dev/full", "a closed pipe"])
def test_what_nothing_takes_is_a_failure_without_a_traceback(tmp_path: Path, words: list[str], taker: str) -> None:
    # As it is installed: it does not end by Python's ways.
    text = (PROJECT / "packaging/guestseal.in").read_text().replace("@appdir@", str(PROJECT)).replace("@main@", "main")
    (tmp_path / "guestseal").write_text(text)
    reader, full = (
        os.pipe() if taker != "/dev/full" else (os.open(os.devnull, os.O_RDONLY), os.open(taker, os.O_WRONLY))
    )
    os.close(reader)
    command = [sys.executable, "-I", str(tmp_path / "guestseal"), *words]
    done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    os.close(full)
    said = "stdout: not written: No space left on device\n" if taker == "/dev/full" else ""
    assert (done.returncode, done.stderr) == (1, said)


def test_a_simulator_that_nobody_listens_to_goes_on(tmp_path: Path) -> None:
    (tmp_path / "clones.json").write_text('{"*": {"instance_id": "i-1"}}')
    command = [sys.executable, "-m", "guestseal", "simulate", str(tmp_path / "clones.json")]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    with (
        open("/dev/full", "w") as full,
        subprocess.Popen(command, env=environment, stdout=full, stderr=subprocess.PIPE, text=True) as process,
    ):
        assert process.stderr is not None
        assert process.stderr.readline() == "stdout: not written: No space left on device\n"
        time.sleep(0.3)
        process.terminate()
        assert (process.wait(30), process.stderr.read()) == (0, "")


def test_json_is_one_document_on_stdout_that_ansible_can_read(guest: Path) -> None:
    for words, changed in (
        (["seal", "--yes"], True),
        (["seal", "--yes"], False),
        (["check", "--only", "leftovers"], False),
    ):
        done = _call("--root", guest, "--format", "json", *words)
        document = json.loads(done.stdout)
        assert list(document)[:4] == ["schema", "changed", "failed", "msg"]
        assert (document["changed"], document["failed"]) == (changed, False)
    refused = _call("--root", guest, "seal", "--format", "json", "--operations", "x")
    assert (refused.returncode, json.loads(refused.stdout)["failed"]) == (2, True)


@pytest.mark.parametrize("words", [["seal", "--yes"], ["disarm"]])
def test_while_a_seal_runs_nobody_else_seals_or_disarms(guest: Path, words: list[str]) -> None:
    (guest / "var/lib/guestseal").mkdir(parents=True)
    (guest / "var/lib/guestseal/sealing.json").write_text("{}")
    before = _content(guest)
    with Root(str(guest)) as root, alone(root):
        done = _call("--root", guest, *words)
        assert (done.returncode, "another guestseal seals" in done.stderr) == (3, True), done
        assert _content(guest) == before
    assert _call("--root", guest, *words).returncode == 0


def test_options_stand_before_or_after_the_command(guest: Path) -> None:
    one = _call("--root", guest, "--format", "json", "seal", "-n")
    two = _call("seal", "-n", "--root", guest, "--format", "json")
    assert _planned(one.stdout) == _planned(two.stdout) != []


def _planned(text: str) -> list[str]:
    return [path for entry in json.loads(text)["entries"] for path in entry["paths"]]


def test_a_dry_run_needs_no_confirmation_and_names_every_path(guest: Path) -> None:
    before = _content(guest)
    done = _call("--root", guest, "seal", "-n")
    assert done.returncode == 0
    for path in ("/etc/hostname", "/etc/machine-id", "/etc/shadow", "/root/.bash_history", "sealed.json"):
        assert path in done.stdout
    assert _content(guest) == before


@pytest.mark.parametrize(("answer", "status", "sealed"), [("seal", 0, True), ("yes", 3, False), ("", 3, False)])
def test_on_a_terminal_the_plan_is_shown_and_has_to_be_confirmed(
    guest: Path, answer: str, status: int, sealed: bool
) -> None:
    (guest / "var/spool/cron/crontabs").mkdir(parents=True)
    (guest / "var/spool/cron/crontabs/root").write_text("@daily /opt/backup\n")
    terminal, slave = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    words = [sys.executable, "-m", "guestseal", "--root", str(guest), "seal"]
    process = subprocess.Popen(words, env=environment, stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    seen = _until(terminal, b"Type 'seal'")
    assert b"This cannot be undone: " in seen
    assert b"warning: crontabs: /var/spool/cron/crontabs/root: " in seen
    assert b"machine-id" in seen
    os.write(terminal, answer.encode() + b"\n")
    assert process.wait(30) == status
    os.close(terminal)
    assert ((guest / "etc/machine-id").read_text() == "") is sealed


def test_who_writes_the_result_to_a_file_sees_the_plan_and_the_question_all_the_same(guest: Path) -> None:
    terminal, slave = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    words = [sys.executable, "-m", "guestseal", "--root", str(guest), "--format", "json", "seal"]
    process = subprocess.Popen(words, env=environment, stdin=slave, stdout=subprocess.PIPE, stderr=slave)
    os.close(slave)
    seen = _until(terminal, b"Type 'seal'", within=10.0)
    os.write(terminal, b"seal\n")
    written, _ = process.communicate(timeout=30)
    os.close(terminal)
    assert b"machine-id" in seen
    assert json.loads(written)["msg"] == "sealed"


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("[seal]\noperations = defaults,-log\n", "[seal] operations: unknown operation 'log'; did you mean logs?"),
        (
            "[firstboot]\nsources = cloudstak\n",
            "[firstboot] sources: unknown source 'cloudstak'; did you mean cloudstack?",
        ),
        ("[firstboot]\nendpoints = cloudstak=http://h\n", "[firstboot] endpoints: unknown source 'cloudstak'"),
        ("[firstboot]\nendpoints = ec2=h\n", "[firstboot] endpoints: ec2: it takes URLs of the form http://"),
    ],
)
def test_a_setting_that_names_nothing_is_told_before_the_clones_meet_it(guest: Path, setting: str, said: str) -> None:
    (guest / "etc/guestseal").mkdir()
    (guest / "etc/guestseal/guestseal.conf").write_text(setting)
    for words in (["config"], ["seal", "-n"], ["seal", "--yes"]):
        done = _call("--root", guest, *words)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert f"guestseal.conf: {said}" in done.stderr


def test_a_form_that_only_one_command_has_may_stand_before_it(guest: Path) -> None:
    done = _call("--root", guest, "--format", "junit", "check", "--only", "leftovers")
    assert done.stdout.startswith("<?xml")
    assert _call("--format", "junit", "list", "steps").returncode == 2


@pytest.mark.parametrize("command", ["", *sorted(names("guestseal.cli"))])
def test_help_fits_80_columns(command: str) -> None:
    done = _call(*command.split(), "--help")
    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines() if len(line) > 79] == []
    assert "``" not in done.stdout


def _until(fd: int, wanted: bytes, within: float = 30.0) -> bytes:
    seen, end = b"", time.monotonic() + within
    while wanted not in seen and time.monotonic() < end:
        if select.select([fd], [], [], 0.5)[0]:
            seen += os.read(fd, 4096)
    return seen


def test_check_passes_after_a_seal_and_strict_minds_clutter(guest: Path) -> None:
    assert _call("--root", guest, "seal", "--yes").returncode == 0
    assert _call("--root", guest, "check", "--only", "leftovers").returncode == 0
    (guest / "var/log").mkdir(parents=True)
    (guest / "var/log/messages").write_text("a line\n")
    assert _call("--root", guest, "check", "--only", "leftovers").returncode == 0
    assert _call("--root", guest, "check", "--only", "leftovers", "--strict").returncode == 1


def test_config_shows_the_origin_of_every_value(guest: Path) -> None:
    (guest / "etc/guestseal").mkdir()
    (guest / "etc/guestseal/guestseal.conf").write_text(
        "[firstboot]\nbudget = 12\nendpoints = ec2=http://h:1, gce=http://h:2\n"
    )
    done = _call("--root", guest, "config", "--origin")
    assert "endpoints = ec2=http://h:1 gce=http://h:2    # /etc/guestseal/guestseal.conf" in done.stdout
    assert "budget = 12    # /etc/guestseal/guestseal.conf" in done.stdout
    assert "account = root    # default" in done.stdout


def test_Y24_the_local_stage_imports_no_library(guest: Path) -> None:
    assert _call("--root", guest, "seal", "--yes").returncode == 0
    words = ["--root", str(guest), "firstboot", "--stage", "local", "--runtime-directory", str(guest / "run")]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-X", "importtime", "-m", "guestseal", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    imported = {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert imported.isdisjoint({"requests", "psutil", "netifaces", "distro", "urllib3", "systemd"})
    assert "guestseal" in imported


def test_help_is_quick_to_import(guest: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "guestseal", "status", "--help"]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(PROJECT)}, capture_output=True, text=True, timeout=60
    )
    assert "requests" not in done.stderr
    assert "guestseal.cli.seal" not in done.stderr


def test_the_sources_that_are_asked_by_default_are_marked() -> None:
    rows = json.loads(_call("--format", "json", "list", "sources").stdout)["sources"]
    assert {row["name"] for row in rows if row["default"]} == set(DEFAULTS)
    assert {row["name"] for row in rows if not row["default"]} == set(ON_REQUEST)
