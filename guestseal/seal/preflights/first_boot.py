"""The machine's own first boot is over

What still sets the machine up undoes the seal, or writes after it: cloud-init at work,
guestseal's own first boot on a clone that becomes a template again, or a boot that has
not come to its end (systemctl is-system-running says initializing or starting).

Remedy: wait. `systemctl is-system-running --wait` and `cloud-init status --wait` do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.guest.services.own_units import LOCAL_STAGE, NETWORK_STAGE
from guestseal.machine.host import Machine
from guestseal.seal.preflight import Concern, Preflight

UNITS = (LOCAL_STAGE, NETWORK_STAGE)
_CLOUD_INIT_TIMEOUT = 10.0


def _look(guest: Guest, machine: Machine) -> Iterator[Concern]:
    state = machine.services.system_state()
    if state in ("initializing", "starting"):
        yield Concern(
            f"the boot is not over (systemctl is-system-running: {state})",
            "wait with `systemctl is-system-running --wait`; `systemctl list-jobs` shows what it waits for",
        )
    for unit in machine.services.units(*UNITS):
        # Both stay "active" when they are done (RemainAfterExit=); while they work they are "activating".
        if unit.active == "activating":
            yield Concern(f"{unit.name} is still at work", "wait with `guestseal status --wait`")
    if guest.tree.is_file("/usr/bin/cloud-init") and _cloud_init_works(machine):
        yield Concern("cloud-init is still at work", "wait with `cloud-init status --wait`")


def _cloud_init_works(machine: Machine) -> bool:
    # Exit status: 1 an error, 2 done with recoverable errors; both say their status all the same.
    done = machine.commands.run(["cloud-init", "status"], timeout=_CLOUD_INIT_TIMEOUT, accept=(0, 1, 2))
    return re.search(rb"^status: running\b", done.stdout, re.MULTILINE) is not None


PREFLIGHT = Preflight(_look)
