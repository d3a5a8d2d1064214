"""What a renderer is, and what all of them tell of a link.

Each module of this package speaks to one tool: how a guest that uses it is recognised,
which files say to it what a NetworkConfig says, and which commands make the running
system take them. A file that is the tool's alone has ``guestseal`` in its name; a file of
the template's is only ever edited, where the tool documents no way to come before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from guestseal.errors import GuestError
from guestseal.guest.network.network_config import AnyAddress, AnyInterface, Link, NetworkConfig, Route
from guestseal.guest.tree import Tree

Names = Mapping[str, str]
"""The interface of this machine for a link's MAC address, or for the platform's name where it has none."""
Command = Sequence[str]
Commands = Callable[[NetworkConfig, Names], Sequence[Command]]
"""Programs to run one after the other, for these links on these interfaces."""


def _nothing(_: NetworkConfig, __: Names) -> tuple[Command, ...]:
    return ()


@dataclass(frozen=True)
class Renderer:
    """How one tool is told."""

    name: str
    used: Callable[[Tree], bool]
    """Whether this is what configures the guest's interfaces at boot."""
    files: Callable[[Tree, NetworkConfig, Names], Mapping[str, str]]
    """Path and whole content of each file to write; raises GuestError where a link has no name and needs one."""
    apply: Commands
    """What makes the running system take the files."""
    check: Commands = _nothing
    """What reads the files and says whether they can be taken, without doing it."""
    release: Commands = _nothing
    """What ends the interfaces' configuration as it was, before the files are written."""
    mode: int = 0o644
    """Of a file that is made; one of the template's keeps its own."""
    shared: tuple[str, ...] = ()
    """Files that other programs write as well: that one is different tells of no administrator."""


def mark(link: Link) -> str:
    """A word that tells a link's files from another's: its MAC address without colons, or its name."""
    return link.mac.replace(":", "") if link.mac is not None else str(link.name)


def interfaces_of(config: NetworkConfig, names: Names, *, tool: str) -> list[str]:
    """The interfaces of all links on this machine."""
    return [interface_of(link, names, tool=tool) for link in config.links]


def interface_of(link: Link, names: Names, *, tool: str) -> str:
    """The link's interface on this machine, for a tool that knows interfaces by name only."""
    found = names.get(link.mac or "") or names.get(link.name or "") or link.name
    if found is None:
        raise GuestError(tool, "knows interfaces by their names, and the platform gives only a MAC address")
    return found


def on_link(link: Link, route: Route) -> bool:
    """Whether the gateway is beside the link though none of its own networks holds it, as with a /32 address."""
    return not route.via.is_link_local and not any(route.via in own.network for own in link.addresses)


def is_default(route: Route) -> bool:
    """Whether it is the way to everywhere."""
    return route.to.prefixlen == 0


def own_of(link: Link, version: int) -> list[AnyInterface]:
    """The link's addresses of one family."""
    return [own for own in link.addresses if own.version == version]


def routes_of(link: Link, version: int) -> list[Route]:
    """The link's routes of one family."""
    return [route for route in link.routes if route.via.version == version]


def servers_of(link: Link, version: int) -> list[AnyAddress]:
    """The link's name servers of one family."""
    return [server for server in link.nameservers if server.version == version]
