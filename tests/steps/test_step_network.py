"""The network step on real trees, with a machine whose cards and programs are made up."""

from __future__ import annotations

import dataclasses
import ipaddress
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from support.children import every_cut
from support.clones import CloneTree, clone_tree, needs_root
from support.machine import FakeClock, FakeCommands, FakeNetwork, Impatient, machine
from support.network_configs import ADDRESS, MAC, STATIC, enabled
from support.trees import Entry, File, Link, fingerprint, read

from guestseal.errors import CommandError, GuestError, Malformed
from guestseal.firstboot.step import Clone, Result
from guestseal.firstboot.steps.network.network import COMMANDS_WITHIN, STEP
from guestseal.guest.network.network_config import NetworkConfig, Route
from guestseal.guest.network.renderers.interfaces import FILE, MAIN, RESOLV_CONF
from guestseal.machine.network import Interface

pytestmark = needs_root

NETWORKD = f"/etc/systemd/network/00-guestseal-{MAC.replace(':', '')}.network"
NO_DHCP: tuple[Interface, ...] = (Interface("eth0", MAC, ()),)
UP = (Interface("eth0", MAC, (ipaddress.ip_interface(ADDRESS),)),)
HAS_DHCP = (Interface("eth0", MAC, (ipaddress.ip_interface("192.0.2.9/24"),)),)
TOOLS: dict[str, bytes] = {"ifup": b"", "ifdown": b"", "ifquery": b"", "networkctl": b""}


class Cards(FakeNetwork):
    """A machine with one card, whose address is there as soon as a program has configured it."""

    def __init__(self, commands: FakeCommands, before: Sequence[Interface], after: Sequence[Interface]) -> None:
        super().__init__(before)
        self._commands, self._after = commands, tuple(after)

    def interfaces(self) -> tuple[Interface, ...]:
        configured = any(words[0] in ("ifup", "networkctl", "nmcli", "netplan") for words in self._commands.ran)
        return self._after if configured else super().interfaces()

    def ready(self) -> bool:
        return any(each.addresses for each in self.interfaces())


class Running:
    """A clone that runs on a machine: the step's result, and what it ran."""

    def __init__(
        self,
        tree: CloneTree,
        *,
        before: Sequence[Interface] = NO_DHCP,
        after: Sequence[Interface] = UP,
        outputs: Mapping[str, bytes] = TOOLS,
    ) -> None:
        self.tree, self.clock, self.commands = tree, FakeClock(), FakeCommands(dict(outputs))
        network = Cards(self.commands, before, after)
        self.machine = machine(network=network, clock=self.clock, commands=self.commands)

    def clone(self, config: NetworkConfig = STATIC, memory: Mapping[str, str] | None = None) -> Clone:
        return dataclasses.replace(self.tree.clone(memory=memory, network=config), machine=self.machine, live=True)

    def run(self, config: NetworkConfig = STATIC, memory: Mapping[str, str] | None = None) -> Result:
        clone = self.clone(config, memory)
        try:
            return STEP.run(clone)
        finally:
            clone.root.close()


def with_networkd(path: Path, changes: Mapping[str, Entry | None] | None = None, **settings: str) -> CloneTree:
    """A clone that uses systemd-networkd."""
    return clone_tree(path, {MAIN: None, **enabled("systemd-networkd.service"), **(changes or {})}, **settings)


def other(address: str) -> NetworkConfig:
    return NetworkConfig((dataclasses.replace(STATIC.links[0], addresses=(ipaddress.ip_interface(address),)),))


def test_ifupdown_is_told_and_obeys(tmp_path: Path) -> None:
    vm = Running(clone_tree(tmp_path))
    before = read(tmp_path)
    result = vm.run()
    assert (result.changed, result.detail, result.warnings) == (True, "10.77.0.11/24, by ifupdown", ())
    assert vm.commands.ran == [
        ("ifdown", "--force", "eth0"),
        ("ifquery", "--list", "--all"),
        ("ifup", "eth0"),
    ]
    changed = {path: entry for path, entry in read(tmp_path).items() if before.get(path) != entry}
    assert set(changed) == {MAIN, "/etc/network/interfaces.d", FILE, RESOLV_CONF}
    assert vm.tree.read(RESOLV_CONF) == "nameserver 10.77.0.1\n"
    assert "iface eth0 inet static\n    address 10.77.0.11/24\n    gateway 10.77.0.1\n" in vm.tree.read(FILE)


