"""Empty a generated /etc/resolv.conf

It names the name servers and the domains of the network where the template was built. A file that
NetworkManager, dhclient, dhcpcd or cloud-init wrote is truncated: each writes it anew as soon as a
clone has an address. resolvconf's copy of the file it took the place of is truncated as well, since it is
added to what clones are given.

Reported is a file that names name servers and was written by hand, or that chattr protects.

Left on purpose: links (systemd-resolved's, resolvconf's, SUSE's netconfig's), a file
without name servers of a network, resolvconf's head and base.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Truncate
from guestseal.guest.facts import Guest
from guestseal.guest.network.resolv_conf import PATH, Written, written
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation


def _generated(guest: Guest) -> Iterator[Action]:
    if written(guest.tree) is Written.GENERATED:
        yield Truncate(PATH)


def _found(guest: Guest) -> Iterator[Finding]:
    how = written(guest.tree)
    if how in (Written.BY_HAND, Written.PROTECTED):
        why = "chattr protects it" if how is Written.PROTECTED else "nothing in it says that a program wrote it"
        yield Finding(PATH, f"names name servers, and {why}", "empty it unless clones are to use them")


OPERATION = Operation(
    kind=Kind.IDENTITY,
    # resolvconf's postinst: tail is a link to it, so that every file it makes ends with it.
    truncate=("/etc/resolvconf/resolv.conf.d/original",),
    also=_generated,
    findings=_found,
)
