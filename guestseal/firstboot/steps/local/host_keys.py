"""Give the clone SSH host keys of its own.

Runs once per clone, before any network and before sshd. For every HostKey that sshd would
load a new pair is made: ed25519 first, RSA, which may take seconds, last; DSA never. Where
only ssh-keygen is installed they are made as well: an sshd that user-data or an
administrator installs later then finds keys that no other clone has. Where there is
neither, it makes its own, and what the template's left is removed. A pair is made in a
private directory beside its place, checked, written to the disk and renamed into place, so
that a power cut leaves the old key or the new one, and the next boot makes all of them
again. What the template still had is replaced.

A type that cannot be made (ed25519 in FIPS mode) is a warning as long as another one was;
the template's key of that type is then removed, because all clones share it. The step
fails when no key could be made.

After that first success the keys belong to the machine: later boots leave them alone,
whatever becomes of metadata or state, and a key that the administrator deletes stays
deleted. Run once more on purpose, the step makes only the keys that are missing or empty.
An sshd that runs already, when the step succeeds later than at the first boot, is reloaded.

Private keys are root's with mode 0600. Where ssh-keysign(8) is set-group-ID, as on
Enterprise Linux before OpenSSH 9, they are its group's with mode 0640: sshd needs no
group, but host-based logins *from* the machine would fail without it.
"""

from __future__ import annotations

import re
import stat
from binascii import b2a_base64
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from guestseal.errors import CommandError, GuestError, GuestsealError, NotEntered
from guestseal.firstboot.step import Clone, Result, Step, When
from guestseal.guest.identity import fingerprint
from guestseal.guest.root import Root
from guestseal.guest.ssh.private_keys import public_half
from guestseal.guest.ssh.ssh_login import installed
from guestseal.guest.ssh.sshd_config import SshdConfig
from guestseal.guest.staging import Staging, staged
from guestseal.guest.tree import Tree
from guestseal.machine.selinux import relabel

if TYPE_CHECKING:
    from guestseal.machine.commands import Commands

ORDER = ("ed25519", "ecdsa", "rsa")
TIMEOUT = 90.0
"""Seconds for one key: RSA takes 20 on an emulated processor, and the unit's whole time is 120."""

_SSHD_UNITS = ("ssh.service", "sshd.service")  # Debian's name and everybody else's
_KEYSIGN = "/usr/libexec/openssh/ssh-keysign"


def run(clone: Clone) -> Result:
    """Make the pairs. Raises CommandError or GuestError when none could be made, or a template's key stays."""
    root = clone.root
    has_sshd = installed(root)
    paths = [path for path in _host_keys(root) if has_sshd or root.is_dir(path.rpartition("/")[0])]
    if clone.memory:
        paths = [path for path in paths if _is_missing(root, path)]
    made: dict[str, str] = {}
    failed: dict[str, GuestsealError] = {}
    for path in paths:
        try:
            made[path] = _make(clone, path)
        except GuestsealError as error:
            failed[path] = error
    if failed and not made:
        return _without_any(root, failed, needed=has_sshd)
    warnings = [_withdraw(root, path, error) for path, error in failed.items()]
    warnings += [
        f"{path} certifies another key: have the new one signed, or sshd shows none"
        for path in _certificates(root, made)
    ]
    if clone.live:
        warnings += relabel(clone.machine.commands, [name for path in made for name in (path, f"{path}.pub")])
        warnings += _reload_sshd(clone) if made else []
    detail = f"made {', '.join(_kind(path) or path for path in made)}" if made else "nothing to make"
    return Result(bool(made), detail, memory={**clone.memory, **made}, warnings=tuple(warnings))


def _host_keys(tree: Tree) -> list[str]:
    """The keys sshd would load, in the order of making them."""
    return sorted(SshdConfig.read(tree).host_keys, key=lambda path: (*ORDER, None).index(_kind(path)))


def _kind(path: str) -> str | None:
    """The type of the key that belongs at ``path``: what its name tells, ed25519 by default; None: DSA."""
    found = re.search("ed25519|ecdsa|rsa|dsa", path.rpartition("/")[2])
    kind = found.group() if found else ORDER[0]
    return kind if kind in ORDER else None


def _is_missing(tree: Tree, path: str) -> bool:
    info = tree.lstat(path)
    return info is None or (stat.S_ISREG(info.st_mode) and info.st_size == 0)


