"""The host name in the DHCP lease, for machines whose platform gives none.

Asks nobody: it reads the leases that the machine's DHCP clients keep, whichever client it
is, and takes option 12 of the interface that has the default route, with the domain of
option 15 behind it (RFC 2132 3.14, 3.17). A DHCP server does not speak for the platform:
its name is only for a machine that has none yet.
"""

from __future__ import annotations

from guestseal.errors import Absent
from guestseal.firstboot.leases import Lease, find_leases
from guestseal.firstboot.metadata import Metadata
from guestseal.firstboot.reading import Reading
from guestseal.firstboot.source import Attempt, Source
from guestseal.machine.clock import Deadline


class Dhcp(Source):
    """The leases of this machine's interfaces."""

    name = "dhcp"
    speaks_for_the_platform = False

    def fetch(self, deadline: Deadline) -> Metadata:
        """See Source.fetch. Raises Absent when no lease has a host name."""
        network = self.machine.network
        leases = find_leases(network.interfaces(), self.machine.commands, root=self.machine.root_directory)
        default = next((gateway.interface for gateway in network.gateways()), None)
        self.attempts = ()
        for lease in sorted(leases, key=lambda lease: lease.interface != default):
            where = f"{lease.provenance} ({lease.interface})"
            reading = Reading(where)
            name = reading.hostname(_full_name(lease))
            answer = "answered" if name else "; ".join(reading.remarks) or "no host name"
            self.attempts += (Attempt(self.name, where, answer, 0.0),)
            if name is not None:
                return Metadata(self.name, where, fallback_hostname=name, remarks=tuple(reading.remarks))
        raise Absent(self.name, "no lease with a host name")


def _full_name(lease: Lease) -> str | None:
    """The name with its domain; a name that has dots is whole already."""
    name, domain = (lease.hostname or "").rstrip("."), (lease.domain or "").strip(".")
    return f"{name}.{domain}" if name and domain and "." not in name else name or None


SOURCE = Dhcp
