"""Whether a guest starts a service at boot, whichever init it has."""

from __future__ import annotations

from collections.abc import Iterable

from guestseal.guest.services import openrc, units
from guestseal.guest.tree import Tree

_SYSV = ("/etc/rc[S2-5].d/S[0-9][0-9]{}", "/etc/rc.d/rc[2-5].d/S[0-9][0-9]{}")  # Debian, Red Hat


def started(tree: Tree, names: Iterable[str], scripts: Iterable[str] = ()) -> bool:
    """Whether a unit of these ``names`` is enabled, or one of the init ``scripts`` is in a runlevel."""
    if any(units.enabled(tree, name) for name in names):
        return True
    if units.runs_systemd(tree):
        return False
    return any(openrc.starts(tree, script) or _has_link(tree, script) for script in scripts)


def _has_link(tree: Tree, script: str) -> bool:
    return any(True for pattern in _SYSV for _ in tree.glob(pattern.format(script)))
