"""Faults of the machine around a first boot: interfaces, DHCP clients, NetworkManager, firmware.

Every test is a whole first boot. What all of them have to keep (the time, the secrets, a
second boot that changes nothing) is checked by the harness.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from support.children import in_child
from support.clones import CloneTree, needs_root
from support.clouds import ROUTER, SECOND_ROUTER, cloudstack, this_machine
from support.first_boot import STATE, boot, is_web, only_local
from support.machine import FakeClock, FakeNetwork, nowhere
from support.networks import NEW_NETWORK, networks
from support.platforms import OTHER_KEY, UUID, WEB

from guestseal.firstboot.discovery import NO_ADDRESS, NO_CARRIER
from guestseal.firstboot.guard import Guard, Sight
from guestseal.firstboot.leases import NMCLI_TIMEOUT
from guestseal.guest.root import Root
from guestseal.machine.clock import Clock
from guestseal.machine.commands import PATH, Commands
from guestseal.machine.firmware import Firmware
from guestseal.machine.network import Network
from guestseal.machine.resolver import Resolver
from guestseal.machine.runtime import Runtime
from guestseal.simulate.instance import Instance

pytestmark = needs_root

OTHER = Instance("6a1c9a8a-0000-4000-8000-00000000000f", "other", (OTHER_KEY,), "another one's password")
BUDGET = 60.0
"""Seconds, far more than any of these boots may take."""

NIC = "link add eth0 type veth peer name far"
NO_IPV6 = "net.ipv6.conf.eth0.disable_ipv6=1"
SURROUNDINGS: dict[str, tuple[float, Sequence[str]]] = {
    "no interface": (NO_CARRIER, []),
    "one that is down": (NO_CARRIER, [NIC]),
    "no carrier": (NO_CARRIER, [NIC, "link set eth0 up"]),
    "no DHCP server": (NO_ADDRESS, [NIC, "link set eth0 up", "link set far up", NO_IPV6]),
    "only link-local": (
        NO_ADDRESS,
        [NIC, "link set eth0 up", "link set far up", "address add 169.254.7.7/16 dev eth0"],
    ),
}


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_Y7_without_a_network_there_is_no_point_in_waiting(clone: CloneTree, name: str) -> None:
    limit, words = SURROUNDINGS[name]

    def boot_there() -> str:
        for command in ["link set lo up", *words]:
            program = ["sysctl", "-q", "-w", command] if "=" in command else ["ip", *command.split()]
            subprocess.run(program, check=True, timeout=10)
        machine = this_machine(network=Network(resolver=Resolver(nowhere)), clock=FakeClock())
        with cloudstack(on=machine) as cloud:
            # No router is known: it would be looked for again and again, for the whole budget.
            cloud.settings = replace(cloud.settings, routers=())
            outcome = boot(clone, cloud, budget=BUDGET, again=False)
        assert only_local(clone, outcome)
        return json.dumps([outcome.status, outcome.seconds])

    status, seconds = json.loads(in_child(boot_there, namespaces=NEW_NETWORK))
    assert status == "degraded"
    assert limit <= seconds < BUDGET / 2


def test_Y8_a_router_on_the_second_network_is_found_beside_two_default_routes(clone: CloneTree) -> None:
    def with_two_networks() -> str:
        with networks("10.1.1", "10.2.2", default="10.1.1") as routers_end, ExitStack() as stack:
            subprocess.run(["ip", "route", "add", "default", "via", "10.2.2.1", "metric", "7"], check=True)
            for name in ("all", "eth0", "eth1"):
                Path(f"/proc/sys/net/ipv4/conf/{name}/rp_filter").write_text("1")
            machine = this_machine(network=Network(resolver=Resolver(nowhere)))
            with routers_end():
                cloud = stack.enter_context(cloudstack(clones={"10.2.2.1": {"10.2.2.5": WEB}}, on=machine))
            cloud.settings = replace(cloud.settings, routers=())
            outcome = boot(clone, cloud)
        sources = {exchange.source for exchange in outcome.journal}
        return json.dumps([outcome.status, outcome.facts["address"].split(":")[0], sorted(sources)])

    assert json.loads(in_child(with_two_networks)) == ["done", "10.2.2.1", ["10.2.2.5"]]
    assert is_web(clone, with_password=True)


def test_Y9_an_interface_that_is_plugged_in_after_the_boot_is_asked_by_when_it_is_tried_again(clone: CloneTree) -> None:
    network = FakeNetwork((), ready=False)
    with cloudstack(on=this_machine(network=network, clock=FakeClock())) as cloud:
        first = boot(clone, cloud, budget=BUDGET, again=False)
        assert first.status == "degraded"
        assert cloud.asked() == 0
        cloud.machine.network, cloud.machine.clock = FakeNetwork(), Clock()  # type: ignore[assignment]
        assert boot(clone, cloud, stages=["network"]).status == "done"
    assert is_web(clone, with_password=True)


def lease(address: str, server: str) -> str:
    """What dhclient writes."""
    return (
        f'lease {{\n  interface "lo";\n  fixed-address {address};\n'
        f'  option dhcp-server-identifier {server};\n  option host-name "stale";\n}}\n'
    )


def put(clone: CloneTree, path: str, content: str | bytes) -> Path:
    """Write a file of the clone's."""
    place = Path(f"{clone.path}{path}")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content.encode() if isinstance(content, str) else content)
    return place


