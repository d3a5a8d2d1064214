"""What a guest is: distribution family, accounts, homes; read from its own files only.

Accounts and homes come from the guest's passwd(5), by number, never from this
machine's name service: the guest may be a mounted image.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from guestseal.errors import NotEntered, Unsafe
from guestseal.guest.tree import Tree

OS_RELEASE = ("/etc/os-release", "/usr/lib/os-release")  # os-release(5): the first one found counts

_NOT_HOMES = ("bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "run", "sbin", "sys", "usr")


class Family(Enum):
    """Distributions that keep these files in the same places."""

    DEBIAN = "debian"
    REDHAT = "redhat"
    SUSE = "suse"
    ALPINE = "alpine"
    ARCH = "arch"
    OTHER = "other"


_FAMILY_OF_ID = {
    "debian": Family.DEBIAN,
    "ubuntu": Family.DEBIAN,
    "rhel": Family.REDHAT,
    "fedora": Family.REDHAT,
    "centos": Family.REDHAT,
    "suse": Family.SUSE,
    "opensuse": Family.SUSE,
    "sles": Family.SUSE,
    "alpine": Family.ALPINE,
    "arch": Family.ARCH,
}


@dataclass(frozen=True)
class Account:
    """One line of the guest's passwd(5)."""

    name: str
    uid: int
    gid: int
    home: str
    shell: str


class Guest:
    """A guest to be sealed, checked or personalised: its tree, and what the user wants of it.

    ``choices`` are the values of settings that operations read (``root-password`` …).
    ``live`` tells whether the tree is the running system's own.
    """

    def __init__(self, tree: Tree, *, choices: dict[str, str] | None = None, live: bool = False) -> None:
        self.tree = tree
        self.live = live
        self._choices = choices or {}

    def choice(self, name: str, default: str) -> str:
        """The user's value for a setting that an operation reads."""
        return self._choices.get(name, default)

    @cached_property
    def os_release(self) -> dict[str, str]:
        """The fields of os-release(5); empty when the guest has none."""
        for path in OS_RELEASE:
            content = self.tree.read(path, limit=1 << 16)
            if content is not None:
                return parse_os_release(content)
        return {}

    @cached_property
    def family(self) -> Family:
        """The distribution family, from ID and ID_LIKE."""
        ids = [self.os_release.get("ID", ""), *self.os_release.get("ID_LIKE", "").split()]
        return next((_FAMILY_OF_ID[name] for name in ids if name in _FAMILY_OF_ID), Family.OTHER)

    @cached_property
    def accounts(self) -> tuple[Account, ...]:
        """The accounts of the guest's passwd(5), malformed lines left out."""
        return tuple(parse_passwd(self.tree.read_text("/etc/passwd", limit=16 << 20) or ""))

    @cached_property
    def homes(self) -> tuple[str, ...]:
        """Every account's home directory, /root, each directory in /home and /etc/skel.

        Sorted, without links, each once. A home that is the root of the tree or lies in
        a directory of the operating system (/usr, /etc, /dev …) is nobody's.
        """
        wanted = [account.home for account in self.accounts if account.home.startswith("/")]
        wanted += ["/root", "/etc/skel", *self._in_home()]
        return tuple(sorted(set(self._real_homes(wanted))))

    def _in_home(self) -> list[str]:
        try:
            return [f"/home/{name}" for name in self.tree.names("/home")]
        except (NotEntered, Unsafe) as error:
            self.tree.pass_over(error)
            return []

    def _real_homes(self, wanted: Iterable[str]) -> Iterable[str]:
        for path in wanted:
            if _is_system(path):
                continue
            try:
                real = self.tree.resolve(path)
                if real is None or not self.tree.is_dir(real):
                    continue
            except (NotEntered, Unsafe) as error:
                self.tree.pass_over(error)
                continue
            if not _is_system(real):
                yield real


def _is_system(path: str) -> bool:
    """Whether a directory is the root or one of the operating system's, and so nobody's home."""
    top = next((name for name in path.split("/") if name not in ("", ".")), None)
    return path != "/etc/skel" and (top is None or top in _NOT_HOMES)


def parse_os_release(content: bytes) -> dict[str, str]:
    """The fields of os-release(5), by the distro library; empty when it is malformed."""
    import distro

    # The library takes a path: it is given the content that was read safely, not the guest's path.
    fd = os.memfd_create("os-release")
    try:
        os.write(fd, content)
        release = distro.LinuxDistribution(
            include_lsb=False, include_uname=False, os_release_file=f"/proc/self/fd/{fd}"
        )
        fields: dict[str, str] = release.os_release_info()
    except ValueError:  # shlex: an unbalanced quote
        return {}
    finally:
        os.close(fd)
    return {name.upper(): value for name, value in fields.items()}


def parse_passwd(text: str) -> Iterable[Account]:
    """The well-formed lines of a passwd(5) file."""
    # Not splitlines(): U+2028 and the like in a GECOS field must not begin a line.
    for line in text.split("\n"):
        fields = line.split(":")
        if len(fields) != 7 or not fields[2].isdecimal() or not fields[3].isdecimal():
            continue
        yield Account(fields[0], int(fields[2]), int(fields[3]), fields[5], fields[6])
