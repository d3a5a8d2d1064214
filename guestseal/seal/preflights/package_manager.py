"""No package manager is at work

A package manager that is interrupted by the power-off leaves half-installed packages in
every clone, and what it writes after the seal is in them, too. Looked at are running
programs (apt, dpkg, unattended-upgrades, dnf, yum, rpm, zypper, pacman, apk) and the
locks of dpkg, apt and rpm, which are only asked about and never taken. The part of
unattended-upgrades that merely waits for the shutdown does not count. A seal that a
package manager itself has started, by a package's script or a hook, is one more case of it.

Remedy: let it finish, or stop what started it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.machine.host import Machine
from guestseal.seal.preflight import Concern, Preflight

PROGRAMS = (
    *("apt", "apt-get", "aptitude", "aptitude-curses", "dpkg", "unattended-upgrade"),
    *("dnf", "dnf-3", "dnf5", "microdnf", "yum", "rpm", "zypper", "pacman", "apk"),
)
LOCKS = (  # fcntl(2) record locks; pacman's and apk's are of other kinds, their processes are seen
    "/var/lib/dpkg/lock-frontend",
    "/var/lib/dpkg/lock",
    "/var/lib/apt/lists/lock",
    "/var/cache/apt/archives/lock",
    "/var/lib/rpm/.rpm.lock",
    "/usr/lib/sysimage/rpm/.rpm.lock",
)
_WAIT = "let it finish, then run this again (on Debian and Ubuntu, {} stops the automatic ones)"
_TIMERS = "`systemctl stop apt-daily.timer apt-daily-upgrade.timer unattended-upgrades`"


def _look(guest: Guest, machine: Machine) -> Iterator[Concern]:
    running = machine.processes.running(PROGRAMS)
    above = machine.processes.ancestors() if running else frozenset()
    for process in running:
        if process.pid in above:
            yield Concern(
                f"{process.name} (pid {process.pid}) has started this seal",
                f"seal when {process.name} has ended, not from a package's script or a hook",
            )
        else:
            yield Concern(f"{process.name} is running (pid {process.pid})", _WAIT.format(_TIMERS))
    told = {process.pid for process in running}
    for path in LOCKS:
        holder = _holder(guest, machine, path)
        if holder is not None and holder not in told:
            who = f"process {holder}" if holder else "a process that is not visible from here"
            yield Concern(f"{path} is locked by {who}", _WAIT.format(_TIMERS))


def _holder(guest: Guest, machine: Machine, path: str) -> int | None:
    with guest.tree.looked_at(path, follow=True) as looked:
        if looked is None:
            return None
        with guest.tree.opened_file(path, looked, os.O_RDONLY) as fd:
            return machine.processes.lock_holder(fd)


PREFLIGHT = Preflight(_look)
