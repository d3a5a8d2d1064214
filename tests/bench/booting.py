"""A clone's boots beside those with Debian's cloud-init: the same metadata service, the same work."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from bench.chroots import (
    EQUAL_WORK,
    METADATA,
    NOT_IN_A_CHROOT,
    Trees,
    cloud_init,
    network,
    peer,
    sealed,
    stage,
    with_cloud_init,
)
from bench.measure import PYTHON, Sample, in_turn, median, median_of, once, show
from support.debian import base

from guestseal.machine.namespaces import Namespace, apart
from guestseal.simulate.ec2 import MetadataService
from guestseal.simulate.instance import ANYONE, Instance
from guestseal.simulate.server import Simulator

LUCK = 15
"""Runs where an RSA key is made: finding its primes takes from 0.1 to 1 s."""
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f me"
WEB = Instance("i-0123456789abcdef0", "web1", (KEY,), local_ipv4="10.77.0.11")
ASKED = ("instance-id", "local-hostname", "public-keys/", "public-keys/0/openssh-key")

Rows = list[tuple[str, Sample]]


def main() -> None:
    """Print the table. What is measured runs in namespaces of its own, where METADATA is the simulator."""
    base(), peer()
    apart(Namespace.MOUNT | Namespace.UTS | Namespace.NETWORK, _measure)


def _measure() -> None:
    network()
    with (
        tempfile.TemporaryDirectory(dir="/var/tmp") as directory,
        Simulator({(METADATA, 80): MetadataService({ANYONE: WEB})}),
        Trees(Path(directory)) as trees,
    ):
        ours = sealed(trees)
        show("A clone's boots: guestseal (medians)", _guestseal(trees, ours))
        show("The same with Debian 12's cloud-init: init --local, init, modules config, modules final", _peer(trees))
        show("Floors", _floors(trees.fresh(*ours), Path(directory)))


def _guestseal(trees: Trees, layers: Sequence[Path]) -> Rows:
    def with_keys() -> tuple[Sample, Sample]:
        tree = trees.fresh(*layers)
        return once(stage(tree, "local")), once(stage(tree, "network"))

    def without_keys() -> tuple[Sample, Sample]:
        tree = trees.fresh(*layers)
        once(stage(tree, "local"))
        trees.boot(tree)
        return once(stage(tree, "local")), once(stage(tree, "network"))

    def later() -> tuple[Sample, Sample]:
        trees.boot(used)
        return once(stage(used, "local")), once(stage(used, "network"))

    with_keys_runs = [with_keys() for _ in range(LUCK)]
    without = [without_keys() for _ in range(9)]
    used = trees.fresh(*layers)
    in_turn([stage(used, "local"), stage(used, "network")])
    after = [later() for _ in range(9)]
    return [
        row
        for title, runs in (
            ("first boot, three host keys made", with_keys_runs),
            ("first boot, keys not counted", without),
            ("later boots", after),
        )
        for row in _stages(title, runs)
    ]


def _stages(title: str, runs: Sequence[tuple[Sample, Sample]]) -> Rows:
    def of(samples: Sequence[Sample]) -> Sample:
        left = iter(samples)
        return median_of(lambda: next(left), runs=len(samples))

    return [
        (f"{title}: both stages", of([local + network for local, network in runs])),
        ("    local stage", of([local for local, _ in runs])),
        ("    network stage", of([network for _, network in runs])),
    ]


def _peer(trees: Trees) -> Rows:
    def first(layers: Sequence[Path]) -> Sample:
        return in_turn(cloud_init(trees.fresh(*layers)))

    equal = with_cloud_init(trees, EQUAL_WORK, keys=True)
    bare = with_cloud_init(trees, EQUAL_WORK, keys=False)
    shipped = with_cloud_init(trees, NOT_IN_A_CHROOT, keys=False)
    used = trees.fresh(*bare)
    in_turn(cloud_init(used))

    def later() -> Sample:
        trees.boot(used)
        return in_turn(cloud_init(used))

    return [
        ("first boot, three host keys made", median_of(partial(first, equal), runs=LUCK)),
        ("first boot, no keys made", median_of(partial(first, bare))),
        ("first boot, no keys made, all modules Debian has", median_of(partial(first, shipped))),
        ("later boots", median_of(later)),
    ]


def _floors(tree: Path, scratch: Path) -> Rows:
    inside = ("chroot", tree)
    numbers = itertools.count()

    def keygen() -> list[str | Path]:
        target = scratch / f"keys{next(numbers)}"
        (target / "etc/ssh").mkdir(parents=True)
        return ["ssh-keygen", "-A", "-f", target]

    urls = [f"http://{METADATA}/2009-04-04/meta-data/{item}" for item in ASKED]
    python = [*inside, PYTHON]
    return [
        ("ssh-keygen -A", median(keygen, runs=LUCK)),
        ("true, in the chroot", median(lambda: [*inside, "true"])),
        ("python3 -I -c pass", median(lambda: [*python, "-I", "-c", "pass"])),
        ("python3 -I -c 'import requests'", median(lambda: [*python, "-I", "-c", "import requests"])),
        ("curl of the four URLs the network stage asks", median(lambda: ["curl", "-sSf", *urls])),
    ]
