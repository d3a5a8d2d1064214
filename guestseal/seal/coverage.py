"""Which paths a seal would take away or change: what is found there needs no further word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from guestseal.guest.actions import Action, Empty, Remove


class Coverage:
    """The paths that a plan reaches, as the guest is now. Memory grows with the actions of the plan."""

    def __init__(self) -> None:
        self._itself: set[str] = set()
        self._below: set[str] = set()

    def add(self, actions: Iterable[Action]) -> None:
        """These will be done."""
        for action in actions:
            if not isinstance(action, Empty):
                self._itself.add(action.path)
            if isinstance(action, (Empty, Remove)):
                self._below.add(action.path)

    def reaches(self, path: str) -> bool:
        """Whether the plan changes ``path``, or takes it away itself or with a directory above."""
        return path in self._itself or any(above in self._below for above in _above(path))


def _above(path: str) -> Iterator[str]:
    above = path.rpartition("/")[0]
    while above:
        yield above
        above = above.rpartition("/")[0]
