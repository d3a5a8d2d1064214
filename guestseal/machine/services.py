"""The service manager of the running machine, by systemctl: the only code that asks or tells it.

Where systemd is not the running init every question is answered with nothing, and
nothing is started or stopped. Where it is, a systemctl that is missing, fails or does
not answer raises CommandError.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from guestseal.errors import CommandError
from guestseal.machine.commands import Commands

ANSWER = 10.0
"""Seconds a question may take."""

_PROPERTIES = ("LoadState", "ActiveState", "UnitFileState")
_ENABLED = ("enabled", "enabled-runtime", "linked", "linked-runtime", "alias", "generated")
_RUNNING = ("active", "activating", "reloading", "refreshing")
_STATES = frozenset(("initializing", "starting", "running", "degraded", "maintenance", "stopping"))
_NOT_LOADED = 5  # systemctl(1): EXIT STATUS, taken from the LSB; here it is told of units that do not exist


@dataclass(frozen=True)
class Unit:
    """What systemd knows of one unit: systemctl(1), ``is-active`` and ``is-enabled`` list the words."""

    name: str
    load: str
    """``loaded``, ``not-found``, ``masked`` …"""
    active: str
    """``active``, ``activating``, ``inactive``, ``failed`` …"""
    file: str
    """``enabled``, ``disabled``, ``static``, ``masked`` …; empty where there is no file."""

    @property
    def loaded(self) -> bool:
        """Whether there is such a unit, and it is not masked."""
        return self.load == "loaded"

    @property
    def running(self) -> bool:
        """Whether it is up, or coming up."""
        return self.active in _RUNNING

    @property
    def enabled(self) -> bool:
        """Whether something starts it at boot. ``static`` tells neither way and counts as no."""
        return self.file in _ENABLED


class Services:
    """The units of the running machine. ``runtime`` is where systemd shows that it runs: sd_booted(3)."""

    def __init__(self, commands: Commands, *, runtime: str = "/run") -> None:
        self._commands = commands
        self._mark = f"{runtime}/systemd/system"

    @property
    def managed(self) -> bool:
        """Whether systemd is the running init."""
        return os.path.isdir(self._mark)

    def units(self, *names: str) -> tuple[Unit, ...]:
        """The units of these names, in this order, those that do not exist included; none without systemd.

        An alias has the state of the unit it stands for.
        """
        if not names or not self.managed:
            return ()
        words = ["show", *(f"--property={name}" for name in _PROPERTIES), "--", *names]
        said = self._ask(words).decode("utf-8", "replace")
        blocks = [_assignments(block) for block in said.strip().split("\n\n")]
        if len(blocks) != len(names):
            raise CommandError(f"systemctl show: {len(blocks)} answers to {len(names)} questions")
        return tuple(Unit(name, *(block.get(key, "") for key in _PROPERTIES)) for name, block in zip(names, blocks))

    def enabled(self, name: str) -> bool:
        """Whether the unit is started at boot; False without systemd."""
        return any(unit.enabled for unit in self.units(name))

    def active(self, name: str) -> bool:
        """Whether the unit is up, or coming up; False without systemd."""
        return any(unit.running for unit in self.units(name))

    def failed(self) -> tuple[str, ...]:
        """The names of the units that have failed, in the order of systemctl; none without systemd."""
        if not self.managed:
            return ()
        words = ["list-units", "--state=failed", "--all", "--full", "--plain", "--no-legend", "--no-pager"]
        lines = self._ask(words).decode("utf-8", "replace").split("\n")
        return tuple(line.split()[0] for line in lines if line.split())

    def system_state(self) -> str | None:
        """The word of ``systemctl is-system-running``; None where systemd does not run or does not say."""
        if not self.managed:
            return None
        # Its exit status says "running" or not: every other state is an answer, too.
        word = self._ask(["is-system-running"], accept=range(5)).decode("ascii", "replace").strip()
        return word if word in _STATES else None

    def stop(self, names: Sequence[str], *, wait: float) -> bool:
        """Stop units, at most ``wait`` seconds; 0: only ask for it. False: without systemd, nothing is done.

        A unit that does not exist is as good as stopped. Raises CommandError when one does
        not stop in time: systemd goes on stopping it.
        """
        return self._tell("stop", names, wait, accept=(0, _NOT_LOADED))

    def start(self, names: Sequence[str], *, wait: float) -> bool:
        """Start units, at most ``wait`` seconds; 0: only ask for it. False: without systemd, nothing is done.

        Raises CommandError when one does not exist, fails, or is not up in time.
        """
        return self._tell("start", names, wait, accept=(0,))

    def reload(self, names: Sequence[str]) -> bool:
        """Ask for the units that run to take up their files anew, and wait for nothing. False: without systemd.

        One that cannot do so is restarted; one that does not run, or exist, stays as it is.
        Raises CommandError when systemd does not take the order.
        """
        return self._tell("try-reload-or-restart", names, 0, accept=(0, _NOT_LOADED))

    def stop_before_unmounting(self, name: str, points: Sequence[str], *, wait: float) -> None:
        """Have a shutdown of this boot stop the unit ``name`` before anything at ``points`` is unmounted.

        By a drop-in that is gone after it (systemd.unit(5)), for which systemd reads its units anew, at most
        ``wait`` seconds. Raises CommandError when it does not, OSError when the drop-in cannot be written.
        """
        directory = f"{self._mark}/{name}.d"
        os.makedirs(directory, mode=0o755, exist_ok=True)
        with open(f"{directory}/mounts.conf", "w", encoding="ascii") as file:
            file.write(f"[Unit]\nAfter={' '.join(map(mount_unit, points))}\n")
        self._commands.run(["systemctl", "daemon-reload"], timeout=wait)

    def _ask(self, words: Sequence[str], *, accept: Sequence[int] = (0,)) -> bytes:
        return self._commands.run(["systemctl", *words], timeout=ANSWER, accept=accept).stdout

    def _tell(self, verb: str, names: Sequence[str], wait: float, *, accept: Sequence[int]) -> bool:
        if not self.managed:
            return False
        if names:
            how = [] if wait else ["--no-block"]
            # Nobody is there to type a password or to read a pager.
            words = ["systemctl", "--no-ask-password", *how, verb, "--", *names]
            self._commands.run(words, timeout=wait or ANSWER, accept=accept)
        return True


def mount_unit(point: str) -> str:
    """The name of the unit of a mount point: systemd.unit(5), "String Escaping for Inclusion in Unit Names"."""
    path = b"/".join(part for part in os.fsencode(point).split(b"/") if part)
    plain = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_."
    name = "".join(
        "-" if byte == ord("/") else chr(byte) if byte in plain and (at or byte != ord(".")) else f"\\x{byte:02x}"
        for at, byte in enumerate(path)
    )
    return f"{name or '-'}.mount"


def _assignments(text: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in text.split("\n"))
    return {key: value for key, equals, value in pairs if equals}
