"""fstab(5) line by line: what is to be mounted; what is not changed keeps every byte."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from guestseal.errors import GuestError, NotEntered
from guestseal.guest.mounts import LOCAL_FILESYSTEMS, mount_id
from guestseal.guest.tree import ENTER, Tree, reporting

PATH = "/etc/fstab"

# systemd.mount(5), nofail, noauto and x-systemd.automount; nobootwait is Upstart's (mountall(8)).
_NOT_AWAITED = frozenset(("nofail", "noauto", "x-systemd.automount", "nobootwait"))
_DEFAULTS = ("", "", "auto", "defaults")
_FIELD = re.compile(r"[^ \t]+")
_SPEC = re.compile(r"([ \t]*)([^ \t\r\n]+)(.*)", re.DOTALL)


@dataclass(frozen=True)
class Mount:
    """One line, its octal escapes undone."""

    line: int
    """From 1."""
    spec: str
    """The device, or what stands in its place."""
    point: str
    kind: str
    """The type of the filesystem; "swap"."""
    options: tuple[str, ...]

    @property
    def awaited(self) -> bool:
        """Whether a boot waits for it, and does not go on without it."""
        return not _NOT_AWAITED.intersection(self.options)

    @property
    def local(self) -> bool:
        """Whether it is on a disk of the machine's, or a directory that is bound to another place."""
        return self.kind in (*LOCAL_FILESYSTEMS, "auto") or not {"bind", "rbind"}.isdisjoint(self.options)

    @property
    def automatic(self) -> bool:
        """Whether a boot tries to mount it."""
        return "noauto" not in self.options


def read(tree: Tree) -> tuple[Mount, ...] | None:
    """The guest's mounts, in order; None: it has no fstab."""
    text = tree.read_text(PATH)
    return None if text is None else tuple(mounts(text))


def unmounted(tree: Tree) -> Iterator[tuple[str, str]]:
    """The places where a boot mounts a disk and where nothing is now, each with what that means.

    A place that holds files is none of them: a tree may have in one piece what an image has in several.
    """
    try:
        for mount in read(tree) or ():
            if mount.awaited and mount.local and mount.point.strip("/") and _holds_nothing(tree, mount.point):
                seen = f"nothing on {mount.spec} was looked at"
                yield mount.point, f"not mounted, so {seen}: mount it there and run the command again"
    except GuestError as error:
        yield error.path, error.why


def unseen(tree: Tree) -> list[str]:
    """What was not looked at, and why: filesystems that are not mounted, and what the tree passed over."""
    return [f"{path}: {why}" for path, why in sorted({**dict(unmounted(tree)), **tree.passed_over}.items())]


def mounts(text: str) -> Iterator[Mount]:
    """The mounts of a file; lines that hold none, or too little, are left out."""
    for number, line in enumerate(text.split("\n"), 1):
        fields = _FIELD.findall(line.rstrip("\r"))
        if len(fields) < 2 or fields[0].startswith("#"):
            continue
        spec, point, kind, options = map(_unescape, [*fields, *_DEFAULTS[len(fields) :]][:4])
        yield Mount(number, spec, point, kind, tuple(options.split(",")))


def with_spec(text: str, line: int, spec: str) -> str:
    """``text`` with another device in the line; the rest of it stays as it is."""
    lines = text.split("\n")
    lines[line - 1] = _SPEC.sub(lambda match: f"{match[1]}{_escape(spec)}{match[3]}", lines[line - 1], count=1)
    return "\n".join(lines)


def _holds_nothing(tree: Tree, point: str) -> bool:
    """Whether nothing is mounted at ``point`` and nothing else lies there."""
    try:
        with tree.entered(point) as fd, reporting(point):
            if fd is None:
                return True
            above = os.open("..", ENTER, dir_fd=fd)
            try:
                return mount_id(above) == mount_id(fd) and not os.listdir(fd)
            finally:
                os.close(above)
    except NotEntered:  # something is mounted there, though it is not the guest's
        return False


def _unescape(field: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda escape: chr(int(escape[1], 8) & 0xFF), field)


def _escape(field: str) -> str:
    return re.sub(r"[ \t\n\\#]", lambda found: f"\\{ord(found[0]):03o}", field)
