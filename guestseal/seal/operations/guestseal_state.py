"""Remove what guestseal's first boot recorded here

A template master that is itself a clone has been personalised. What the first boot noted
then must not tell the next clones that they have been personalised already, and the hardware
that it ran on must not make unsealed clones of them. The user data of the platform that it
kept goes, too, overwritten first: it may hold passwords.

Left on purpose: sealed.json and sealing.json, which say what was sealed and are written
by the seal itself.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

_STATE = "/var/lib/guestseal"

OPERATION = Operation(
    kind=Kind.IDENTITY,
    remove=(
        f"{_STATE}/state.json",
        f"{_STATE}/hardware.json",
        f"{_STATE}/report.json",
        f"{_STATE}/metadata.json",
        f"{_STATE}/*.bad",
        f"{_STATE}/*.bad-*",
    ),
    secrets=(f"{_STATE}/user-data",),
)
