"""Remove the seeds of random number generators

Clones that start from one seed start from the same numbers, and whoever reads the image
knows it. What saves a seed at shutdown makes a new one; the seed of the boot loader on
the EFI system partition must not be shared between images either (bootctl(1)). Seeds are
overwritten first.

Left on purpose: the directories. The final sweep removes what systemd-random-seed saves
at shutdown.
"""

from __future__ import annotations

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
IN_HOMES = ("{home}/.rnd", "{home}/.gnupg/random_seed")

OPERATION = Operation(kind=Kind.IDENTITY, secrets=(*SEEDS, *ON_THE_ESP, *IN_HOMES))
