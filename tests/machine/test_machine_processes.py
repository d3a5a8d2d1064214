"""Processes and logins: real processes, a real lock, a real utmp; logind as systemd 252 answers."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.children import NEW_MOUNTS, in_child
from support.logins import host_told

from guestseal.machine.commands import Commands
from guestseal.machine.host import Machine
from guestseal.machine.processes import Process, Processes, Session

PROJECT = Path(__file__).resolve().parents[2]
UTMP = struct.Struct("=hxxi32s4s32s256shhiii16s20s")  # utmp(5), x86 and arm
USER_PROCESS = 7

LOGINCTL = """\
#!/bin/sh
case "$*" in
"--no-legend list-sessions") printf '45 0 root pts/0\\n47 1000 ada pts/1\\n48 112 gdm tty1\\n49 1000 ada\\n' ;;
*" 45") printf 'Name=root\\nTTY=pts/0\\nRemoteHost=\\nLeader=%s\\nClass=user\\nState=active\\n' {leader} ;;
*" 47") printf 'Name=ada\\nTTY=pts/1\\nRemoteHost=192.0.2.7\\nLeader=143\\nClass=user\\nState=active\\n' ;;
*" 48") printf 'Name=gdm\\nTTY=tty1\\nRemoteHost=\\nLeader=99\\nClass=greeter\\nState=active\\n' ;;
*" 49") echo "Failed to get session path: No session '49' known" >&2; exit 1 ;;
*) exit 2 ;;
esac
"""


@contextlib.contextmanager
def program(path: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program that runs meanwhile."""
    process = subprocess.Popen([path, *arguments], stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait(20)


def script(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


def found(names: tuple[str, ...], pid: int, *, within: float = 10.0) -> Process | None:
    """The process ``pid`` among those that run under one of the names, once it has called exec."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        for process in Machine().processes.running(names):
            if process.pid == pid:
                return process
        time.sleep(0.05)
    return None


def test_a_program_is_found_by_its_file(tmp_path):
    with program(Path(shutil.copy("/bin/sleep", tmp_path / "apt-get")), "60") as running:
        assert found(("dpkg", "apt-get"), running.pid) == Process(running.pid, "apt-get")
        assert found(("dpkg",), running.pid, within=0.2) is None


def test_a_program_is_found_by_the_name_it_was_started_with(tmp_path):
    (tmp_path / "zypper").symlink_to("/bin/sleep")
    with program(tmp_path / "zypper", "60") as running:
        assert found(("zypper",), running.pid) == Process(running.pid, "zypper")


def test_a_script_is_found_by_its_own_name_however_long(tmp_path):
    path = script(tmp_path / "unattended-upgrade", f"#!{sys.executable} -Es\nimport time\ntime.sleep(60)\n")
    with program(path) as running:
        assert found(("unattended-upgrade",), running.pid) == Process(running.pid, "unattended-upgrade")


def test_a_script_with_a_longer_name_is_another_one(tmp_path):
    path = script(tmp_path / "unattended-upgrade-shutdown", f"#!{sys.executable} -Es\nimport time\ntime.sleep(60)\n")
    with program(path, "--wait-for-signal") as running:
        assert found(("unattended-upgrade-shutdown",), running.pid) is not None
        assert found(("unattended-upgrade",), running.pid, within=0.2) is None


def test_what_a_shell_was_told_is_no_script():
    with program(Path("/bin/sh"), "-c", "sleep 60; : /usr/bin/apt") as running:
        assert found(("sh", "dash", "bash"), running.pid) is not None
        assert found(("apt",), running.pid, within=0.2) is None


def test_what_has_ended_does_not_run(tmp_path):
    copy = shutil.copy("/bin/true", tmp_path / "dpkg")
    ended = subprocess.Popen([copy])
    os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
    try:
        assert not [each for each in Machine().processes.running(("dpkg",)) if each.pid == ended.pid]
    finally:
        ended.wait(20)


def test_ancestors_are_this_process_and_those_above():
    above = Machine().processes.ancestors()
    assert {os.getpid(), os.getppid()} <= above


def test_the_holder_of_a_lock_is_told_and_the_lock_not_taken(tmp_path):
    path = tmp_path / "lock"
    path.touch()
    hold = (
        "import fcntl,sys; f=open(sys.argv[1],'w'); fcntl.lockf(f, fcntl.LOCK_EX); print(flush=True); sys.stdin.read()"
    )
    processes = Machine().processes
    with path.open("rb") as file:
        assert processes.lock_holder(file.fileno()) is None
        words = [sys.executable, "-c", hold, str(path)]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
            assert holder.stdout is not None
            holder.stdout.readline()
            assert processes.lock_holder(file.fileno()) == holder.pid
            holder.communicate(timeout=20)
        assert processes.lock_holder(file.fileno()) is None
        assert subprocess.run(words, input=b"", timeout=20, check=True, stdout=subprocess.DEVNULL)


def entry(account: str, pid: int, terminal: str, host: str = "") -> bytes:
    line, user, place = terminal.encode(), account.encode(), host.encode()
    return UTMP.pack(USER_PROCESS, pid, line, line[-4:], user, place, 0, 0, 0, 0, 0, b"", b"")


def with_utmp(content: bytes, processes: Processes) -> list[list[object]]:
    """The sessions that ``processes`` sees, and its accounts, where utmp holds ``content``."""

    def look() -> str:
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True, timeout=20)
        Path("/var/run/utmp").write_bytes(content)
        sessions = processes.sessions()
        told = [[each.account, each.leader, each.terminal, each.host] for each in sessions]
        return json.dumps([told, sorted(processes.accounts(sessions))])

    return json.loads(in_child(look, namespaces=NEW_MOUNTS))


def test_sessions_in_utmp_are_those_of_living_processes(tmp_path):
    ended = subprocess.Popen(["/bin/true"])
    ended.wait(20)
    with program(Path("/bin/sleep"), "60") as other:
        content = entry("ada", other.pid, "pts/77", "192.0.2.7") + entry("bob", ended.pid, "pts/78")
        sessions, accounts = with_utmp(content, Processes(Commands({"PATH": str(tmp_path)}), environment={}))
    assert sessions == [["ada", other.pid, "pts/77", host_told("192.0.2.7")]]
    assert "ada" not in accounts


def test_the_session_this_process_descends_from_is_its_own(tmp_path):
    content = entry("ada", os.getpid(), "pts/77")
    sessions, accounts = with_utmp(content, Processes(Commands({"PATH": str(tmp_path)}), environment={}))
    assert sessions == [["ada", os.getpid(), "pts/77", ""]]
    assert "ada" in accounts


@pytest.mark.parametrize("name", ["SUDO_USER", "DOAS_USER"])
def test_whoever_called_sudo_is_the_one(tmp_path, name):
    processes = Processes(Commands({"PATH": str(tmp_path)}), environment={name: "ada"})
    assert "ada" in processes.accounts(())


def test_sessions_of_logind_are_those_of_people(tmp_path):
    script(tmp_path / "loginctl", LOGINCTL.format(leader=os.getppid()))
    processes = Processes(Commands({"PATH": f"{tmp_path}:/usr/bin:/bin"}), environment={})
    sessions = processes.sessions()
    assert Session("root", os.getppid(), "pts/0") in sessions
    assert Session("ada", 143, "pts/1", "192.0.2.7") in sessions
    assert not {"gdm"} & {each.account for each in sessions}
    assert "root" in processes.accounts([each for each in sessions if each.account == "root"])


@pytest.mark.parametrize("host", ["192.0.2.7", ""], ids=["told by both", "told by logind only"])
def test_a_login_that_both_know_is_told_once(tmp_path, host):
    script(tmp_path / "loginctl", LOGINCTL.format(leader=os.getppid()))
    processes = Processes(Commands({"PATH": f"{tmp_path}:/usr/bin:/bin"}), environment={})
    with program(Path("/bin/sleep"), "60") as other:
        sessions, _ = with_utmp(entry("ada", other.pid, "pts/1", host), processes)
    assert [each for each in sessions if each[0] == "ada"] == [["ada", other.pid, "pts/1", "192.0.2.7"]]


def in_own_world(tmp_path: Path, root: Path, expression: str, **environment: str) -> str:
    """What an expression gives where pid 1 is a shell of the test's, seen from ``root``."""
    look = (
        "import os, sys, psutil\n"
        "from guestseal.machine.host import Machine\n"
        "processes = Machine().processes\n"
        "os.chroot(sys.argv[1])\n"
        "os.chdir('/')\n"
        f"print({expression})\n"
    )
    (tmp_path / "look.py").write_text(look)
    shell = (
        f"mount -t proc proc /proc; mount -t proc proc {root}/proc; {sys.executable} -B {tmp_path}/look.py {root}; :"
    )
    done = subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "/bin/sh", "-c", shell],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip()


def test_a_chroot_is_where_init_sees_another_root(tmp_path):
    root = tmp_path / "root"
    (root / "proc").mkdir(parents=True)
    assert in_own_world(tmp_path, root, "processes.chrooted()") == "True"
    assert in_own_world(tmp_path, Path("/"), "processes.chrooted()") == "False"


def test_a_container_is_what_init_says(tmp_path):
    assert in_own_world(tmp_path, Path("/"), "processes.container()", container="lxc") == "lxc"
    assert in_own_world(tmp_path, Path("/"), "repr(processes.container())") == "''"
