"""One configuration of a network card, and whether it serves a clone's."""

from __future__ import annotations

from dataclasses import dataclass

from guestseal.errors import GuestsealError


class CannotTell(GuestsealError):
    """The guest's files do not tell what is configured: the message says why."""


@dataclass(frozen=True)
class Configuration:
    """What some program does at boot with an Ethernet card, or why it does nothing.

    ``card``: the MAC address that it is for alone; ``name``: the interface's name, or a pattern;
    empty: any. ``fixed``: it gives an address and asks for none. ``nothing``: why it serves no
    card at all.
    """

    where: str
    """The file, and what of it: for people."""
    path: str = ""
    """The guest's file that may be edited; empty: none may."""
    card: str = ""
    name: str = ""
    fixed: bool = False
    nothing: str = ""
    wanting: bool = False
    """Whether it only says that there is no configuration, and nothing of a wrong one."""

    @property
    def why(self) -> str:
        """Why it does not serve a clone's card; empty: nothing speaks against it."""
        if self.nothing:
            return self.nothing
        return f"is for the card {self.card} alone" if self.card else "gives a fixed address" if self.fixed else ""
