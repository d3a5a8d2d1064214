"""OpenRC as files: what its runlevels start at the guest's next boot."""

from __future__ import annotations

from guestseal.guest.tree import Tree

RUNLEVELS = "/etc/runlevels"


def starts(tree: Tree, script: str) -> bool:
    """Whether a runlevel has the init script: rc-update(8)."""
    return any(tree.exists(f"{RUNLEVELS}/{level}/{script}") for level in tree.names(RUNLEVELS))
