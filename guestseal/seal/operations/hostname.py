"""Make the hostname localhost again

A clone that keeps the template's name takes its place in DNS, DHCP and monitoring.
With "localhost" the name that the first boot or a DHCP server gives counts.

/etc/hostname and SUSE's /etc/HOSTNAME become "localhost", and so do HOSTNAME= in RHEL 6's
/etc/sysconfig/network and hostname= in OpenRC's /etc/conf.d/hostname. In /etc/hosts the
template's names go, with lines that hold no other (127.0.1.1); localhost stays or is added.

Left on purpose: an empty /etc/hostname, localhost.localdomain, other lines of /etc/hosts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from guestseal.guest.actions import Action, Edit
from guestseal.guest.facts import Guest
from guestseal.guest.network.hosts import is_local, names_of, with_line, without_names
from guestseal.seal.operation import Kind, Operation

# hostname(5): the first line that is neither blank nor a comment is the name.
_LINE = re.compile(r"\A((?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*)([^\s#]+)")
_SETTING = re.compile(r"^([ \t]*(?:export[ \t]+)?HOSTNAME=[\"']?)([^\"'\s#]+)", re.IGNORECASE | re.MULTILINE)
# The place of the name itself last: a seal that was interrupted still knows what it looks for.
_SAID_IN = {"/etc/sysconfig/network": _SETTING, "/etc/conf.d/hostname": _SETTING}
_SAID_IN.update({"/etc/HOSTNAME": _LINE, "/etc/hostname": _LINE})


def _edits(guest: Guest) -> Iterator[Action]:
    said = {path: (text, _SAID_IN[name]) for path, name, text in _files(guest, _SAID_IN)}
    found = {match[2] for text, pattern in said.values() for match in pattern.finditer(text)}
    names = {form for name in found if not is_local(name) for form in (name, name.partition(".")[0])}
    after = {path: (text, _hosts(text, names)) for path, _, text in _files(guest, ("/etc/hosts",))}
    for path, (text, pattern) in said.items():
        new = pattern.sub(lambda match: match[0] if is_local(match[2]) else match[1] + "localhost", text)
        after[path] = text, new if new == text or new.endswith("\n") else new + "\n"
    for path, texts in after.items():
        if texts[0] != texts[1]:
            old, changed = (text.encode("utf-8", "surrogateescape") for text in texts)
            yield Edit(path, old, changed, "localhost in the place of this machine's name")


def _files(guest: Guest, names: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Where each file really lies (SUSE's HOSTNAME may lead to hostname), its name, its text."""
    for name in names:
        path = guest.tree.resolve(name)
        if path is not None and guest.tree.is_file(path):
            yield path, name, (guest.tree.read(path) or b"").decode("utf-8", "surrogateescape")


def _hosts(text: str, names: set[str]) -> str:
    after = without_names(text, names)
    if not any("localhost" in names_of(after, address) for address in ("127.0.0.1", "127.0.1.1")):
        after = with_line(after, "127.0.0.1", ["localhost"])
    return with_line(after, "::1", ["localhost"]) if names_of(text, "::1") and not names_of(after, "::1") else after


OPERATION = Operation(kind=Kind.IDENTITY, also=_edits)
