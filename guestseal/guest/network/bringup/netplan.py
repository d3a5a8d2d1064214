"""netplan, in a guest that does not run: what its generator will make of the YAML at the next boot."""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.network.bringup.configuration import CannotTell, Configuration
from guestseal.guest.network.bringup.placed_files import PlacedFile, placed
from guestseal.guest.network.netplan import Ethernet, Netplan
from guestseal.guest.network.renderers.netplan import PROGRAMS
from guestseal.guest.tree import Tree


def configurations(tree: Tree) -> Iterator[Configuration]:
    """One for each definition of an Ethernet card. Raises CannotTell for YAML in a style that is not understood."""
    if not any(tree.is_file(program) for program in PROGRAMS):
        return
    merged: dict[str, list[tuple[PlacedFile, Ethernet]]] = {}
    for file in placed("/netplan", tree, None, suffix=".yaml"):
        netplan = Netplan(file.text())
        if not netplan.understood:
            raise CannotTell(f"{file.where}: YAML in a style that is not understood here")
        for card in netplan.ethernets():
            merged.setdefault(card.key, []).append((file, card))
    for key, said in merged.items():
        file, _ = said[-1]
        name = next((card.name for _, card in reversed(said) if card.name), "")
        mac = next((card.mac for _, card in reversed(said) if card.mac), "")
        fixed = any(card.fixed for _, card in said) and not any(card.asks for _, card in said)
        # netplan's reference: without match:, the definition's own name is the interface's.
        yield Configuration(f"{file.where}, {key},", file.own, card=mac, name=name or ("" if mac else key), fixed=fixed)
