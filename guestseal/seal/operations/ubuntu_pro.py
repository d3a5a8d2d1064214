"""Remove the subscription to Ubuntu Pro

The machine token stands for a paid contract, and with the tokens for single services it lets
everybody who gets a clone use it. Removed is what ``pro detach`` removes: the tokens and the
status below /var/lib/ubuntu-advantage, apt's logins for esm.ubuntu.com, and the package
sources there, without which ``apt update`` would fail on every clone.

Images of Ubuntu Pro attach themselves anew when they boot in their cloud. Left on purpose:
the configuration, and packages that came from Ubuntu Pro.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.regular_files import regular_files
from guestseal.seal.operation import Kind, Operation

STATE = "/var/lib/ubuntu-advantage"


def _sources(guest: Guest) -> Iterator[Action]:
    for path in regular_files(guest.tree, ("/etc/apt/sources.list.d/ubuntu-*",)):
        if b"://esm.ubuntu.com/" in (guest.tree.read(path) or b""):
            yield Remove(path, secret=True)


OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(
        *(f"{STATE}/private/*", f"{STATE}/machine-token.json", f"{STATE}/machine-access-*.json", f"{STATE}/machine-id"),
        *(f"{STATE}/status.json", f"{STATE}/jobs-status.json", f"{STATE}/messages/*"),
        "/etc/apt/auth.conf.d/90ubuntu-advantage",
    ),
    also=_sources,
)
