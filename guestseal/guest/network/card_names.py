"""What a guest calls its network cards at boot: after the order they are found in, or after their place.

Sources: systemd.net-naming-scheme(7); systemd-udevd.service(8) for net.ifnames=; systemd.link(5).
biosdevname=0 makes no difference in a virtual machine: biosdevname(1) names nothing there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from guestseal.guest.boot import boot_entries
from guestseal.guest.boot.kernel_command_line import values
from guestseal.guest.network.bringup.placed_files import placed
from guestseal.guest.network.cards import holds_mac
from guestseal.guest.sections import Sections
from guestseal.guest.services import units
from guestseal.guest.tree import Tree

_MASKS = ("/etc/systemd/network/99-default.link", "/etc/udev/rules.d/80-net-setup-link.rules")
_BY_PLACE = re.compile(r"en(?:o\d|p\d|P\d|s\d|x[0-9a-f]|b\d|c\d|d|i\d|v\d|u\d|X\d).*|em\d.*|p\d+p\d+.*")
_NAMED = re.compile(r"\bNAME:?=\"([\w.-]+)\"")
_BY_ORDER = re.compile(r"eth\d+")


class Given(Enum):
    """Which card gets a name."""

    ONE_CARD = "the one with a certain MAC address"
    ANY_CARD = "one that fits in another way"


def is_by_place(name: str) -> bool:
    """Whether it is a name that tells the card's place in the hardware: ens3, enp1s0, eno1."""
    return _BY_PLACE.fullmatch(name) is not None


def is_by_order(name: str) -> bool:
    """Whether it is a name that the kernel gives: eth0."""
    return _BY_ORDER.fullmatch(name) is not None


def keeps_kernel_names(tree: Tree) -> bool | None:
    """Whether cards keep the kernel's names at the next boot; None: no boot entry was found that tells."""
    if not units.runs_systemd(tree) or any(tree.readlink(path) == "/dev/null" for path in _MASKS):
        return True
    entries = boot_entries.entries(tree)
    if not entries:
        return None
    return all(values(each.text, "net.ifnames")[-1:] == ["0"] for each in entries)


def given(tree: Tree, name: str) -> Given | None:
    """Which card a .link file or a rule of udev's gives this name; None: none does."""
    found = {by for by, names in _givers(tree) if name in names}
    return Given.ANY_CARD if Given.ANY_CARD in found else Given.ONE_CARD if found else None


def _givers(tree: Tree) -> Iterator[tuple[Given, list[str]]]:
    for file in placed("/systemd/network", tree, None, suffix=".link"):
        link = Sections(file.text())
        one = link.values("match", "macaddress", "permanentmacaddress")
        yield (Given.ONE_CARD if one else Given.ANY_CARD), link.values("link", "name")
    for file in placed("/udev/rules.d", tree, None, suffix=".rules"):
        for line in file.text().split("\n"):
            if not line.lstrip().startswith("#"):
                yield (Given.ONE_CARD if holds_mac(line) else Given.ANY_CARD), _NAMED.findall(line)
