"""The processes of the running machine and the people on it: psutil and loginctl behind one door.

Every call looks anew. What ends while it is looked at was not there.
"""

from __future__ import annotations

import fcntl
import logging
import os
import pwd
import re
import struct
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from guestseal.errors import CommandError
from guestseal.machine.commands import Commands

if TYPE_CHECKING:
    import psutil

LOGIN_UID = Path("/proc/self/loginuid")

_UNSET = 0xFFFFFFFF  # pam_loginuid(8): nobody has logged in above this process
_INTERPRETER = re.compile(r"(python|perl|ruby|(ba|da|a|k|z)?sh)[0-9.]*")
_FLOCK = "hhqqi"  # struct flock: fcntl(2)
_SESSION = ("Name", "Leader", "TTY", "RemoteHost", "Class", "State")
_SUBSTITUTES = ("SUDO_USER", "DOAS_USER")  # sudo(8) and run0(1); doas(1)
_ANSWER = 5.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Process:
    """A process that runs, by the name it was looked for."""

    pid: int
    name: str


@dataclass(frozen=True)
class Session:
    """A login of a person: on a terminal, by SSH, on a desktop."""

    account: str
    leader: int | None
    """The process that logged in."""
    terminal: str = ""
    """As in ``pts/0``; empty when the login has none, as Packer's and Ansible's."""
    host: str = ""
    """Where it came from; empty for a console."""


class Processes:
    """The processes and logins of the running machine, as this process sees them."""

    def __init__(self, commands: Commands, *, environment: Mapping[str, str] | None = None) -> None:
        self._commands = commands
        self._environment = os.environ if environment is None else environment

    def running(self, names: Collection[str]) -> tuple[Process, ...]:
        """The processes of programs and scripts with one of these names, in the order of their ids.

        A process has the name the kernel gives it, that of its program's file, and that of
        the script an interpreter runs. One that has ended and is only not reaped yet is none.
        """
        import psutil

        found = []
        for process in psutil.process_iter(["pid", "name", "exe", "cmdline", "status"]):
            info = process.info
            called = next((name for name in _names(info["name"], info["exe"], info["cmdline"]) if name in names), None)
            if called is not None and info["status"] != psutil.STATUS_ZOMBIE:
                found.append(Process(info["pid"], called))
        return tuple(sorted(found, key=lambda process: process.pid))

    def ancestors(self) -> frozenset[int]:
        """The ids of this process and of those it descends from."""
        import psutil

        this = psutil.Process()
        return frozenset((this.pid, *(parent.pid for parent in this.parents())))

    def effective_uid(self) -> int:
        """The account whose rights this process has."""
        return os.geteuid()

    def chrooted(self) -> bool:
        """Whether this process sees another root directory than init; False where that cannot be told."""
        try:
            return not os.path.samestat(os.stat("/proc/1/root"), os.stat("/"))
        except OSError as error:  # no /proc, or no CAP_SYS_PTRACE over init: proc_pid_root(5)
            log.debug("init's root directory: %s", error)
            return False

    def container(self) -> str:
        """The kind of container that init says it was started in; empty: it says nothing.

        The variable is what container managers set: systemd.io/CONTAINER_INTERFACE.
        """
        import psutil

        try:
            return str(psutil.Process(1).environ().get("container", ""))
        except psutil.Error as error:
            log.debug("init's environment: %s", error)
            return ""

    def lock_holder(self, fd: int) -> int | None:
        """The process that holds a record lock on an open file; None: nobody does. No lock is taken.

        0: the kernel does not say which process, one outside this pid namespace.
        """
        asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        kind, _, _, _, pid = struct.unpack(_FLOCK, fcntl.fcntl(fd, fcntl.F_GETLK, asked))
        if kind == fcntl.F_UNLCK:
            return None
        return max(0, int(pid))  # -1: an open file description lock, which no process holds alone

    def sessions(self) -> tuple[Session, ...]:
        """Who is logged in, by utmp(5) and by logind: either may know what the other does not."""
        found: dict[tuple[object, ...], Session] = {}
        for session in (*_recorded(), *self._known_to_logind()):
            login = (session.account, session.terminal or session.leader)
            known = found.setdefault(login, session)
            if not known.host:  # psutil 5.9.7 to 6.1.0 tells of no host but localhost (HISTORY.rst, 6.1.1)
                found[login] = replace(known, host=session.host)
        return tuple(found.values())

    def accounts(self, sessions: Iterable[Session]) -> frozenset[str]:
        """The accounts on whose behalf this process runs: who logged in, not whom su and sudo made of them."""
        import psutil

        this = psutil.Process()
        lineage = [this, *this.parents()]
        pids = {process.pid for process in lineage}
        terminals = {_terminal(process) for process in lineage} - {""}
        found = {each.account for each in sessions if each.leader in pids or each.terminal in terminals}
        found.update(self._environment[name] for name in _SUBSTITUTES if self._environment.get(name))
        found.update(_logged_in_as())
        return frozenset(found)

    def _known_to_logind(self) -> Iterator[Session]:
        try:
            listed = self._commands.run(["loginctl", "--no-legend", "list-sessions"], timeout=_ANSWER).stdout
            for line in filter(str.strip, os.fsdecode(listed).splitlines()):
                yield from self._session(line.split()[0])
        except CommandError as error:  # no logind here: utmp is all there is
            log.debug("sessions: %s", error)

    def _session(self, number: str) -> Iterator[Session]:
        """The person's login behind one of logind's sessions."""
        words = ["loginctl", "show-session", *(f"--property={name}" for name in _SESSION), "--", number]
        # 1: it has ended since it was listed. Asked for several, loginctl would stop at the first such one.
        said = self._commands.run(words, timeout=_ANSWER, accept=(0, 1)).stdout
        values = dict(line.split("=", 1) for line in os.fsdecode(said).splitlines() if "=" in line)
        # Greeters, managers and cron's "background" sessions are nobody's logins: sd_session_get_class(3).
        if values.get("Class", "").startswith("user") and values.get("State") != "closing":
            leader = values.get("Leader", "")
            pid = int(leader) if leader.isdecimal() and leader != "0" else None
            yield Session(values.get("Name", ""), pid, values.get("TTY", ""), values.get("RemoteHost", ""))


