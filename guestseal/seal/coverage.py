"""Which paths a seal would take away or change: what is found there needs no further word."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from guestseal.errors import GuestsealError
from guestseal.guest.actions import Empty, Remove
from guestseal.guest.facts import Guest
from guestseal.seal.runner import Items

log = logging.getLogger(__name__)


class Coverage:
    """The paths that a plan reaches, as the guest is now. Memory grows with the actions of the plan."""

    def __init__(self, items: Items, guest: Guest) -> None:
        self._itself: set[str] = set()
        self._below: set[str] = set()
        for item in items:
            try:
                if item.value.kept_because(guest) is not None:
                    continue
                for action in item.value.plan(guest):
                    if not isinstance(action, Empty):
                        self._itself.add(action.path)
                    if isinstance(action, (Empty, Remove)):
                        self._below.add(action.path)
            except GuestsealError as error:  # the survey tells of it
                log.debug("%s: %s", item.name, error)

    def reaches(self, path: str) -> bool:
        """Whether the plan changes ``path``, or takes it away itself or with a directory above."""
        return path in self._itself or any(above in self._below for above in _above(path))


def _above(path: str) -> Iterator[str]:
    above = path.rpartition("/")[0]
    while above:
        yield above
        above = above.rpartition("/")[0]
