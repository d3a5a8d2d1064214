"""Steps and sources for testing the runner: real values of the real types, without a machine."""

from __future__ import annotations

from collections.abc import Callable

from guestseal.catalog import Item
from guestseal.errors import Unreachable
from guestseal.firstboot.metadata import Metadata
from guestseal.firstboot.source import Source
from guestseal.firstboot.step import Clone, Result, Step, When
from guestseal.machine.clock import Deadline
from guestseal.machine.host import Machine
from guestseal.settings import Settings


def item(
    run: Callable[[Clone], Result], *, when: When = When.PER_BOOT, needs: tuple[str, ...] = (), name: str = "probe"
) -> Item[Step]:
    """A step of the network stage as the catalog would give it."""
    return Item(name, "A step", "", Step(run, when, needs))


class Notebook(Source):
    """A source that writes down what it is told, and can be out of reach."""

    name = "notebook"

    def __init__(self, *, reachable: bool = True, before_answer: Callable[[], None] = lambda: None) -> None:
        super().__init__(Machine(), Settings())
        self.confirmed: list[Metadata] = []
        self.reachable = reachable
        self._before_answer = before_answer

    def fetch(self, deadline: Deadline) -> Metadata:
        """Everything there is to say."""
        return Metadata("notebook", "here")

    def confirm(self, metadata: Metadata, deadline: Deadline) -> None:
        """Write it down."""
        self._before_answer()
        if not self.reachable:
            raise Unreachable("192.0.2.1:8080", "timed out")
        self.confirmed.append(metadata)
