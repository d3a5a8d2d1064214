"""Files that the vendor, this boot and the administrator may have: those in use, by name.

A file in /run takes the place of the vendor's, one in /etc of both: systemd.network(5),
NetworkManager.conf(5). Names that begin with a dot or end with a tilde are read by neither:
``hidden_or_backup_file`` in systemd, ``nms_keyfile_utils`` in NetworkManager.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass

from guestseal.guest.tree import Tree

VENDOR = ("/usr/lib", "/usr/local/lib", "/lib")


@dataclass(frozen=True)
class PlacedFile:
    """A file of the guest's, or of its /run; ``where`` is its path for people."""

    tree: Tree
    path: str
    where: str

    @property
    def name(self) -> str:
        """Its own name."""
        return self.path.rpartition("/")[2]

    @property
    def own(self) -> str:
        """Its path in the guest's /etc; empty: it is the vendor's or this boot's."""
        return self.path if self.where == self.path and self.path.startswith("/etc/") else ""

    def text(self) -> str:
        """What it holds; nothing where it is masked."""
        return self.tree.read_text(self.path) or "" if self.tree.is_file(self.path) else ""

    def is_roots_alone(self) -> bool:
        """Whether it is root's, and no one else may do anything with it."""
        info = self.tree.stat(self.path)
        return info is not None and info.st_uid == 0 and not info.st_mode & (stat.S_IRWXG | stat.S_IRWXO)


def placed(below: str, tree: Tree, run: Tree | None, *, suffix: str = "") -> list[PlacedFile]:
    """The files of the directory ``below`` /etc, /run and the vendor's, sorted by name; ``run`` is the guest's /run."""
    places = [(tree, f"{top}{below}", f"{top}{below}") for top in reversed(VENDOR)]
    if run is not None:
        places.append((run, below, f"/run{below}"))
    places.append((tree, f"/etc{below}", f"/etc{below}"))
    found: dict[str, PlacedFile] = {}
    for place, inside, shown in places:
        for name in _names(place, inside, suffix):
            found[name] = PlacedFile(place, f"{inside}/{name}", f"{shown}/{name}")
    return [found[name] for name in sorted(found)]


def _names(tree: Tree, directory: str, suffix: str) -> Iterator[str]:
    for name in tree.names(directory):
        if name.endswith(suffix) and not name.startswith(".") and not name.endswith("~"):
            yield name
