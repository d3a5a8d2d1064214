"""A seal that is interrupted, hung up, or not the only one: what it still does, and what it says."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
LINES = 5000
WITHIN = 60.0


@pytest.fixture
def guest(tmp_path: Path) -> Path:
    """A guest whose logs take a while."""
    tree = tmp_path / "guest"
    for name, content in {
        "etc/os-release": "ID=debian\n",
        "etc/passwd": "root:x:0:0:root:/root:/bin/bash\n",
        "etc/hostname": "master\n",
        "etc/machine-id": "0123456789abcdef0123456789abcdef\n",
        "root/.bash_history": "secret\n",
    }.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(content)
    (tree / "var/log/many").mkdir(parents=True)
    for number in range(LINES):
        (tree / f"var/log/many/{number}.gz").write_text("line\n")
    return tree


def _words(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "guestseal", *map(str, words)]


def _start(*words: str | Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    out = subprocess.PIPE
    return subprocess.Popen(
        _words(*words), env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, text=True
    )


def _run(*words: str | Path) -> int:
    process = _start(*words)
    process.communicate(timeout=WITHIN)
    return process.returncode


def _on_a_terminal(*words: str | Path) -> tuple[int, int]:
    """Start it as the leader of a terminal's session: its pid, and the terminal's other side."""
    child, terminal = pty.fork()
    if child == 0:
        os.execve(sys.executable, _words(*words), {**os.environ, "PYTHONPATH": str(PROJECT)})
    return child, terminal


def _until(terminal: int, wanted: bytes) -> None:
    seen, end = b"", time.monotonic() + WITHIN
    while wanted not in seen:
        assert time.monotonic() < end, seen
        if select.select([terminal], [], [], 0.5)[0]:
            seen += os.read(terminal, 4096)


def _status(child: int) -> int:
    end = time.monotonic() + WITHIN
    while time.monotonic() < end:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    raise AssertionError("it did not end")


def _until_it_reads(pid: int, directory: Path) -> None:
    end = time.monotonic() + WITHIN
    while time.monotonic() < end:
        for fd in Path(f"/proc/{pid}/fd").iterdir():
            try:
                if os.readlink(fd) == str(directory):
                    return
            except OSError:
                continue
    raise AssertionError("it never read the directory")


def _content(tree: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in tree.rglob("*") if path.is_file()}


def test_a_terminal_that_is_hung_up_ends_no_seal(guest: Path) -> None:
    child, terminal = _on_a_terminal("--root", guest, "seal", "--yes")
    _until(terminal, b" ...\r\n")
    os.close(terminal)
    assert _status(child) == 1  # nobody could be told of the result
    assert (guest / "var/lib/guestseal/sealed.json").exists()
    assert not (guest / "var/lib/guestseal/sealing.json").exists()


@pytest.mark.parametrize("options", [("--yes",), ("-n",)])
def test_interrupted_before_the_first_change_nothing_is_changed(guest: Path, options: tuple[str, ...]) -> None:
    before = _content(guest)
    process = _start("--root", guest, "seal", *options)
    _until_it_reads(process.pid, guest / "var/log/many")
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=WITHIN)
    assert (process.returncode, said) == (130, "guestseal seal: interrupted: nothing was changed\n")
    assert _content(guest) == before


def test_interrupted_at_the_question_nothing_is_changed(guest: Path) -> None:
    before = _content(guest)
    child, terminal = _on_a_terminal("--root", guest, "seal")
    _until(terminal, b"Type 'seal'")
    os.write(terminal, b"\x03")
    _until(terminal, b"interrupted: nothing was changed")
    assert _status(child) == 130
    os.close(terminal)
    assert _content(guest) == before


def test_interrupted_while_it_seals_the_operation_that_runs_is_finished(guest: Path) -> None:
    child, terminal = _on_a_terminal("--root", guest, "seal", "--yes")
    _until(terminal, b" ...\r\n")
    os.write(terminal, b"\x03")
    _until(terminal, b"NOT sealed; interrupted after ")
    assert _status(child) == 130
    os.close(terminal)
    assert (guest / "var/lib/guestseal/sealing.json").exists()
    assert (guest / "etc/machine-id").read_text() != ""


def test_another_command_that_is_interrupted_says_so(guest: Path) -> None:
    process = _start("--root", guest, "check")
    _until_it_reads(process.pid, guest / "var/log/many")
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=WITHIN)
    assert (process.returncode, said) == (130, "guestseal check: interrupted\n")


def test_a_guest_is_sealed_by_one_at_a_time(guest: Path) -> None:
    before = _content(guest)
    fd = os.open(guest, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        process = _start("--root", guest, "seal", "--yes")
        _, said = process.communicate(timeout=WITHIN)
        assert (process.returncode, "another guestseal" in said) == (3, True), said
        assert _content(guest) == before
        assert _run("--root", guest, "seal", "-n") == 0
    finally:
        os.close(fd)
    assert _run("--root", guest, "seal", "--yes") == 0


@pytest.mark.parametrize("root", ["//", "/.", "/proc/self/root"])
def test_the_running_system_under_another_name_is_no_guest(root: str) -> None:
    # A plan only: were it not refused, this machine would be sealed.
    process = _start("--root", root, "seal", "-n")
    _, said = process.communicate(timeout=WITHIN)
    assert (process.returncode, said) == (
        3,
        f"guestseal seal: {root}: the root of the running system: without --root its shutdown is planned for, too\n",
    )