def test_Y10_a_lease_of_the_networks_of_the_template_leads_nowhere(clone: CloneTree) -> None:
    gone = f"ADDRESS=172.16.0.9\nSERVER_ADDRESS={SECOND_ROUTER}\n"
    put(clone, "/var/lib/NetworkManager/internal-7c1e8a-eth0.lease", gone)
    put(clone, "/var/lib/dhcp/dhclient.eth0.leases", lease("172.16.0.9", SECOND_ROUTER))
    put(clone, "/var/lib/dhcp/dhclient.lo.leases", lease("127.0.0.1", ROUTER))
    with cloudstack(clones={ROUTER: {"*": WEB}, SECOND_ROUTER: {"*": OTHER}}) as cloud:
        cloud.settings = replace(cloud.settings, routers=())
        outcome = boot(clone, cloud)
        assert cloud.router(SECOND_ROUTER).pending("127.0.0.1")
    assert outcome.status == "done"
    assert outcome.asked(host=SECOND_ROUTER) == []
    assert is_web(clone, with_password=True)


def test_Y11_what_is_no_lease_is_ignored_wherever_it_lies(clone: CloneTree, tmp_path: Path) -> None:
    leases = "/var/lib/dhcp"
    put(clone, f"{leases}/dhclient.lo.leases", lease("127.0.0.1", ROUTER))
    put(clone, f"{leases}/dhclient.a.leases", b"")
    put(clone, f"{leases}/dhclient.b.leases", bytes(range(256)) * 64)
    put(clone, f"{leases}/dhclient.c.leases", "lease {\n" * 1000)
    with put(clone, f"{leases}/dhclient.d.leases", lease("127.0.0.1", SECOND_ROUTER)).open("ab") as file:
        file.truncate(100 << 20)
    outside = tmp_path / "outside"
    outside.write_text(lease("127.0.0.1", SECOND_ROUTER))
    place = Path(f"{clone.path}{leases}")
    (place / "dhclient.e.leases").symlink_to(outside)
    (place / "dhclient.f.leases").mkdir()
    put(clone, "/var/lib/wicked/lease-lo-dhcp-ipv4.xml", "<lease><address>127.0.0.1</address><server-id>")
    put(clone, "/var/lib/dhcpcd/lo.lease", b"\x02" * 300)
    with cloudstack(clones={ROUTER: {"*": WEB}, SECOND_ROUTER: {"*": OTHER}}) as cloud:
        cloud.settings = replace(cloud.settings, routers=())
        outcome = boot(clone, cloud, again=False)
    assert outcome.status == "done"
    assert outcome.asked(host=SECOND_ROUTER) == []
    assert is_web(clone, with_password=True)


