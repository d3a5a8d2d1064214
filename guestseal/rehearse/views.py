"""Copy-on-write views of a guest's files: overlay mounts whose changes live in memory."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from guestseal.guest.tree import Tree
from guestseal.machine.commands import Commands

TIMEOUT = 30.0
TEMPORARY = ("/tmp", "/var/tmp")  # noqa: S108 - directories of the guest
"""What lies there is not shown: a seal removes it, and a view would keep a note of each file in memory."""


@dataclass(frozen=True)
class View:
    """One view: ``path`` shows the guest, ``layers`` (one a filesystem) hold what was changed."""

    path: Path
    layers: tuple[tuple[str, Path], ...]


class Views:
    """Views of the guest in ``source``, made below ``directory``, which must be on a tmpfs."""

    def __init__(self, source: str, directory: Path, commands: Commands) -> None:
        self._source = source.rstrip("/") or "/"
        self._directory = directory
        self._commands = commands
        with Tree(source) as tree:
            # Outer mounts first: an inner one's mount point lies on them.
            own = sorted(os.readlink(f"/proc/self/fd/{fd}") for fd in tree.mounts.own)
        points = ("/" + path[len(own[0]) :].lstrip("/") for path in own)
        self._points = tuple(point for point in points if not point.startswith(tuple(f"{each}/" for each in TEMPORARY)))

    def make(self, name: str, base: View | None = None) -> View:
        """Show the guest as it is, or as it was left in ``base`` (which must not be shown any more)."""
        top = self._directory / name / "view"
        below = dict(base.layers) if base is not None else {}
        layers = []
        for number, point in enumerate(self._points):
            layer = self._directory / name / f"layer{number}"
            for part in ("upper", "work"):
                (layer / part).mkdir(parents=True)
            lower = [str(below[point] / "upper")] if point in below else []
            lower.append(_inside(self._source, point))
            self._empty_temporary(point, layer / "upper")
            self._mount(top, point, lower, layer)
            layers.append((point, layer))
        return View(top, tuple(layers))

    def hide(self, view: View) -> None:
        """Unmount a view; what was changed in it stays in its layers."""
        self._commands.run(["umount", "--recursive", str(view.path)], timeout=TIMEOUT)

    def _empty_temporary(self, point: str, upper: Path) -> None:
        """Have a layer hide what its filesystem has in the directories for temporary files."""
        for path in TEMPORARY:
            inside = Path(_inside(self._source, path))
            below = path[len(point.rstrip("/")) :]
            if not path.startswith(f"{point.rstrip('/')}/") or path in self._points or not _is_own_directory(inside):
                continue
            info = inside.lstat()
            made = upper / below[1:]
            made.mkdir(parents=True)
            os.chown(made, info.st_uid, info.st_gid)
            made.chmod(stat.S_IMODE(info.st_mode))
            os.setxattr(made, "trusted.overlay.opaque", b"y")  # Documentation/filesystems/overlayfs.rst

    def _mount(self, top: Path, point: str, lower: list[str], layer: Path) -> None:
        target = Path(_inside(str(top), point))
        target.mkdir(parents=True, exist_ok=True)
        directories = ":".join(_escape(path) for path in lower)
        options = f"lowerdir={directories},upperdir={layer}/upper,workdir={layer}/work"
        self._commands.run(["mount", "-t", "overlay", "overlay", "-o", options, str(target)], timeout=TIMEOUT)


def _is_own_directory(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and not path.parent.is_symlink()


def _inside(top: str, point: str) -> str:
    return top if point == "/" else f"{top.rstrip('/')}{point}"


def _escape(path: str) -> str:
    # overlayfs: colons part the layers, commas part mount(8)'s options.
    return path.replace("\\", r"\\").replace(":", r"\:").replace(",", r"\,")
