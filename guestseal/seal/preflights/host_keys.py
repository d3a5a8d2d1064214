"""A clone gets SSH host keys of its own

Without host keys sshd does not start; where nothing would make new ones a seal keeps the
template's, and every clone then has the same. Looked at is whether sshd is enabled, and
who makes its keys: guestseal-local.service, a unit or init script of the distribution, or
a drop-in that the seal can write (operation ssh-host-keys).

Remedy: enable guestseal-local.service.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.guest.services.own_units import LOCAL_STAGE
from guestseal.guest.ssh.host_keys import needed_drop_ins
from guestseal.guest.ssh.ssh_login import enabled
from guestseal.machine.host import Machine
from guestseal.seal.preflight import Concern, Preflight


def _look(guest: Guest, _: Machine) -> Iterator[Concern]:
    if enabled(guest.tree) and needed_drop_ins(guest.tree) is None:
        yield Concern(
            "nothing would make SSH host keys for a clone, so the template's are kept and every clone has the same",
            f"`systemctl enable {LOCAL_STAGE}`, or have `ssh-keygen -A` run before sshd starts",
        )


PREFLIGHT = Preflight(_look)
