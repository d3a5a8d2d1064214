"""Remove the Salt minion's identity

Minions with one key and one id are one minion to the master: both get every command, and
the answers of only one are seen. Removed are minion_id, the key pair and the cache, also
those of venv-salt-minion (SUSE Manager, Uyuni); the minion makes new ones when it starts.
The master has to accept the key of each clone.

Left on purpose: minion_master.pub, by which a minion knows its master from the first
contact on, and the configuration. An id or a machine_id that is written there is reported.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

PLACES = ("/etc/salt", "/etc/venv-salt-minion")

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(
        *(f"{place}/minion_id" for place in PLACES),
        *(f"{place}/pki/minion/minion.p*" for place in PLACES),
        *("/var/cache/salt/minion/*", "/var/cache/venv-salt-minion/*"),
    ),
    findings=signs(
        Sign(
            tuple(f"{place}/{name}" for place in PLACES for name in ("minion", "minion.d/*")),
            "gives every clone the same id",
            "remove the line with id",
            holds=rb"^id:[ \t]*\S",
        ),
        Sign(
            tuple(f"{place}/grains" for place in PLACES),
            "gives every clone the same machine_id",
            "remove the line with machine_id",
            holds=rb"^machine_id:",
        ),
    ),
)