def test_networkd_is_told_and_obeys(tmp_path: Path) -> None:
    vm = Running(with_networkd(tmp_path))
    result = vm.run()
    assert (result.changed, result.warnings) == (True, ())
    assert vm.commands.ran == [("networkctl", "reload")]
    assert "Address=10.77.0.11/24" in vm.tree.read(NETWORKD)


# When


def test_five_seconds_are_given_to_dhcp(tmp_path: Path) -> None:
    vm = Running(with_networkd(tmp_path))
    start = vm.clock.monotonic()
    vm.run()
    assert 5.0 <= vm.clock.monotonic() - start < 6.0


def test_where_dhcp_brings_an_address_nothing_is_written(tmp_path: Path) -> None:
    vm = Running(with_networkd(tmp_path), before=HAS_DHCP)
    before = fingerprint(tmp_path)
    result = vm.run()
    assert result == Result(False, "an interface has an address without it")
    assert (fingerprint(tmp_path), vm.commands.ran) == (before, [])


def test_without_a_carrier_nobody_waits(tmp_path: Path) -> None:
    vm = Running(with_networkd(tmp_path))
    vm.machine.network.interfaces = lambda: UP if vm.commands.ran else ()  # type: ignore[method-assign]
    start = vm.clock.monotonic()
    assert vm.run().changed
    assert vm.clock.monotonic() == start


def test_always_does_not_wait_for_dhcp_and_does_not_mind_it(tmp_path: Path) -> None:
    vm = Running(with_networkd(tmp_path, network="always"), before=HAS_DHCP)
    start = vm.clock.monotonic()
    assert vm.run().changed
    assert vm.clock.monotonic() == start


def test_never_is_never(tmp_path: Path) -> None:
    vm = Running(with_networkd(tmp_path, network="never"))
    before = fingerprint(tmp_path)
    assert not vm.run().changed
    assert (fingerprint(tmp_path), vm.commands.ran) == (before, [])


def test_without_a_fixed_address_nothing_is_written(tmp_path: Path) -> None:
    vm = Running(with_networkd(tmp_path, network="always"))
    before = fingerprint(tmp_path)
    links = (dataclasses.replace(STATIC.links[0], addresses=(), dhcp4=True),)
    assert vm.run(NetworkConfig(links)) == Result(False, "no fixed address: DHCP brings them")
    assert fingerprint(tmp_path) == before


def test_a_tree_that_is_not_running_gets_its_files_and_nothing_else(tmp_path: Path) -> None:
    """The card's name is the platform's there: the machine to ask is another one."""
    vm = clone_tree(tmp_path)
    config = NetworkConfig((dataclasses.replace(STATIC.links[0], name="eth0"),))
    result = vm.run(STEP, network=config)
    assert (result.changed, result.warnings) == (True, ())
    assert "iface eth0 inet static" in vm.read(FILE)


# Later boots


def test_the_same_configuration_again_does_nothing(tmp_path: Path) -> None:
    first = Running(with_networkd(tmp_path)).run()
    again = Running(CloneTree(tmp_path))
    before = fingerprint(tmp_path)
    assert again.run(memory=first.memory) == Result(False, "as before", memory=first.memory)
    assert (fingerprint(tmp_path), again.commands.ran) == (before, [])


def test_another_configuration_is_taken_although_there_is_an_address(tmp_path: Path) -> None:
    first = Running(with_networkd(tmp_path)).run()
    address = ipaddress.ip_interface("10.77.0.99/24")
    vm = Running(CloneTree(tmp_path), before=UP, after=(Interface("eth0", MAC, (address,)),))
    second = vm.run(other("10.77.0.99/24"), first.memory)
    assert (second.changed, second.warnings) == (True, ())
    assert "Address=10.77.0.99/24" in vm.tree.read(NETWORKD)