def _recorded() -> Iterator[Session]:
    """The logins in utmp(5), without those whose process died and left its entry behind."""
    import psutil

    for user in psutil.users():
        leader = int(user.pid or 0) or None
        if leader is None or psutil.pid_exists(leader):
            host = user.host if user.host not in (None, "localhost") else ""  # psutil's word for a display and for none
            yield Session(user.name, leader, user.terminal or "", host)


def _logged_in_as() -> Iterator[str]:
    """The account that logged in above this process, however often it changed since: pam_loginuid(8)."""
    try:
        uid = int(LOGIN_UID.read_text())
        if uid != _UNSET:
            yield pwd.getpwuid(uid).pw_name
    except (FileNotFoundError, KeyError) as error:  # a kernel without audit; an account that is gone
        log.debug("login uid: %s", error)


def _terminal(process: psutil.Process) -> str:
    import psutil

    try:
        return (process.terminal() or "").replace("/dev/", "", 1)
    except psutil.Error:  # it has ended
        return ""


def _names(name: str | None, program: str | None, words: list[str] | None) -> Iterator[str]:
    """What a process is called. psutil gives None for what may not be read."""
    file = os.path.basename(program or "")
    if words and _INTERPRETER.fullmatch(file or os.path.basename(words[0])):
        yield _script(words)
    yield from (file, name or "")


def _script(words: list[str]) -> str:
    """The file an interpreter was given to run, without its directory; empty: it was given none."""
    for word in words[1:]:
        if not word.startswith("-"):
            return os.path.basename(word)
        if set(word) & set("cem"):  # -c, -e and -m: what follows is no file
            return ""
    return ""
