"""What a boot imports is most of what it costs: counted in modules, which do not depend on the machine's load."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.clones import CloneTree, needs_root
from support.first_boot import sealed_clone
from support.platforms import WEB
from support.trees import read

from guestseal.catalog import names
from guestseal.cli import build_parser
from guestseal.cli.firstboot import UNITS, in_a_unit
from guestseal.firstboot.runner import PACKAGES
from guestseal.firstboot.step import Stage
from guestseal.simulate.ec2 import MetadataService
from guestseal.simulate.instance import ANYONE
from guestseal.simulate.server import Simulator

PROJECT = Path(__file__).resolve().parents[2]
BOOT = """
import sys
from guestseal.cli.firstboot import in_a_unit
options = in_a_unit(["firstboot", "--stage", sys.argv[1]])
options.root, options.runtime_directory = sys.argv[2:]
assert not options.run(options).failed
print(*sorted(sys.modules), sep="\\n")
"""
SOURCES = """
import sys
from guestseal.firstboot.candidates import DEFAULTS, make
from guestseal.machine.host import Machine
from guestseal.settings import Settings
make(DEFAULTS, Machine(), Settings())
print(*sys.modules, sep="\\n")
"""
REFUSED = """
import os, sys
import guestseal.log, guestseal.render
from guestseal.cli import firstboot, main
os.setuid(65534)
assert main(["firstboot", "--stage", "local"]) == 3
print(*sys.modules, sep="\\n")
"""
"""What a unit calls, by somebody for whom it does nothing."""
SLOW = {"argparse", "concurrent.futures", "ctypes", "psutil", "shutil", "ssl", "subprocess", "yaml"}
"""From 1 to 20 ms each. The network stage's requests imports some of them."""


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[CloneTree]:
    """A clone whose platform is EC2, on loopback."""
    service = MetadataService({ANYONE: WEB})
    with Simulator({("127.0.0.1", 0): service}) as simulator:
        made = sealed_clone(tmp_path / "clone")
        conf = tmp_path / "clone/etc/guestseal/guestseal.conf"
        conf.parent.mkdir(parents=True, exist_ok=True)
        conf.write_text(f"[firstboot]\nsources = ec2\nendpoints = ec2={simulator.url_of(service)}\n")
        yield made


def imported(tree: CloneTree, stage: str) -> set[str]:
    """The modules that one stage of a boot has imported when it ends."""
    return program(BOOT, stage, str(tree.path), f"{tree.path}/run/guestseal")


def program(text: str, *words: str) -> set[str]:
    """The words that a program in Python writes."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-c", text, *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@needs_root
def test_a_later_local_stage_imports_next_to_nothing(tree: CloneTree) -> None:
    first = imported(tree, "local")
    assert "guestseal.firstboot.steps.local.host_keys" in first
    keys = {path: content for path, content in read(tree.path).items() if "ssh_host" in path}
    later = imported(tree, "local")
    own = {name for name in later if name.startswith("guestseal")}
    assert not later & {*SLOW, "ipaddress", "requests", "secrets", "socket"}
    assert not {name for name in own if name.startswith(("guestseal.firstboot.steps.local.", "guestseal.simulate"))}
    assert len(own) <= 40, sorted(own)
    assert {path: content for path, content in read(tree.path).items() if "ssh_host" in path} == keys


@needs_root
def test_a_later_network_stage_imports_only_what_it_asks_with(tree: CloneTree) -> None:
    imported(tree, "local")
    first = imported(tree, "network")
    assert "requests" in first
    later = imported(tree, "network")
    own = {name for name in later if name.startswith("guestseal")}
    assert [name for name in own if name.startswith("guestseal.firstboot.sources.")] == [
        "guestseal.firstboot.sources.ec2"
    ]
    assert not later & {"argparse", "concurrent.futures", "ctypes", "distro", "psutil", "systemd", "yaml"}
    assert not own & {
        "guestseal.firstboot.network_values",
        "guestseal.guest.network.network_config",
        "guestseal.guest.network.renderers.choice",
        "guestseal.machine.commands",
        "guestseal.machine.media",
    }
    assert len(own) <= 85, sorted(own)


def test_the_sources_that_are_asked_by_default_import_nothing_slow_before_they_ask() -> None:
    found = program(SOURCES)
    assert {"guestseal.firstboot.sources.cloudstack", "guestseal.firstboot.sources.azure"} <= found
    assert not found & {*SLOW, "requests", "xml.etree.ElementTree", "xml.sax.saxutils"}


@needs_root
def test_a_step_that_came_with_an_upgrade_is_done_on_a_later_boot(tree: CloneTree) -> None:
    """Those that are done are not imported; one of which nothing is known is."""
    imported(tree, "local")
    state = Path(f"{tree.path}/var/lib/guestseal/state.json")
    state.write_text(state.read_text().replace('"rndc-key"', '"another"'))
    later = imported(tree, "local")
    steps = {name for name in later if name.startswith("guestseal.firstboot.steps.local.")}
    assert steps == {"guestseal.firstboot.steps.local.rndc_key"}
    assert '"rndc-key"' in state.read_text()


def test_what_the_units_call_is_what_the_parser_makes_of_it() -> None:
    called = set()
    for unit in sorted((PROJECT / "systemd").glob("*.service")):
        for line in unit.read_text().splitlines():
            program, _, words = line.partition(" firstboot ")
            if program == "ExecStart=/usr/bin/guestseal":
                called.add(("firstboot", *words.split()))
    assert called == set(UNITS)
    for words in UNITS:
        assert vars(in_a_unit(words)) == vars(build_parser("firstboot").parse_args(words))
    for others in (["firstboot"], ["firstboot", "--stage", "network", "-v"], ["firstboot", "--stage", "never"]):
        assert in_a_unit(others) is None


@needs_root
def test_what_the_units_call_needs_no_parser() -> None:
    assert "argparse" not in program(REFUSED)


def test_the_steps_of_the_local_stage_are_all_done_once_a_clone() -> None:
    """Or they would have to be imported at every boot, to say how often they want to run."""
    from guestseal.firstboot.runner import steps_of
    from guestseal.firstboot.step import When

    found = steps_of(Stage.LOCAL)
    assert [item.name for item in found if item.value.when is not When.PER_CLONE] == []
    assert sorted(item.name for item in found) == names(PACKAGES[Stage.LOCAL])