def test_an_administrators_file_stays(tmp_path: Path) -> None:
    first = Running(with_networkd(tmp_path)).run()
    place = Path(f"{tmp_path}{NETWORKD}")
    place.write_text(place.read_text() + "# mine\n")
    before = fingerprint(tmp_path)
    vm = Running(CloneTree(tmp_path))
    same = vm.run(memory=first.memory)
    assert same == Result(False, f"{NETWORKD}: edited on this machine, stays", memory=first.memory)
    changed = vm.run(other("10.77.0.99/24"), first.memory)
    assert (changed.changed, changed.memory) == (False, first.memory)
    assert changed.warnings == (
        f"the platform's network configuration changed, and so did {NETWORKD} on this machine: it stays as it is",
    )
    assert (fingerprint(tmp_path), vm.commands.ran) == (before, [])


def test_one_that_was_removed_stays_so(tmp_path: Path) -> None:
    first = Running(with_networkd(tmp_path)).run()
    Path(f"{tmp_path}{NETWORKD}").unlink()
    vm = Running(CloneTree(tmp_path))
    assert not vm.run(memory=first.memory).changed
    assert vm.run(other("10.77.0.99/24"), first.memory).warnings


def test_what_others_write_into_the_resolvers_file_is_no_edit(tmp_path: Path) -> None:
    first = Running(clone_tree(tmp_path)).run()
    Path(f"{tmp_path}{RESOLV_CONF}").write_text("nameserver 9.9.9.9\n")
    assert Running(CloneTree(tmp_path)).run(memory=first.memory).detail == "as before"


def test_the_file_of_a_card_that_is_gone_goes(tmp_path: Path) -> None:
    first = Running(with_networkd(tmp_path)).run()
    mac = "52:54:00:77:00:99"
    network = (Interface("eth0", mac, (ipaddress.ip_interface(ADDRESS),)),)
    vm = Running(CloneTree(tmp_path), before=network, after=network)
    assert vm.run(NetworkConfig((dataclasses.replace(STATIC.links[0], mac=mac),)), first.memory).changed
    assert not Path(f"{tmp_path}{NETWORKD}").exists()


def test_fixed_addresses_that_the_platform_takes_back_are_told_of(tmp_path: Path) -> None:
    first = Running(with_networkd(tmp_path)).run()
    result = Running(CloneTree(tmp_path)).run(NetworkConfig(()), first.memory)
    assert (result.changed, result.memory) == (False, first.memory)
    assert NETWORKD in result.warnings[0]


def test_after_a_power_cut_the_next_boot_does_it(tmp_path: Path) -> None:
    """Whatever is left, it is written whole, and the tool is told."""
    config = NetworkConfig((dataclasses.replace(STATIC.links[0], name="eth0"),))

    def make(path: Path) -> CloneTree:
        return clone_tree(path)

    whole = make(tmp_path / "whole")
    whole.run(STEP, network=config)
    expected = [whole.read(path) for path in (FILE, MAIN, RESOLV_CONF)]
    count = 0
    for vm in every_cut(make, lambda vm: vm.run(STEP, network=config), tmp_path):
        count += 1
        vm.run(STEP, network=config)
        assert [vm.read(path) for path in (FILE, MAIN, RESOLV_CONF)] == expected
    assert count > 3


# What can go wrong


@pytest.mark.parametrize(
    ("cards", "why"),
    [
        ((Interface("eth0", "52:54:00:00:00:01", ()),), "which this machine does not have"),
        ((), "which this machine does not have"),
        ((*NO_DHCP, Interface("eth1", MAC, ())), "which several have"),
    ],
)
def test_what_is_for_another_machine_is_refused(tmp_path: Path, cards: tuple[Interface, ...], why: str) -> None:
    vm = Running(with_networkd(tmp_path, network="always"), before=cards)
    before = fingerprint(tmp_path)
    result = vm.run()
    assert (result.changed, result.memory) == (False, {})
    assert result.warnings == (f"the platform's network: it is for {MAC}, {why}",)
    assert (fingerprint(tmp_path), vm.commands.ran) == (before, [])


def test_one_card_too_many_refuses_them_all(tmp_path: Path) -> None:
    vm = Running(with_networkd(tmp_path, network="always"))
    links = (*STATIC.links, dataclasses.replace(STATIC.links[0], mac="52:54:00:00:00:01"))
    assert vm.run(NetworkConfig(links)).warnings
    assert not Path(f"{tmp_path}{NETWORKD}").exists()


