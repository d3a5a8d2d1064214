"""A clone's network card gets an address of its own

A clone has another MAC address than its template. A configuration for the template's
address leaves its card alone; one that gives an address gives every clone the same one. One
that serves any Ethernet card by DHCP is enough. Looked at is what starts at boot:
systemd-networkd, NetworkManager, netplan, ifupdown, wicked, network-scripts, dhcpcd and ConnMan,
each as it reads its files: hidden ones and copies are nobody's, and of networkd's files the
first that matches counts. A name such as eth0 or ens3 counts as any card's here (nic-names).

Where another configuration serves the clone, a fixed address is a warning: it may be meant for a
second card. So is a guest in which no card is configured at all. Where cloud-init or another
agent writes the configuration of each clone, nothing is looked at.

Mended is a single configuration with DHCP that is for one MAC address: it becomes one for any card.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Fix, Inapplicable, Problem, Subject
from guestseal.guest.network import networkd
from guestseal.guest.network.bringup import survey
from guestseal.guest.network.bringup.configuration import CannotTell, Configuration
from guestseal.guest.network.ifcfg import SCRIPTS, WICKED
from guestseal.guest.network.netplan import Netplan
from guestseal.guest.sections import Sections
from guestseal.guest.sysconfig import without
from guestseal.guest.text_files import edits, texts

_ANY = "match any Ethernet card, by a name as e* and no MAC address"
_DHCP = "ask for the address by DHCP"


def _look(subject: Subject) -> Iterator[Problem]:
    found = _configurations(subject)
    if all(each.why for each in found):
        yield from (_problem(each, fails=not each.wanting) for each in found)
    else:
        yield from (_problem(each, fails=False) for each in found if each.fixed and not each.card)


def _configurations(subject: Subject) -> list[Configuration]:
    try:
        return survey.configurations(subject.guest)
    except CannotTell as reason:
        raise Inapplicable(str(reason)) from reason


def _problem(each: Configuration, *, fails: bool) -> Problem:
    remedy = _ANY if each.card else _DHCP if each.fixed else "let a configuration serve any Ethernet card by DHCP"
    what = each.why if each.where == each.path else f"{each.where} {each.why}"
    return Problem(what, remedy, each.path, fails=fails)


def _fix(subject: Subject) -> Fix | None:
    found = [each for each in _configurations(subject) if not each.wanting]
    if len(found) != 1 or not found[0].card or found[0].fixed or found[0].nothing:
        return None
    alone = found[0]
    for path, text in texts(subject.tree, *(path for path in (alone.path,) if path)):
        return Fix(tuple(edits(path, text, _for_any_card(path, text), "serve any Ethernet card")))
    return None


def _for_any_card(path: str, text: str) -> str:
    if path.startswith("/etc/systemd/network/"):
        return networkd.unbound(text)
    if path.startswith("/etc/netplan/"):
        file = Netplan(text)
        return file.unbound(cards_of_all=file.cards)
    if path.startswith((SCRIPTS, WICKED)):
        return without(text, lambda key, _: key == "HWADDR")
    return Sections(text, continued=False).without(lambda line: line.key == "mac-address").text


CHECK = Check(
    _look,
    fix=_fix,
    source="systemd.network(5), nm-settings-keyfile(5), interfaces(5), ifcfg(5), the netplan reference",
)
