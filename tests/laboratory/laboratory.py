"""The clone laboratory: one master is sealed, and its clones are booted on one platform after the other."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from laboratory.claims import ANOTHER_BOOT, FIRST_BOOT, IDENTITY, LATE, OTHER_KEYS, RESET, SERVED_PASSWORD
from laboratory.kinds import Kind
from laboratory.master import MASTER, Master
from laboratory.network import METADATA, Network
from laboratory.proofs import Proof, Steps, Table, pursue
from laboratory.rounds import Platform, Round

from guestseal.simulate.platforms import PLATFORMS, Place


def _link_local(title: str, source: str, *, passwords: bool) -> Platform:
    make, place = PLATFORMS[source], Place(METADATA, 80)
    return Platform(title, source, lambda instances: make(instances, place), passwords=passwords)


EC2 = _link_local("EC2", "ec2", passwords=False)
OPENSTACK = _link_local("OpenStack", "openstack", passwords=True)
CLOUDSTACK = Platform("CloudStack", "cloudstack")


@dataclass(frozen=True)
class Part:
    """Clones of the master on one platform, and what is proved of them."""

    where: str
    platform: Platform
    clones: int
    steps: Steps[Round]


EC2_CLONES = Part("EC2", EC2, 3, (*FIRST_BOOT, *OTHER_KEYS, *IDENTITY, *ANOTHER_BOOT))
CLOUDSTACK_CLONES = Part(
    "CloudStack", CLOUDSTACK, 3, (*FIRST_BOOT, *OTHER_KEYS, *SERVED_PASSWORD, *IDENTITY, *ANOTHER_BOOT, *RESET)
)
OPENSTACK_CLONES = Part("OpenStack", OPENSTACK, 1, (*FIRST_BOOT, *SERVED_PASSWORD, *IDENTITY, *ANOTHER_BOOT))
LATE_CLONES = Part("no metadata", CLOUDSTACK, 1, (*LATE, *IDENTITY))

Plan = Sequence[Sequence[Part]]
"""Parts side by side are at work at the same time."""


def run(kind: Kind, package: Path, plan: Plan) -> Table:
    """Prove everything, as far as it goes; the table says what was proved. Nothing of it stays on this machine."""
    table = Table(kind.title)
    about_master = table.announce("master", MASTER)
    about_clones = {part.where: table.announce(part.where, part.steps) for group in plan for part in group}
    with ExitStack() as life:
        network = life.enter_context(Network(f"gs{os.getpid()}-master", kind.directory, seats=1))
        machine = life.enter_context(kind.master(network.seats[0], network))
        master = Master(machine, kind, package)
        if pursue(about_master, MASTER, master):
            for group in plan:
                with ThreadPoolExecutor(len(group)) as pool:
                    list(pool.map(lambda part: _prove(part, master, about_clones[part.where]), group))
    return table


def _prove(part: Part, master: Master, proofs: Sequence[Proof]) -> None:
    directory = master.kind.directory / part.where.lower().replace(" ", "-")
    directory.mkdir()
    with Round(part.platform, master, directory, clones=part.clones) as clones:
        pursue(proofs, part.steps, clones)
