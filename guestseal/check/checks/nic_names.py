"""The network's configuration names no card by its place in this hardware

ens3 and enp1s0 say in which slot a card sits: on another hypervisor, with another machine type
or after one more disk it is called otherwise, and the configuration serves no card. eth0 is
the kernel's name; it is one to rely on where net.ifnames=0 stands on every boot entry's command
line, or 99-default.link is masked. A name that a .link file or a rule of udev's gives to one MAC
address is no clone's. A warning: clones on one platform have the same names.

Not looked at is what serves any card, or matches a pattern as e*, and a name that is given in
another way. Where cloud-init or another agent writes the configuration of each clone, nothing is.

Mended is a single file of systemd-networkd's, or profile of NetworkManager's, with DHCP.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Fix, Inapplicable, Problem, Subject
from guestseal.guest.actions import Edit
from guestseal.guest.network import card_names
from guestseal.guest.network.bringup import survey
from guestseal.guest.network.bringup.configuration import CannotTell, Configuration
from guestseal.guest.sections import Sections
from guestseal.guest.text_files import edits, texts

_PATTERN = "match a pattern as e*"
_NETWORKD, _MANAGER = "/etc/systemd/network/", "/etc/NetworkManager/"


def _look(subject: Subject) -> Iterator[Problem]:
    serving = _serving(subject)
    # One that serves a card by any name is enough.
    if any(not _names(each) for each in serving):
        return
    kernel = card_names.keeps_kernel_names(subject.tree)
    running = set() if subject.machine is None else set(subject.machine.network.cards())
    for each in serving:
        for name in _names(each):
            given = card_names.given(subject.tree, name)
            if given is card_names.Given.ANY_CARD:
                continue
            if given is card_names.Given.ONE_CARD:
                yield _problem(each, f"names the card {name}, which only a MAC address gets", _PATTERN)
            elif card_names.is_by_place(name):
                remedy = f"{_PATTERN}, or use the kernel's names: net.ifnames=0 for the kernel, and eth0 here"
                yield _problem(each, f"names the card {name}, after its place in this hardware", remedy)
            elif card_names.is_by_order(name) and kernel is False and name not in running:
                remedy = f"{_PATTERN}, or add net.ifnames=0 to the kernel's command line"
                yield _problem(each, f"names the card {name}, and no boot entry keeps the kernel's names", remedy)


def _serving(subject: Subject) -> list[Configuration]:
    try:
        found = [each for each in survey.configurations(subject.guest) if not each.why]
    except CannotTell as reason:
        raise Inapplicable(str(reason)) from reason
    if not found:
        raise Inapplicable("no configuration serves a clone's card at all: see network")
    return found


def _names(each: Configuration) -> list[str]:
    """The names it is for; none: it serves cards by a pattern, or any."""
    names = each.name.split()
    return [] if any(character in name for name in names for character in "*?[!") else names


def _problem(each: Configuration, what: str, remedy: str) -> Problem:
    return Problem(what if each.where == each.path else f"{each.where} {what}", remedy, each.path, fails=False)


def _fix(subject: Subject) -> Fix | None:
    serving = _serving(subject)
    path = serving[0].path
    if len(serving) > 1 or not path.startswith((_NETWORKD, _MANAGER)):
        return None
    changed = [edit for path, text in texts(subject.tree, path) for edit in _edited(path, text)]
    return Fix(tuple(changed)) if changed else None


def _edited(path: str, text: str) -> Iterator[Edit]:
    if path.startswith(_NETWORKD):
        file = Sections(text)
        asks = file.last("network", "dhcp").lower() in ("yes", "true", "ipv4", "ipv6")
        named = len(file.values("match", "name")) == 1
        after = file.with_first("match", ("name",), "Name=e*").text if asks and named else text
    else:
        file = Sections(text, continued=False)
        asks = file.last("ipv4", "method") == "auto"
        after = file.without(lambda line: line.key == "interface-name").text if asks else text
    yield from edits(path, text, after, "serve Ethernet cards of any name")


CHECK = Check(_look, fix=_fix, source="systemd.net-naming-scheme(7); systemd-udevd.service(8), net.ifnames=")