def nmcli(directory: Path, script: str) -> Commands:
    """The programs of a machine with this nmcli, where it is."""
    directory.mkdir()
    program = directory / "nmcli"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return Commands({"PATH": f"{directory}:{PATH}"})


def test_Y12_an_nmcli_that_hangs_is_not_waited_for_long(clone: CloneTree, tmp_path: Path) -> None:
    (clone.path / "run/NetworkManager/devices").mkdir(parents=True)
    commands = nmcli(tmp_path / "bin", "exec sleep 60")
    with cloudstack(on=this_machine(commands=commands)) as cloud:
        outcome = boot(clone, cloud, budget=10, again=False)
    assert outcome.status == "done"
    assert NMCLI_TIMEOUT <= outcome.seconds < NMCLI_TIMEOUT + 5
    assert is_web(clone, with_password=True)


def test_Y12_nmcli_is_asked_in_no_language_of_the_machines(
    clone: CloneTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = (f"dhcp_server_identifier = {ROUTER}", "ip_address = 127.0.0.1")
    told = "GENERAL.DEVICE:lo\n" + "".join(f"DHCP4.OPTION[{n}]:{option}\n" for n, option in enumerate(options))
    localized = "ALLGEMEIN.GERÄT:lo\nDHCP4.OPTION[1]:dhcp_server_kennung = 192.0.2.1\n"
    script = f"if [ \"$LC_ALL\" = C ]; then cat <<'.'\n{told}.\nelse cat <<'.'\n{localized}.\nfi"
    for name in ("LANG", "LC_ALL", "LC_MESSAGES", "LANGUAGE"):
        monkeypatch.setitem(os.environ, name, "de_DE.UTF-8")
    (clone.path / "run/NetworkManager/devices").mkdir(parents=True)
    with cloudstack(on=this_machine(commands=nmcli(tmp_path / "bin", script))) as cloud:
        cloud.settings = replace(cloud.settings, routers=())
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    assert is_web(clone, with_password=True)


UUIDS = {
    "no SMBIOS": None,
    "zeros": "00000000-0000-0000-0000-000000000000",
    "ones": "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
    "a board vendor's": "03000200-0400-0500-0006-000700080009",
    "no UUID": "Not Settable",
}


@pytest.mark.parametrize("name", UUIDS)
def test_Y13_a_uuid_that_tells_no_machine_apart_is_nobodys_identity(
    clone: CloneTree, tmp_path: Path, name: str
) -> None:
    dmi = tmp_path / "dmi"
    if UUIDS[name] is not None:
        dmi.mkdir()
        (dmi / "product_uuid").write_text(f"{UUIDS[name]}\n")
    machine = this_machine()
    machine.firmware = Firmware.read(dmi)
    # A platform that says the same: equal placeholders prove nothing.
    instance = (UUIDS[name] or UUID).replace(" ", "-")
    with cloudstack(instance=replace(WEB, instance_id=instance), on=machine) as cloud:
        with Root(str(clone.path)) as root:
            guard = Guard(root, machine, Runtime(str(tmp_path / "run")), container=str(tmp_path / "none"))
            assert guard.sight is Sight.NOTHING
        cloud.settings = replace(cloud.settings, require_identity_match=True)
        unproven = boot(clone, cloud, budget=3, again=False)
        assert (unproven.status, unproven.asked("saved_password")) == ("degraded", [])
        assert not is_web(clone, with_password=True)
        cloud.settings = replace(cloud.settings, require_identity_match=False)
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    assert is_web(clone, with_password=True)
    assert clone.entry(STATE) is not None