def _make(clone: Clone, path: str) -> str:
    """Make the pair at ``path`` and give back the fingerprint of its public key."""
    kind = _kind(path)
    if kind is None:
        raise GuestError(path, "not made: DSA is not secure, and sshd has dropped it")
    root = clone.root
    place = root.resolve(path) or path  # a link to where keys are kept stays one
    directory, _, name = place.rpartition("/")
    if not root.is_dir(directory or "/"):
        raise GuestError(path, "not made: its directory does not exist")
    group, mode = _readers(root)
    with staged(root, directory) as staging:
        public = _generate(clone.machine.commands, staging, kind, name)
        staging.settle(name, mode=mode, owner=(0, group))
        staging.settle(f"{name}.pub", mode=0o644, owner=(0, 0))
        # The private key first: what the template's opens ends here, and sshd can do without the public one.
        staging.place(name, place)
        staging.place(f"{name}.pub", f"{place}.pub")
    return public


def _generate(commands: Commands, staging: Staging, kind: str, name: str) -> str:
    """Make a pair in ``staging`` and prove that it is one; the fingerprint of its public key."""
    target = f"/proc/self/fd/{staging.fd}/{name}"
    commands.run(
        ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "", "-f", target],
        timeout=TIMEOUT,
        descriptors=(staging.fd,),
    )
    private = staging.root.read(f"{staging.path}/{name}") or b""
    public = (staging.root.read_text(f"{staging.path}/{name}.pub") or "").split()
    half = public_half(private)
    if half is None or len(public) < 2 or public[1] != b2a_base64(half, newline=False).decode():
        raise GuestError(f"{staging.path}/{name}", "ssh-keygen made a pair that is not whole, or does not fit")
    return fingerprint(" ".join(public)) or ""


def _reload_sshd(clone: Clone) -> list[str]:
    """Have an sshd that runs show the keys that were made: it has the old ones in memory. Warnings.

    Waiting for it could last until the unit's time is over: sshd is ordered after this stage.
    """
    try:
        clone.machine.services.reload(_SSHD_UNITS)
    except CommandError as error:
        return [f"an sshd that runs shows its old keys until it is restarted: {error}"]
    return []


def _readers(tree: Tree) -> tuple[int, int]:
    """The group that private keys belong to, and their mode."""
    keysign = tree.stat(_KEYSIGN)
    if keysign is not None and keysign.st_mode & stat.S_ISGID and keysign.st_gid:
        return keysign.st_gid, 0o640
    return 0, 0o600


def _certificates(root: Root, made: Collection[str]) -> list[str]:
    """The certificates of the keys that ``made`` replaced: those beside them, and those that sshd would show."""
    named = (*(f"{path}-cert.pub" for path in made), *SshdConfig.read(root).host_certificates)
    return [path for path in dict.fromkeys(named) if made and root.lstat(path) is not None]


def _without_any(root: Root, failed: Mapping[str, GuestsealError], *, needed: bool) -> Result:
    """What to say when no key was made: an error, unless there is neither an sshd nor an ssh-keygen.

    Then the keys of an sshd that is gone go as well: one that is installed later would take them for its own.
    """
    errors = list(failed.values())
    if needed or not all(isinstance(error.__cause__, FileNotFoundError) for error in errors):
        raise errors[0]
    stale = {path: error for path, error in failed.items() if root.lstat(path) is not None}
    warnings = tuple(_withdraw(root, path, error) for path, error in stale.items())
    return Result(bool(stale), "sshd is not installed", warnings=warnings)


def _withdraw(root: Root, path: str, error: GuestsealError) -> str:
    """Remove the template's key where no new one could be made: every clone has that one. A warning.

    Raises GuestError when a key of the template's stays.
    """
    if isinstance(error, NotEntered):  # a key on somebody else's mount did not come with the template
        return f"no host key at {path}: {error}"
    said = f"no {_kind(path) or 'DSA'} host key: {error}"
    place = root.resolve(path) or path
    for name in (place, f"{place}.pub"):
        info = root.lstat(name)
        if info is not None and stat.S_ISREG(info.st_mode):
            root.remove(name)
            said = f"no {_kind(path) or 'DSA'} host key, and the template's removed: {error}"
    return said


STEP = Step(run=run, when=When.PER_CLONE)
