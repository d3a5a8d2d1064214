"""Preflight: what speaks against sealing the running machine now.

A module of guestseal.seal.preflights is a check: its file name, with dashes, is the
check's name; the first line of its docstring is the heading in lists, the rest the
manual; its ``PREFLIGHT`` looks. A check reads and changes nothing, says what it found
and what to do about it, and says nothing where it cannot tell. Only a live seal has a
preflight: an offline guest has no Machine.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Callable

from guestseal.catalog import Item, discover
from guestseal.errors import GuestsealError, Refused, printable
from guestseal.guest.facts import Guest
from guestseal.guest.tree import Tree, reporting
from guestseal.machine.host import Machine

PACKAGE = "guestseal.seal.preflights"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Concern:
    """One thing that speaks against sealing now."""

    what: str
    """What was found: "apt-get is running (pid 123)"."""
    remedy: str
    """What the user does about it."""
    forcible: bool = True
    """Whether sealing all the same makes sense."""


@dataclass(frozen=True)
class Preflight:
    """One check of the running machine before it is sealed. ``look`` changes nothing."""

    look: Callable[[Guest, Machine], Iterable[Concern]]


def preflights() -> dict[str, Item[Preflight]]:
    """Every check, by name."""
    return discover(PACKAGE, "PREFLIGHT", Preflight)


def concerns(guest: Guest, machine: Machine) -> list[tuple[str, Concern]]:
    """What all checks found, in the catalog's order, each with the name of its check; fit for a terminal.

    A check that cannot look says so in the log and no more: what it would have found is not guessed.
    """
    return [(name, concern) for name, item in preflights().items() for concern in _look(name, item, guest, machine)]


def require(found: Sequence[tuple[str, Concern]], *, force: bool) -> None:
    """Raise Refused with every concern and its remedy; ``force`` passes those that can be forced."""
    left = [(name, concern) for name, concern in found if not (force and concern.forcible)]
    if not left:
        return
    stubborn = sorted({name for name, concern in left if not concern.forcible})
    forcing = f"--force does not help against {', '.join(stubborn)}" if stubborn else "--force seals all the same"
    raise Refused(f"refused, nothing was changed: {'; '.join((*sentences(left), forcing))}")


def sentences(found: Sequence[tuple[str, Concern]]) -> list[str]:
    """The concerns for people, each with its remedy."""
    return [f"{name}: {concern.what}: {concern.remedy}" for name, concern in found]


def filesystem(tree: Tree, path: str) -> os.statvfs_result:
    """The filesystem of ``path``, or of where it would be made: statvfs(3). Raises GuestError."""
    while True:
        # A link is followed; a mount that is not the guest's is looked at without being entered.
        with tree.looked_at(path, follow=tree.readlink(path) is not None) as fd:
            if fd is not None:
                with reporting(path):
                    return os.fstatvfs(fd)
        path = path.rpartition("/")[0] or "/"


def read_only(tree: Tree, path: str) -> bool:
    """Whether nothing can be written where ``path`` is or would be."""
    return bool(filesystem(tree, path).f_flag & os.ST_RDONLY)


def _look(name: str, item: Item[Preflight], guest: Guest, machine: Machine) -> Iterator[Concern]:
    try:
        for concern in item.value.look(guest, machine):
            yield Concern(printable(concern.what), printable(concern.remedy), concern.forcible)
    except GuestsealError as error:
        log.warning("preflight %s could not look at everything: %s", name, error)
