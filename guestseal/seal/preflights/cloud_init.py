"""cloud-init does not set up the clones as well

Both would set host name, SSH keys and password, and whichever is second wins. On Apache
CloudStack it is worse: the virtual router gives a password once, so cloud-init takes it
and acknowledges it, and guestseal finds none. Looked at is whether cloud-init is installed
and neither /etc/cloud/cloud-init.disabled nor the kernel's command line switches it off,
while guestseal-firstboot.service is enabled.

Remedy: touch /etc/cloud/cloud-init.disabled, or let cloud-init do it and disable
guestseal-firstboot.service. Where they have different tasks, it can be forced.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.guest.services import cloud_init, units
from guestseal.guest.services.own_units import NETWORK_STAGE
from guestseal.machine.host import Machine
from guestseal.seal.preflight import Concern, Preflight


def _look(guest: Guest, _: Machine) -> Iterator[Concern]:
    if cloud_init.enabled(guest.tree) and units.enabled(guest.tree, NETWORK_STAGE):
        yield Concern(
            "cloud-init is enabled, too: it would take the clone's password first, and set the same things",
            f"`touch /etc/cloud/cloud-init.disabled`, or let cloud-init do it: `systemctl disable {NETWORK_STAGE}`",
        )


PREFLIGHT = Preflight(_look)
