"""What a step is: a value in one module of guestseal.firstboot.steps.local or .network.

A module there is a step: its folder is the stage that runs it, its file name the step's
name, its docstring the manual, its ``STEP`` says how often it runs and what it needs. A
step applies one thing and verifies it; the runner saves what it remembers and, after
that, acknowledges to the source. A step that fails raises a GuestsealError and stops no other step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from guestseal.guest.facts import Guest
from guestseal.guest.root import Root
from guestseal.machine.host import Machine
from guestseal.settings import Settings

if TYPE_CHECKING:
    from guestseal.firstboot.metadata import Metadata


class Stage(Enum):
    """Which of the two units runs a step: the name of the steps' folder."""

    LOCAL = "local"
    """Before sysinit.target, without any network."""
    NETWORK = "network"
    """With the network up, before logins are possible."""


class When(Enum):
    """How often a step runs."""

    PER_CLONE = "once per clone"
    """Until it has succeeded once; after that only the seal of another template repeats it."""
    PER_BOOT = "every boot"


def _not_kept(memory: Mapping[str, str]) -> None:
    """What becomes of a step's memory where no runner keeps it."""


@dataclass(frozen=True)
class Clone:
    """What a step works on. ``metadata`` is None in the local stage."""

    root: Root
    guest: Guest
    machine: Machine
    settings: Settings
    metadata: Metadata | None = None
    live: bool = True
    """The tree is the running machine's own: the kernel's host name is set as well."""
    memory: Mapping[str, str] = field(default_factory=dict)
    """What this step remembered at its last success on this clone, or with ``remember`` since."""
    remember: Callable[[Mapping[str, str]], None] = _not_kept
    """Put a memory on the disk before the step has succeeded, for what must not be done again after a power cut:
    when this returns, the next boot finds it in ``memory``. Raises GuestError."""


@dataclass(frozen=True)
class Result:
    """What a step did. ``detail`` is one line for people and holds no secret."""

    changed: bool
    detail: str
    memory: Mapping[str, str] = field(default_factory=dict)
    """What to remember on this clone; replaces what the step remembered before."""
    acknowledge: bool = False
    """The platform's password is set and verified: tell those who offered it, once this is saved."""
    warnings: tuple[str, ...] = ()
    complete: bool = True
    """False: it holds until power-off only, so the boot is degraded and what is missing is tried again."""


@dataclass(frozen=True)
class Step:
    """One thing a clone makes its own."""

    run: Callable[[Clone], Result]
    when: When
    needs: tuple[str, ...] = ()
    """Fields of the metadata; without any of them saying something the step does not run."""
    after: tuple[str, ...] = ()
    """Steps that run before it."""
