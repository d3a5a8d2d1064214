"""The host name of a DHCP lease: whose lease it is, and what makes a name of it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from support.machine import CLONE, FakeNetwork, interface, machine, soon
from support.platforms import Platform

from guestseal.errors import Absent
from guestseal.firstboot.metadata import Metadata
from guestseal.firstboot.source import Source
from guestseal.firstboot.sources.dhcp import SOURCE
from guestseal.machine.network import Gateway
from guestseal.settings import Settings
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance

FIRST, SECOND = "10.1.1.5", "10.2.2.5"


class Leases(Platform):
    """A directory with the leases of a DHCP client, until this is taken down."""

    def __init__(self, name: str | None) -> None:
        super().__init__(Settings())
        self.machine.root_directory = tempfile.mkdtemp()
        lease(Path(self.machine.root_directory), 2, address=CLONE, hostname=name, domain="example.org")

    def close(self) -> None:
        """Remove it."""
        shutil.rmtree(self.machine.root_directory, ignore_errors=True)


def platform(instance: Instance, *_: Fault) -> Platform:
    """How to simulate it, for the conformance tests."""
    return Leases(instance.hostname)


def lease(root: Path, index: int, **fields: str | None) -> None:
    """A lease of systemd-networkd: for the first interface, with a server and the name web, unless told otherwise."""
    said = {"address": FIRST, "server": "10.1.1.1", "hostname": "web", **fields}
    keys = {"address": "ADDRESS", "server": "SERVER_ADDRESS", "hostname": "HOSTNAME", "domain": "DOMAINNAME"}
    place = root / f"run/systemd/netif/leases/{index}"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("".join(f"{keys[name]}={value}\n" for name, value in said.items() if value is not None))


@pytest.fixture
def source(tmp_path: Path) -> Callable[..., Source]:
    def make(*, default: str = "eth0") -> Source:
        nics = [interface(FIRST, name="eth0", prefix=24), interface(SECOND, name="eth1", prefix=24)]
        network = FakeNetwork(nics, gateways=[Gateway("10.0.0.1", default)])
        asking = machine(network=network)
        asking.root_directory = str(tmp_path)
        return SOURCE(asking, Settings())

    (tmp_path / "run").mkdir()
    return make


@pytest.mark.parametrize(
    ("hostname", "domain", "name"),
    [
        ("web", None, "web"),
        ("web", "cs2.internal", "web.cs2.internal"),
        ("web", ".cs2.internal.", "web.cs2.internal"),
        ("web", "cs2.internal example.org", "web.cs2.internal"),
        ("web.example.org", "cs2.internal", "web.example.org"),
        ("web.", "cs2.internal", "web.cs2.internal"),
        ("WEB", "Example.ORG", "web.example.org"),
        ("my_web", None, "my-web"),
    ],
)
def test_the_name_and_its_domain_make_one(source, tmp_path, hostname, domain, name):
    lease(tmp_path, 2, hostname=hostname, domain=domain)
    found = source().fetch(soon())
    where = "/run/systemd/netif/leases/2 (eth0)"
    assert found == Metadata("dhcp", where, fallback_hostname=name, remarks=found.remarks)
    assert len(found.remarks) == ("_" in hostname)


def test_it_asks_nobody_and_speaks_for_nobody():
    assert (SOURCE.urls, SOURCE.speaks_for_the_platform, SOURCE.local) == ((), False, False)


@pytest.mark.parametrize(("default", "name"), [("eth0", "web"), ("eth1", "db")])
def test_the_lease_of_the_default_route_wins(source, tmp_path, default, name):
    lease(tmp_path, 2)
    lease(tmp_path, 3, address=SECOND, hostname="db", server="10.2.2.1")
    assert source(default=default).fetch(soon()).fallback_hostname == name


def test_another_interface_speaks_where_that_one_does_not(source, tmp_path):
    lease(tmp_path, 2, hostname=None)
    lease(tmp_path, 3, address=SECOND, hostname="db", server=None)
    asked = source()
    assert asked.fetch(soon()).fallback_hostname == "db"
    assert [attempt.answer for attempt in asked.attempts] == ["no host name", "answered"]


@pytest.mark.parametrize("hostname", [None, "", "localhost", "10.1.1.5", "-web-", "a;reboot", "web\x1b[2J", "x" * 300])
def test_what_is_no_name_is_absent(source, tmp_path, hostname):
    lease(tmp_path, 2, hostname=hostname)
    asked = source()
    with pytest.raises(Absent, match="no lease with a host name"):
        asked.fetch(soon())
    assert "reboot" not in repr(asked.attempts)


def test_a_name_that_is_too_long_loses_its_domain_first(source, tmp_path):
    lease(tmp_path, 2, hostname="w" * 60, domain="example.org")
    found = source().fetch(soon())
    assert (found.fallback_hostname, len(found.remarks)) == ("w" * 60, 1)


def test_no_lease_at_all_is_absent(source):
    with pytest.raises(Absent):
        source().fetch(soon())


def test_the_leftover_of_the_template_is_no_lease(source, tmp_path):
    lease(tmp_path, 2, address="172.16.0.9")
    with pytest.raises(Absent):
        source().fetch(soon())
