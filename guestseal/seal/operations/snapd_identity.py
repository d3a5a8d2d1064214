"""Report that snapd has registered this machine with its store

snapd makes a key for the machine (device/private-keys-v1) and the store gives it a serial
number, which state.json holds among everything else that snapd knows: all clones are one
device to the store. Editing that file breaks snapd, so this is reported only; Canonical's
way is an image with snaps made by ``snap prepare-image``, in which snapd has never run.

Also reported are accounts that are logged in to the store, and snapshots of snaps' data.
Downloads of snaps are cleared by package-manager-cache.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.IDENTITY,
    findings=signs(
        Sign(
            ("/var/lib/snapd/device/private-keys-v1/*",),
            "is the key under which the store knows this machine",
            "make the template with snap prepare-image, or accept that clones are one device to the store",
        ),
        Sign(
            ("/var/lib/snapd/state.json",),
            "holds the serial number that the store gave this machine, and its login",
            "make the template with snap prepare-image, or accept that clones are one device to the store",
            holds=rb'"device":\s*\{[^{}]*"serial":\s*"[^"]',
        ),
        Sign(("{home}/.snap/auth.json",), "is a login to the store", "run snap logout as this account"),
        Sign(("/var/lib/snapd/snapshots/*.zip",), "is a snapshot of snaps' data", "run snap forget"),
    ),
)
