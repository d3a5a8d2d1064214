"""Report Ignition's configuration where a copy stays on the disk

It holds everything a machine was given at its first boot: keys, pull secrets, certificates
(OpenShift's machine-config-daemon keeps it in /etc/ignition-machine-config-encapsulated.json,
Flatcar takes it from the OEM partition). Nothing is removed: a clone may be made to start
from just this.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    findings=signs(
        Sign(
            (
                "/etc/ignition-machine-config-encapsulated.json*",
                *("/boot/ignition/config.ign", "/oem/config.ign", "/usr/share/oem/config.ign"),
            ),
            "holds the configuration a machine was given at its first boot, with its secrets",
            "remove it unless clones are to start from it",
        ),
    ),
)
