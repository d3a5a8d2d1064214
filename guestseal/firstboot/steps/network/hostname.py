"""Give the clone the host name the platform knows it by.

Runs on every boot with metadata, and writes only when the platform's name is another
one than was applied last: a machine that is renamed on the platform is renamed at its
next boot. A name that the administrator has set since then stays; when the platform's
name changes as well, that is a warning, and the administrator's stays.

A platform that gives no name leaves it to the network's: the name of a DHCP lease is
taken as long as the machine has none but localhost, and never replaces another one. The
platform's, once there is one, replaces the lease's.

/etc/hostname gets the whole name on Fedora, Enterprise Linux and their kin, whose tools
expect the domain there, and the part before the first dot everywhere else, as
hostname(5) and Debian want it. Debian and its kin find their own name and domain in
/etc/hosts: its 127.0.1.1 line begins with them, and no other line is touched. The
kernel's name is set as well, first: where /etc/hostname cannot be written (a container's
is a mount of its own), the name holds until power-off at least, and the boot is degraded.

NetworkManager, systemd-networkd and the DHCP clients change no name that stands in
/etc/hostname: what their settings are about (NetworkManager.conf(5), hostname-mode) is
the name of a machine without one. A name that the template had and cloud-init is told to
keep (preserve_hostname) stays.
"""

from __future__ import annotations

import os
import re

from guestseal.errors import Changed, GuestError, Malformed, printable
from guestseal.firstboot.step import Clone, Result, Step, When
from guestseal.guest.facts import Family
from guestseal.guest.network.hosts import is_local, names_of, with_line, without_names
from guestseal.guest.root import Root
from guestseal.guest.services import cloud_init
from guestseal.machine.selinux import relabel

HOSTNAME = "/etc/hostname"
HOSTS = "/etc/hosts"
OWN_ADDRESS = "127.0.1.1"
NAME_MAX = 64  # hostname(7), HOST_NAME_MAX
PLATFORM, LEASE = "platform", "lease"  # in the memory: whose name was applied

_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*")
_HOSTS_LIMIT = 16 << 20  # lists of blocked hosts run to megabytes


def run(clone: Clone) -> Result:
    """Apply the name and read it back. Raises Malformed for what is no host name, GuestError when it is not written."""
    kind, full = _said(clone)
    # Which part of it belongs into the file was decided when it was applied.
    as_before = clone.memory.get("name") if clone.memory.get(kind) == full else None
    name = as_before or _static(clone, full)
    try:
        return _apply(clone, kind, full, name)
    except GuestError as error:
        if kind == LEASE or error.path != HOSTNAME or not clone.live:
            raise
        changed = clone.machine.hostname() != name
        if _tell_kernel(clone, name):
            raise
        return Result(changed, f"{name} until power-off", memory=clone.memory, warnings=(str(error),), complete=False)


def _apply(clone: Clone, kind: str, full: str, name: str) -> Result:
    """As ``run``; the error has the path of what could not be read or written."""
    current = _current(clone.root)
    memory = {kind: full, "name": name}
    stays = _platforms_conflict(clone, full, name, current) if kind == PLATFORM else _named(clone, name, current)
    if stays is not None:
        return stays
    if clone.memory == memory and current == name:
        return Result(False, f"{name}, as before", memory=memory)
    warnings = _tell_kernel(clone, name)
    if current != name:
        warnings += _write_name(clone, name)
    changed = current != name
    if clone.guest.family is Family.DEBIAN:
        old = [current, *(clone.memory.get(kind, "") for kind in (PLATFORM, LEASE))]
        new = clone.root.lstat(HOSTS) is None
        changed |= _write_hosts(clone.root, list(dict.fromkeys((full, name))), old)
        if new and clone.live:
            warnings += relabel(clone.machine.commands, [HOSTS])
    return Result(changed, name, memory=memory, warnings=tuple(warnings))


