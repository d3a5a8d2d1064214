"""Which paths a seal would take away or change: what is found there needs no further word."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from guestseal.errors import GuestError, GuestsealError
from guestseal.guest.actions import Action, Empty, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.protected import Door
from guestseal.seal.runner import Items

log = logging.getLogger(__name__)


class Coverage:
    """The paths that a plan reaches, as the guest is now. Memory grows with the actions of the plan.

    An operation that plans to touch what is protected reaches nothing: none of it is done.
    """

    def __init__(self, items: Items, guest: Guest) -> None:
        self._itself: set[str] = set()
        self._below: set[str] = set()
        door = Door(guest.tree)
        for item in items:
            try:
                if item.value.kept_because(guest) is not None:
                    continue
                actions = [action for action in item.value.plan(guest) if _may_be_done(door, action)]
            except GuestsealError as error:  # the survey tells of it
                log.debug("%s: %s", item.name, error)
                continue
            self._itself.update(action.path for action in actions if not isinstance(action, Empty))
            self._below.update(action.path for action in actions if isinstance(action, (Empty, Remove)))

    def reaches(self, path: str) -> bool:
        """Whether the plan changes ``path``, or takes it away itself or with a directory above."""
        return path in self._itself or any(above in self._below for above in _above(path))


def _may_be_done(door: Door, action: Action) -> bool:
    """Whether an action will be tried. Raises Untouchable where it takes its whole operation with it."""
    try:
        door.require(action)
    except GuestError:
        return False
    return True


def _above(path: str) -> Iterator[str]:
    above = path.rpartition("/")[0]
    while above:
        yield above
        above = above.rpartition("/")[0]
