"""Remove pacman's key ring with its own master key

pacman-key(8) makes a key on each machine, with which it says what keys of packagers it
trusts. Whoever has one clone has the master key of all, and packages they sign are
accepted everywhere. The whole key ring is overwritten and removed.

It goes only where pacman-init.service, which Arch's cloud images have, is enabled and makes
a new one. That unit runs at what systemd calls a first boot, and a clone's is not one: a
drop-in, pacman-init.service.d/guestseal-keyring.conf, has it run until it has succeeded.
Elsewhere the key ring is kept: pacman could install nothing.

Left on purpose: the directory itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Replace
from guestseal.guest.facts import Guest
from guestseal.guest.services import units
from guestseal.seal.operation import Guard, Kind, Operation

UNIT = "pacman-init.service"  # archlinux/arch-boxes, images/base.sh
RING = "/etc/pacman.d/gnupg"
DROP_IN = f"/etc/systemd/system/{UNIT}.d/guestseal-keyring.conf"
# systemd.unit(5): an empty condition resets all of them. Both programs can be run again after a power cut.
CONTENT = f"""# Written by guestseal: each clone makes its own key ring.
[Unit]
ConditionFirstBoot=
ConditionPathExists=!{RING}/.guestseal-done

[Service]
ExecStartPost=/usr/bin/touch {RING}/.guestseal-done
""".encode()


def _drop_in(guest: Guest) -> Iterator[Action]:
    tree = guest.tree
    if any(tree.glob(f"{RING}/*")) and not (tree.is_file(DROP_IN) and tree.read(DROP_IN) == CONTENT):
        yield Replace(DROP_IN, CONTENT, "make a new key ring on each clone", mode=0o644)


OPERATION = Operation(
    kind=Kind.SECRET,
    first=_drop_in,
    remove=(f"{RING}/*",),
    needs=(
        Guard(
            lambda guest: units.enabled(guest.tree, UNIT),
            f"nothing would make a new one and pacman could install nothing: enable {UNIT} as Arch's images have it",
        ),
    ),
)