def _said(clone: Clone) -> tuple[str, str]:
    """Whose name and the name, checked once more: it becomes a line of two files."""
    metadata = clone.metadata
    lease = metadata is not None and metadata.hostname is None
    name = None if metadata is None else metadata.fallback_hostname if lease else metadata.hostname
    if metadata is None or name is None or not _NAME.fullmatch(name) or is_local(name):
        address = metadata.address if metadata is not None else "metadata"
        raise Malformed(address, f"{printable(str(name))} cannot be this machine's name: nothing was changed")
    return (LEASE if lease else PLATFORM), name


def _platforms_conflict(clone: Clone, full: str, name: str, current: str) -> Result | None:
    """What to say where the administrator has named the machine since the last name was applied."""
    applied = clone.memory.get("name")
    if current in ("", "localhost", applied, name):
        return None
    if applied is None:
        return _templates_name(clone, name, current)
    conflict = f"the platform calls this machine {name}; write that into {HOSTNAME} to accept it"
    warnings = [] if clone.memory.get(PLATFORM) == full else [conflict]
    detail = f"{printable(current)}, set on this machine, stays"
    return Result(False, detail, memory=clone.memory, warnings=tuple(warnings))


def _templates_name(clone: Clone, name: str, current: str) -> Result | None:
    """What to say where the template's own name is one that cloud-init is told to keep."""
    path = cloud_init.preserves_hostname(clone.root)
    if path is None or is_local(current):
        return None
    warning = f"the platform calls this machine {name}; take preserve_hostname out of {path} to accept it"
    return Result(False, f"{printable(current)}, the template's, stays", memory=clone.memory, warnings=(warning,))


def _named(clone: Clone, name: str, current: str) -> Result | None:
    """What to say where the machine has a name already, which a lease's must not replace."""
    if PLATFORM not in clone.memory and (current in ("", name) or is_local(current)):
        return None
    return Result(
        False, f"{printable(current)} stays; a lease's name is for a machine without one", memory=clone.memory
    )


def _static(clone: Clone, full: str) -> str:
    """What belongs into /etc/hostname; a whole name longer than the kernel takes is cut at its first dot."""
    whole = clone.guest.family is Family.REDHAT and len(full) <= NAME_MAX
    return full if whole else full.partition(".")[0]


def _current(root: Root) -> str:
    """The static name; "" without one. hostname(5): comments and blank lines do not count."""
    lines = (line.strip() for line in (root.read_text(HOSTNAME) or "").splitlines())
    return next((line for line in lines if line and not line.startswith("#")), "")


def _tell_kernel(clone: Clone, name: str) -> list[str]:
    if not clone.live or clone.machine.hostname() == name:
        return []
    try:
        clone.machine.set_hostname(name)
    except OSError as error:
        return [
            f"the kernel keeps the name {printable(clone.machine.hostname())} until the next boot: {error.strerror}"
        ]
    return []


def _write_name(clone: Clone, name: str) -> list[str]:
    """Write the static name; warnings."""
    root = clone.root
    if not root.is_dir("/etc"):
        raise GuestError("/etc", "does not exist: this is no system that could have a name")
    new = root.lstat(HOSTNAME) is None
    root.replace(HOSTNAME, f"{name}\n".encode())
    if _current(root) != name:
        raise Changed(HOSTNAME, "not what was written to it a moment ago")
    return list(relabel(clone.machine.commands, [HOSTNAME])) if clone.live and new else []


def _write_hosts(root: Root, names: list[str], old: list[str]) -> bool:
    """Begin the line of this machine's own address with ``names``, without ``old``; whether that changed anything."""
    before = root.read(HOSTS, limit=_HOSTS_LIMIT)
    text = "127.0.0.1\tlocalhost\n" if before is None else os.fsdecode(before)
    if names_of(text, OWN_ADDRESS)[: len(names)] == names:
        return False
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    kept = "".join(without_names(line, old) if line.split()[:1] == [OWN_ADDRESS] else line for line in lines)
    root.replace(HOSTS, os.fsencode(with_line(kept, OWN_ADDRESS, names)), expected=before)
    return True


STEP = Step(run=run, when=When.PER_BOOT, needs=("hostname", "fallback_hostname"))
