"""Remove the seeds of random number generators

Clones that start from one seed start from the same numbers, and whoever reads the image
knows it. What saves a seed at shutdown makes a new one; the seed of the boot loader on
the EFI system partition must not be shared between images either (bootctl(1)). Seeds are
overwritten first.

Left on purpose: the directories. The final sweep removes what systemd-random-seed saves
at shutdown.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.patterns import quote
from guestseal.seal.operation import Kind, Operation

SEEDS = (
    "/var/lib/systemd/random-seed",
    "/var/lib/random-seed",  # RHEL 6, Arch before systemd
    "/var/lib/urandom/random-seed",  # Debian's initscripts
    "/var/lib/misc/random-seed",  # SUSE, OpenRC
    "/etc/random-seed",
    "/var/lib/seedrng/*",  # OpenRC and busybox: Alpine
    "/etc/seedrng/seed.*",  # OpenWrt's
    "/var/lib/haveged/*",
    "/var/cache/pollinate/seeded",  # pollinate.service asks for no seed while it is there: Ubuntu
    "/etc/ssl/.rnd",
)
ON_THE_ESP = ("/boot/loader/random-seed", "/efi/loader/random-seed", "/boot/efi/loader/random-seed")
IN_HOMES = (".rnd", ".gnupg/random_seed")


def _seeds(guest: Guest) -> Iterator[Action]:
    in_homes = (f"{quote(home)}/{name}" for home in guest.homes for name in IN_HOMES)
    for pattern in (*SEEDS, *ON_THE_ESP, *in_homes):
        for path in guest.tree.glob(pattern):
            yield Remove(path, secret=True)


OPERATION = Operation(kind=Kind.IDENTITY, also=_seeds)
