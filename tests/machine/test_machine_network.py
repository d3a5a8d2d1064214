"""The network as the kernel tells it: gateways by either reader, and when there is a network at all."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from guestseal.machine.network import ROUTES, Gateway, Network, _is_running, default_gateways, gateways_in

PROJECT = Path(__file__).resolve().parents[2]
HEADER = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
little_endian = pytest.mark.skipif(
    sys.byteorder != "little", reason="the kernel writes in the byte order of the machine"
)
needs_netifaces = pytest.mark.skipif(importlib.util.find_spec("netifaces") is None, reason="netifaces is not installed")
with_and_without_netifaces = pytest.mark.parametrize(
    "hidden",
    [pytest.param(False, marks=needs_netifaces, id="netifaces"), pytest.param(True, id="without netifaces")],
)

SAME = """
import json, sys
if {hidden}:
    sys.modules["netifaces"] = None  # as on EL10
from guestseal.machine.network import default_gateways
print(json.dumps([[each.address, each.interface] for each in default_gateways()]))
"""
INTERFACES = """
import json, sys
if {hidden}:
    sys.modules["netifaces"] = None  # as on EL10
from guestseal.machine.network import Network
network = Network()
found = [[each.name, each.mac, sorted(map(str, each.addresses))] for each in network.interfaces()]
print(json.dumps([sorted(found), network.cards(), network.ready()]), "psutil" in sys.modules)
"""
IN_ANOTHER_NAMESPACE = """
ip link set lo up && ip addr add 10.9.0.1/24 dev lo &&
ip link add up0 address 52:54:00:00:00:01 type veth peer name far0 address 52:54:00:00:00:02 &&
ip link add cut0 address 52:54:00:00:00:03 type veth peer name far1 address 52:54:00:00:00:04 &&
ip link set up0 up && ip link set far0 up && ip link set cut0 up &&
ip addr add 10.1.0.2/20 dev up0 && ip addr add 10.1.0.3/32 dev up0 && ip addr add fd00::2/48 dev up0 nodad &&
ip addr add 10.2.0.2/24 dev cut0 && ip addr flush dev far0 && exec {python} -c "$PROGRAM"
"""
IN_NAMESPACE = """
ip link set lo up && ip addr add 10.1.0.2/24 dev lo && ip addr add 10.2.0.2/24 dev lo &&
ip route add default via 10.1.0.1 dev lo metric 200 && ip route add default via 10.2.0.1 dev lo metric 100 &&
ip route add 10.9.0.0/16 via 10.1.0.1 dev lo && exec {python} -c "$SAME"
"""


def row(interface: str, gateway: str, *, destination: str = "00000000", flags: str = "0003", metric: int = 0) -> str:
    mask = "00000000" if destination == "00000000" else "00FFFFFF"
    return f"{interface}\t{destination}\t{gateway}\t{flags}\t0\t0\t{metric}\t{mask}\t0\t0\t0   \n"


@little_endian
@pytest.mark.parametrize(
    ("rows", "gateways"),
    [
        ("", []),
        (row("eth0", "010200C0"), [Gateway("192.0.2.1", "eth0")]),
        (
            row("eth1", "0101010A", metric=200) + row("eth0", "0102010A", metric=100),
            [Gateway("10.1.2.1", "eth0"), Gateway("10.1.1.1", "eth1")],
        ),
        (row("eth0", "00000000", flags="0001"), []),
        (row("eth0", "0101010A", destination="0001010A"), []),
        ("eth0\t00000000\tnonsense\n\n\t\t\t\0\xff", []),
    ],
    ids=["empty", "one", "lowest metric first", "no gateway", "no default", "garbage"],
)
def test_the_route_table(tmp_path, rows, gateways):
    table = tmp_path / "route"
    table.write_text(HEADER + rows)
    assert gateways_in(table) == gateways


def test_a_kernel_without_ipv4_has_no_gateways(tmp_path):
    assert gateways_in(tmp_path / "none") == []


def test_both_readers_agree_on_this_machine():
    assert default_gateways() == gateways_in(ROUTES)


@with_and_without_netifaces
def test_the_gateway_in_use_comes_first(hidden):
    program = SAME.format(hidden=hidden)
    script = IN_NAMESPACE.format(python=sys.executable)
    done = subprocess.run(
        ["unshare", "-n", "sh", "-c", script],
        env={"SAME": program, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    if "unshare" in done.stderr:
        pytest.skip("no network namespaces without privileges")
    assert done.stdout.strip() == '[["10.2.0.1", "lo"], ["10.1.0.1", "lo"]]', done.stderr


@with_and_without_netifaces
def test_only_what_is_up_and_has_a_carrier_is_an_interface(hidden):
    done = subprocess.run(
        ["unshare", "-n", "sh", "-c", IN_ANOTHER_NAMESPACE.format(python=sys.executable)],
        env={
            "PROGRAM": INTERFACES.format(hidden=hidden),
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "PYTHONPATH": str(PROJECT),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    if "unshare" in done.stderr:
        pytest.skip("no network namespaces without privileges")
    text, _, with_psutil = done.stdout.strip().rpartition(" ")
    found, cards, ready = json.loads(text or done.stderr)
    for each in found:
        each[2] = [address for address in each[2] if not address.startswith("fe80:")]
    assert found == [
        ["far0", "52:54:00:00:00:02", []],
        ["up0", "52:54:00:00:00:01", ["10.1.0.2/20", "10.1.0.3/32", "fd00::2/48"]],
    ]
    assert {name: mac for name, mac in cards.items() if mac and mac.startswith("52:54")} == {
        "cut0": "52:54:00:00:00:03",
        "far0": "52:54:00:00:00:02",
        "far1": "52:54:00:00:00:04",
        "up0": "52:54:00:00:00:01",
    }
    assert (ready, with_psutil) == (True, str(hidden))


def test_an_interface_that_has_gone_away_is_not_running():
    assert not _is_running("gone0")


def test_the_loopback_is_no_interface():
    network = Network()
    assert all(not address.ip.is_loopback for each in network.interfaces() for address in each.addresses)
    assert "lo" not in [each.name for each in network.interfaces()]


def test_a_machine_without_interfaces_is_not_ready():
    code = "from guestseal.machine.network import Network; assert not Network().ready()"
    arguments = ["unshare", "-n", sys.executable, "-c", code]
    done = subprocess.run(arguments, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=20)
    if "unshare" in done.stderr:
        pytest.skip("no network namespaces without privileges")
    assert done.returncode == 0, done.stderr