def test_a_guest_with_no_known_tool_is_left_alone(tmp_path: Path) -> None:
    vm = Running(clone_tree(tmp_path, {MAIN: None}, network="always"))
    before = fingerprint(tmp_path)
    result = vm.run()
    assert not result.changed
    assert "was recognised" in result.warnings[0]
    assert fingerprint(tmp_path) == before


@pytest.mark.parametrize("name", ["eth0\npost-up reboot", "eth0 inet dhcp", "a/b", "", "x" * 16])
def test_a_name_that_is_none_gets_into_no_file(tmp_path: Path, name: str) -> None:
    """The documents were validated: this is the last gate."""
    before = fingerprint(clone_tree(tmp_path).path)
    config = NetworkConfig((dataclasses.replace(STATIC.links[0], mac=None, name=name),))
    with pytest.raises(Malformed):
        CloneTree(tmp_path).run(STEP, network=config)
    assert fingerprint(tmp_path) == before


def test_a_zone_of_an_address_gets_into_no_file_either(tmp_path: Path) -> None:
    """ipaddress takes anything for a zone."""
    via = ipaddress.ip_address("fe80::1%eth0\nup reboot")
    route = Route(ipaddress.ip_network("::/0"), via)
    config = NetworkConfig((dataclasses.replace(STATIC.links[0], name="eth0", routes=(route,)),))
    with pytest.raises(Malformed):
        clone_tree(tmp_path).run(STEP, network=config)


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    precious = {MAIN: Link("/etc/precious"), "/etc/precious": File("auto lo\niface lo inet loopback\n")}
    vm = Running(clone_tree(tmp_path, precious, network="always"))
    with pytest.raises(GuestError, match=MAIN):
        vm.run()
    assert vm.tree.read("/etc/precious") == "auto lo\niface lo inet loopback\n"
    assert not Path(f"{tmp_path}{FILE}").exists()
    assert vm.tree.leftovers() == []


def test_files_that_the_tool_refuses_are_taken_back(tmp_path: Path) -> None:
    """It would refuse them at the next boot, too, and all others with them."""
    tools = dict.fromkeys(("ifup", "ifdown"), b"")
    vm = Running(clone_tree(tmp_path), outputs=tools)
    with pytest.raises(CommandError, match="ifquery"):
        vm.run()
    assert vm.tree.read(MAIN) == "auto lo eth0\niface lo inet loopback\niface eth0 inet dhcp\n"
    assert not Path(f"{tmp_path}{FILE}").exists()
    assert not Path(f"{tmp_path}{RESOLV_CONF}").exists()
    assert vm.commands.ran[-1] == ("ifup", "eth0")


def test_an_address_that_does_not_come_is_a_warning(tmp_path: Path) -> None:
    vm = Running(with_networkd(tmp_path), after=NO_DHCP)
    result = vm.run()
    assert (result.changed, result.warnings) == (True, ("eth0 has no address 10.77.0.11",))
    assert vm.clock.monotonic() - 1000.0 < 20.0


def test_a_tool_that_fails_is_a_warning_and_the_files_stay(tmp_path: Path) -> None:
    vm = Running(with_networkd(tmp_path), outputs={}, after=UP)
    result = vm.run()
    assert result.warnings == ("networkctl: not run: No such file or directory; the next boot will do it",)
    assert Path(f"{tmp_path}{NETWORKD}").exists()


def test_a_tool_that_hangs_is_given_up(tmp_path: Path) -> None:
    tree = clone_tree(tmp_path / "tree", {MAIN: None, **enabled("NetworkManager.service")})
    program = tmp_path / "nmcli"
    program.write_text("#!/bin/sh\nexec sleep 600\n")
    program.chmod(0o755)
    vm = Running(tree, after=NO_DHCP)
    vm.machine.commands = commands = Impatient({"PATH": f"{tmp_path}:/usr/bin:/bin"}, 1.0)
    result = vm.run()
    assert result.changed
    assert result.warnings[0].startswith("nmcli connection reload: killed, it did not end within 1 s")
    assert 0 < min(commands.given) <= max(commands.given) <= COMMANDS_WITHIN
    assert result.warnings[-1] == "eth0 has no address 10.77.0.11"
