"""The two stages of a first boot, beside ssh-keygen and the import of the HTTP library."""

from __future__ import annotations

import itertools
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.measure import PYTHON, guestseal, median, show
from support.debian import base, dirty, run, view
from support.debian import guestseal as call

from guestseal.simulate.ec2 import MetadataService
from guestseal.simulate.instance import ANYONE, Instance
from guestseal.simulate.server import Simulator

QUICK = ("ed25519", "ecdsa")
LUCK = 21
"""Runs where an RSA key is made: finding its primes takes from 0.1 to 1 s."""


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as directory, ExitStack() as stack:
        scratch = Path(directory)
        numbers = itertools.count()
        with view(base(), scratch / "sealed") as sealed:
            dirty(sealed)
            call("--root", sealed, "seal", "--yes")

        def fresh() -> Path:
            return stack.enter_context(view([scratch / "sealed/upper", base()], scratch / str(next(numbers))))

        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", scratch / "key")
        key = (scratch / "key.pub").read_text().strip()
        service = MetadataService({ANYONE: Instance("i-0123456789abcdef0", "web1", (key,))})
        simulator = stack.enter_context(Simulator([(("127.0.0.1", 0), service)]))
        config = scratch / "bench.conf"
        config.write_text(f"[firstboot]\nsources = ec2\nendpoints = ec2={simulator.url_of(service)}\n")
        runtime = ("--runtime-directory", scratch / "run")

        def quick() -> Path:
            tree = fresh()
            lines = "".join(f"HostKey /etc/ssh/ssh_host_{kind}_key\n" for kind in QUICK)
            (tree / "etc/ssh/sshd_config.d/quick.conf").write_text(lines)
            return tree

        def stage(name: str, tree: Path) -> list[str | Path]:
            return guestseal("--root", tree, "--config", config, "firstboot", "--stage", name, *runtime)

        done = fresh()
        for name in ("local", "network"):
            median(lambda name=name: stage(name, done), runs=1)  # type: ignore[misc]
        prefix = itertools.count()

        def keygen() -> list[str | Path]:
            target = scratch / f"keys{next(prefix)}"
            (target / "etc/ssh").mkdir(parents=True)
            return ["ssh-keygen", "-A", "-f", target]

        def two_keys() -> list[str | Path]:
            target = scratch / f"keys{next(prefix)}"
            words = " && ".join(f"ssh-keygen -q -t {kind} -N '' -f {target}.{kind}" for kind in QUICK)
            return ["sh", "-c", words]

        rows = [
            ("ssh-keygen -A", median(keygen, runs=LUCK)),
            ("local stage, a clone's first boot", median(lambda: stage("local", fresh()), runs=LUCK)),
            ("ssh-keygen, ed25519 and ecdsa", median(two_keys)),
            ("local stage, ed25519 and ecdsa", median(lambda: stage("local", quick()))),
            ("local stage, later boots", median(lambda: stage("local", done))),
            ("python3 -c 'import requests'", median(lambda: [PYTHON, "-c", "import requests"])),
            ("network stage, a clone's first boot (ec2 on loopback)", median(lambda: stage("network", fresh()))),
            ("network stage, later boots", median(lambda: stage("network", done))),
            ("python3 -c pass", median(lambda: [PYTHON, "-c", "pass"])),
        ]
    show("A clone's boots (medians; an RSA key is a matter of luck, so the rows without one compare best)", rows)
