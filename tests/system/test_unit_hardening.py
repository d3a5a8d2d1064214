"""The units as systemd takes them: what they may do, in which order they come, and how long they hold a boot up."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.containers import INTERFACES, Container
from support.debian import PACKAGES, PROJECT, base, dirty, guestseal, install, run, view

pytestmark = pytest.mark.system

UNITS = PROJECT / "systemd"
EXPOSURE = 40
"""The most that `systemd-analyze security` may say, in tenths: cloud-init's units have 96."""
NOTHING_TO_WAIT_FOR = 8.0
"""Seconds that the network stage may take without a carrier: it waits 5 for one, while everything else starts."""

OTHERS = [*PACKAGES, "cloud-init", "network-manager", "systemd-resolved"]
"""Everybody else who has units before and around the network."""

PROBE = """#!/bin/sh
systemctl show guestseal-firstboot -p ExecMainStartTimestampMonotonic -p ExecMainExitTimestampMonotonic -p Result
systemctl is-active ssh
journalctl -b -o cat _PID=1 | grep -i 'ordering cycle'
echo probed
systemctl --no-block poweroff
"""
PROBE_UNIT = """[Unit]
After=multi-user.target
[Service]
Type=oneshot
StandardOutput=file:/probed
ExecStart=/probe.sh
[Install]
WantedBy=graphical.target
"""


@pytest.fixture
def template(tmp_path: Path) -> Iterator[Path]:
    """A sealed template that says how its clones booted."""
    with view(base(), tmp_path / "template") as tree:
        install(tree)
        dirty(tree)
        (tree / "probe.sh").write_text(PROBE)
        (tree / "probe.sh").chmod(0o755)
        (tree / "etc/systemd/system/probe.service").write_text(PROBE_UNIT)
        run("systemctl", "--root", tree, "enable", "probe.service")
        guestseal("--root", tree, "seal", "--yes")
        yield tree


@pytest.mark.parametrize("unit", ["guestseal-firstboot.service", "guestseal-retry.service"])
def test_the_network_stage_is_exposed_to_little(unit: str) -> None:
    words = ["systemd-analyze", "security", "--no-pager", "--offline=true", f"--threshold={EXPOSURE}"]
    done = subprocess.run([*words, UNITS / unit], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout


def test_asking_again_happens_in_the_same_sandbox() -> None:
    first, again = (_settings(f"guestseal-{name}.service") for name in ("firstboot", "retry"))
    # What only the first one has: it is started by the boot, and what it says is for the console.
    own = {"Description", "ConditionPathExists", "After", "Before", "ExecStart"}
    own |= {"RemainAfterExit", "WantedBy", "OnFailure"}
    assert {key: value for key, value in first.items() if key not in own | {"StandardOutput"}} == {
        key: value for key, value in again.items() if key not in own
    }


@pytest.mark.parametrize("interface", ["none", "without a carrier"])
def test_a_boot_without_a_network_waits_for_nothing(template: Path, interface: str) -> None:
    if interface == "none":
        seen = _boot(template)
    else:
        (template / "etc/network/interfaces").write_text(INTERFACES)
        with _unplugged() as namespace:
            seen = _boot(template, namespace)
    start, end = (int(re.findall(rf"ExecMain{which}TimestampMonotonic=(\d+)", seen)[0]) for which in ("Start", "Exit"))
    assert (end - start) / 1e6 < NOTHING_TO_WAIT_FOR
    assert "Result=success" in seen
    assert "\nactive\n" in seen
    assert "cycle" not in seen


@pytest.mark.parametrize("target", ["rescue", "emergency"])
def test_Y26_a_machine_that_is_being_repaired_is_left_alone(template: Path, target: str) -> None:
    with Container(template, arguments=[f"systemd.unit={target}.target"]) as box:
        box.expect("Give root password for maintenance|Press Enter for maintenance")
    assert not list((template / "etc/ssh").glob("ssh_host_*"))
    assert not (template / "var/lib/guestseal/state.json").exists()


@pytest.mark.parametrize("packages", [PACKAGES, OTHERS], ids=["alone", "with cloud-init and every network manager"])
def test_Y22_no_unit_waits_for_itself(tmp_path: Path, packages: list[str]) -> None:
    with view(base("bookworm", packages), tmp_path / "template") as tree:
        install(tree)
        for name in ("ssh.socket", "systemd-networkd.service", "systemd-networkd-wait-online.service"):
            run("systemctl", "--root", tree, "enable", name)
        said = _verified(tree)
    assert "cycle" not in said
    assert "guestseal" not in said


def test_Y22_a_cycle_would_be_found(tmp_path: Path) -> None:
    with view(base(), tmp_path / "template") as tree:
        install(tree)
        drop_in = tree / "etc/systemd/system/guestseal-firstboot.service.d/wrong.conf"
        drop_in.parent.mkdir()
        drop_in.write_text("[Unit]\nBefore=ssh.socket\n")
        run("systemctl", "--root", tree, "enable", "ssh.socket")
        assert "cycle" in _verified(tree)


def _settings(unit: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (UNITS / unit).read_text().splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


@contextmanager
def _unplugged() -> Iterator[str]:
    """A network namespace with an interface whose other end is down; gone at the end."""
    name = f"gsunplugged{os.getpid()}"
    run("ip", "netns", "add", name)
    try:
        run("ip", "-n", name, "link", "add", "eth0", "type", "veth", "peer", "name", "unplugged")
        yield name
    finally:
        run("ip", "netns", "delete", name)


def _boot(tree: Path, namespace: str | None = None) -> str:
    with Container(tree, namespace=namespace) as box:
        box.wait()
    seen = (tree / "probed").read_text()
    assert seen.endswith("probed\n"), box.output
    return seen


def _verified(tree: Path) -> str:
    """What systemd says of the order in which it would boot this tree."""
    run("mount", "-t", "proc", "proc", tree / "proc")
    try:
        words = ["chroot", str(tree), "systemd-analyze", "verify", "--man=no", "default.target"]
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    finally:
        run("umount", tree / "proc")
    return done.stdout + done.stderr
