"""What a readiness check is: a value that says what would keep a clone from living.

A module of guestseal.check.checks is a check: its file name, with dashes, is the check's name; the first line
of its docstring is the heading in lists, the rest the manual; its ``CHECK`` looks. It looks
at the guest's files, and at the running machine where the guest runs. It changes nothing:
what ``fix`` plans is performed by the engine, and only when the user says so.

    \"\"\"The power button works

    A platform stops a clone by its power button. Something has to hear it …
    \"\"\"

    from guestseal.check.check import Check, Problem, Subject

    def _look(subject: Subject) -> Iterator[Problem]:
        if not subject.tree.exists("/usr/sbin/acpid"):
            yield Problem("nothing hears the power button", "install acpid")

    CHECK = Check(_look, source="acpid(8)")

A check that yields nothing passed. One that has no meaning for this guest raises
Inapplicable with the reason; it must never pass because it could not look.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable

from guestseal.check.profile import Profile
from guestseal.guest.actions import Action
from guestseal.guest.facts import Guest
from guestseal.guest.tree import Tree

if TYPE_CHECKING:
    from guestseal.machine.clock import Clock
    from guestseal.machine.host import Machine
    from guestseal.machine.storage import Storage


class Inapplicable(Exception):
    """The check has no meaning here, or cannot tell: the message says why. ``-v`` shows it."""


@dataclass(frozen=True)
class Problem:
    """One reason why a clone would not live, or the image would be refused. Holds no content that may be secret."""

    what: str
    """What was found, without a full stop: "names the disk /dev/sdb1, which a clone may not have"."""
    remedy: str
    """What the user does about it, as an order: "name it by UUID, or add nofail"."""
    path: str = ""
    line: int = 0
    """The line of ``path``, from 1; 0: none in particular."""
    fails: bool = True
    """Whether it fails the check; otherwise it is a warning. A profile may say otherwise."""


@dataclass(frozen=True)
class Subject:
    """What is looked at: a guest, as the image of a platform, and the machine it runs on."""

    guest: Guest
    profile: Profile
    machine: Machine | None = None
    """The running machine, when the guest is its system; None: the guest is a tree or a mounted image."""

    @property
    def tree(self) -> Tree:
        """The guest's files."""
        return self.guest.tree

    @property
    def live(self) -> Machine:
        """The running machine. Raises Inapplicable where the guest does not run."""
        if self.machine is None:
            raise Inapplicable("only a guest that runs can tell")
        return self.machine

    @property
    def clock(self) -> Clock:
        """The machine's time; of a tree, that of the machine that looks at it."""
        if self.machine is not None:
            return self.machine.clock
        from guestseal.machine.clock import Clock

        return Clock()

    @property
    def storage(self) -> Storage:
        """The disks of the machine that the guest is the system of, or that its image is mounted on."""
        if self.machine is not None:
            return self.machine.storage
        from guestseal.machine.commands import Commands
        from guestseal.machine.storage import Storage

        return Storage(Commands())

    @property
    def point(self) -> str:
        """Where the guest's root filesystem is mounted, if it is one and not a directory of another."""
        return self.tree.mounts.point if self.machine is None else "/"


@dataclass(frozen=True)
class Fix:
    """How a problem is mended safely: changes of files, and programs that make them count.

    The programs are the guest's own and run only where the guest is the running machine;
    for a tree, the user is told to run them.
    """

    actions: tuple[Action, ...]
    run: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Check:
    """One thing a clone needs.

    ``source`` names where the fact comes from: a manual page, a platform's documentation.
    ``profiles``: the only ones it belongs to, for rules of one platform; empty: all.
    ``fix`` plans what mends it, or None where nothing can be mended safely;
    it is asked only when ``look`` found something.
    ``judges``: the operation that reports the same. Where the check is asked, it alone tells.
    """

    look: Callable[[Subject], Iterable[Problem]]
    source: str
    fix: Callable[[Subject], Fix | None] | None = None
    profiles: tuple[str, ...] = ()
    judges: str = ""
