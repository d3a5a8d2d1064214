"""Earlier states of a guest that its own files keep: whatever is deleted or overwritten stays in them."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import dataclass

from guestseal.guest.tree import Tree


@dataclass(frozen=True)
class Keeper:
    """A program that keeps earlier states, and the patterns of the paths that are one each."""

    what: str
    """Of many: "snapper snapshots"."""
    remedy: str
    patterns: tuple[str, ...]
    own: int = 0
    """So many of them are the system itself."""

    def states(self, tree: Tree) -> Sequence[str]:
        """The paths of the states it keeps, each once; links and empty files are none."""
        found = dict.fromkeys(path for pattern in self.patterns for path in tree.glob(pattern) if _holds(tree, path))
        return tuple(found) if len(found) > self.own else ()


SNAPSHOTS = (
    Keeper(
        "snapper snapshots",
        "delete them with snapper delete",
        ("/.snapshots/*/snapshot", "/*/.snapshots/*/snapshot"),
    ),
    Keeper(
        "timeshift snapshots",
        "delete them with timeshift --delete-all",
        ("/timeshift/snapshots/*", "/timeshift-btrfs/snapshots/*"),
    ),
    Keeper("snapd snapshots", "delete them with snap forget", ("/var/lib/snapd/snapshots/*.zip",)),
    Keeper(
        "ostree deployments",
        "keep one only: ostree admin undeploy",
        ("/ostree/deploy/*/deploy/*/etc",),
        own=1,
    ),
)

VERSIONS_OF_ETC = Keeper(
    "versions of /etc",
    "remove it with etckeeper uninit, and run etckeeper init on the clones",
    ("/etc/.git", "/etc/.hg", "/etc/.bzr", "/etc/_darcs"),
)


def _holds(tree: Tree, path: str) -> bool:
    info = tree.lstat(path)
    if info is None:
        return False
    return stat.S_ISDIR(info.st_mode) or (stat.S_ISREG(info.st_mode) and info.st_size > 0)
