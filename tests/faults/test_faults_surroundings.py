"""Faults in what lies around the platform: proxies, names, other candidates, closed ports beside open ones.

Every test is a whole first boot. What all of them have to keep (the time, the secrets, a
second boot that changes nothing) is checked by the harness.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from support.children import NEW_MOUNTS, in_child
from support.clones import CloneTree, needs_root
from support.clouds import ROUTER, SECOND_ROUTER, Cloud, cloudstack, ec2, free_port, this_machine
from support.first_boot import boot, is_web, only_local
from support.machine import FakeNetwork, HangingLookup, nowhere
from support.networks import networks
from support.platforms import OTHER_KEY, WEB

from guestseal.firstboot.survey import LOOKUP_SECONDS
from guestseal.machine.network import Network
from guestseal.machine.resolver import Resolver
from guestseal.simulate.blackhole import BlackHole
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance
from guestseal.simulate.server import Simulator
from guestseal.simulate.service import Request, Response

pytestmark = needs_root

MakeCloud = Callable[..., Cloud]
both = pytest.mark.parametrize("make", [cloudstack, ec2])
OTHER = Instance("6a1c9a8a-0000-4000-8000-00000000000f", "other", (OTHER_KEY,), "another one's password")
PUBLIC = "93.184.216.34"


class Greedy:
    """A proxy, or a server on the Internet, that has an answer for everybody."""

    def answer(self, request: Request) -> Response:
        """Metadata of a machine that is not this one."""
        return Response(200, b"i-proxy", headers=(("Content-Type", "text/plain"),))


@both
def test_T25_a_proxy_of_the_environment_is_never_asked(make: MakeCloud, clone: CloneTree, tmp_path: Path) -> None:
    def behind_a_proxy() -> str:
        with ExitStack() as stack:
            service = Greedy()
            proxy = stack.enter_context(Simulator({("127.0.0.82", 0): service}))
            _surround_with(proxy.url_of(service), tmp_path)
            outcome = boot(clone, stack.enter_context(make()))
            headers = {name.lower() for exchange in outcome.journal for name, _ in exchange.fields}
            return json.dumps([outcome.status, len(proxy.journal), "authorization" in headers])

    assert json.loads(in_child(behind_a_proxy, namespaces=NEW_MOUNTS)) == ["done", 0, False]
    assert is_web(clone, with_password=make is cloudstack)


def _surround_with(proxy: str, place: Path) -> None:
    """The process's environment, /etc/environment and ~/.netrc as they lead everything to ``proxy``."""
    names = ("http_proxy", "https_proxy", "all_proxy", "ftp_proxy")
    lines = {spelled: proxy for name in names for spelled in (name, name.upper())}
    lines["no_proxy"] = lines["NO_PROXY"] = "example.com"
    os.environ.update(lines, HOME=str(place), NETRC=str(place / ".netrc"))
    machines = "".join(f"machine {host} login eve password eve\n" for host in (ROUTER, "127.0.0.61"))
    (place / ".netrc").write_text(f"{machines}default login eve password eve\n")
    (place / ".netrc").chmod(0o600)
    (place / "environment").write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
    Path("/etc/environment").touch()
    subprocess.run(["mount", "--bind", str(place / "environment"), "/etc/environment"], check=True)


def test_T26_of_two_candidates_the_machines_own_one_wins(clone: CloneTree) -> None:
    with cloudstack(clones={ROUTER: {"*": OTHER}, SECOND_ROUTER: {"*": WEB}}) as cloud:
        outcome = boot(clone, cloud)
        assert cloud.router(ROUTER).pending("127.0.0.1")
        assert not cloud.router(SECOND_ROUTER).pending("127.0.0.1")
    assert outcome.status == "done"
    assert is_web(clone, with_password=True)
    assert "another machine's instance-id; not believed" in outcome.remarks


def test_T26_else_the_one_on_the_network_of_the_default_route(clone: CloneTree) -> None:
    first, second = {"10.1.1.5": OTHER}, {"10.2.2.5": WEB}

    def with_two_networks() -> str:
        with networks("10.1.1", "10.2.2", default="10.2.2") as routers_end:
            machine = this_machine(network=Network(resolver=Resolver(nowhere)), uuid=None)
            with routers_end():
                cloud = cloudstack(clones={"10.1.1.1": first, "10.2.2.1": second}, on=machine)
            with cloud:
                outcome = boot(clone, cloud)
            return json.dumps([outcome.status, outcome.facts["address"].split(":")[0], outcome.remarks])

    status, address, remarks = json.loads(in_child(with_two_networks))
    assert (status, address) == ("done", "10.2.2.1")
    assert is_web(clone, with_password=True)
    assert "another machine's instance-id; not believed" in remarks
    assert "offers a password with another machine's instance-id; not set" in remarks


def test_T27_the_ipv6_address_alone_is_enough(clone: CloneTree) -> None:
    with ec2(hosts=("::1",)) as cloud, BlackHole() as hole:
        dark = ("ec2", f"http://127.0.0.1:{hole.address[1]}")
        cloud.settings = replace(cloud.settings, endpoints=(dark, *cloud.settings.endpoints))
        outcome = boot(clone, cloud, budget=10)
    assert outcome.status == "done"
    assert is_web(clone, with_password=False)
    assert outcome.facts["address"].startswith("[::1]:")
    assert outcome.seconds < 5


def test_T27_nor_is_a_virtual_router_waited_for(clone: CloneTree) -> None:
    with ec2(hosts=("::1",), on=this_machine(vendor="Amazon EC2")) as cloud:
        cloud.settings = replace(cloud.settings, sources="cloudstack,ec2")
        outcome = boot(clone, cloud, budget=10)
    assert outcome.status == "done"
    assert outcome.seconds < 5


def test_T28_a_name_server_that_hangs_holds_no_candidate_up(clone: CloneTree) -> None:
    lookup = HangingLookup()
    with cloudstack(on=this_machine(network=FakeNetwork(lookup=lookup))) as cloud:
        outcome = boot(clone, cloud, budget=10)
        lookup.release.set()
    assert outcome.status == "done"
    assert is_web(clone, with_password=True)
    assert outcome.seconds < LOOKUP_SECONDS


def test_T28_and_is_not_waited_for_longer_than_the_budget(clone: CloneTree) -> None:
    lookup = HangingLookup()
    with cloudstack(on=this_machine(network=FakeNetwork(lookup=lookup))) as cloud:
        cloud.settings = replace(cloud.settings, routers=())
        outcome = boot(clone, cloud, budget=1)
        lookup.release.set()
    assert outcome.status == "degraded"
    assert only_local(clone, outcome)
    assert outcome.seconds < LOOKUP_SECONDS


def test_T29_a_stranger_under_the_routers_name_is_never_contacted(clone: CloneTree) -> None:
    def hijacked() -> str:
        contacted: set[str] = set()

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            if event in ("socket.connect", "socket.sendto"):
                contacted.add(str(arguments[1][0]))  # type: ignore[index]

        sys.addaudithook(watch)
        network = FakeNetwork(lookup=lambda _: [PUBLIC, "2606:2800:220:1::1"])
        with cloudstack(on=this_machine(network=network)) as cloud:
            outcome = boot(clone, cloud)
        return json.dumps([outcome.status, sorted(contacted)])

    assert json.loads(in_child(hijacked)) == ["done", [ROUTER]]
    assert is_web(clone, with_password=True)


def test_T29_a_web_server_in_the_routers_place_is_not_believed(clone: CloneTree) -> None:
    page = Fault(status=200, body=b"<html>Buy this domain</html>")
    network = FakeNetwork(lookup={"data-server.": [ROUTER]}.__getitem__)
    with cloudstack(page, on=this_machine(network=network)) as cloud:
        cloud.settings = replace(cloud.settings, routers=())
        outcome = boot(clone, cloud)
    assert outcome.status == "degraded"
    assert only_local(clone, outcome)
    assert outcome.asked("saved_password") == []


def test_T30_where_the_password_server_is_closed_the_metadata_is_kept(clone: CloneTree) -> None:
    with cloudstack() as cloud:
        cloud.settings = replace(cloud.settings, password_ports=(free_port(ROUTER),))
        outcome = boot(clone, cloud)
        assert cloud.pending()
    assert outcome.status == "degraded"
    assert is_web(clone, with_password=False)
    assert "no answer about a password: connection refused" in outcome.remarks


@pytest.mark.parametrize("order", [1, -1], ids=["closed first", "closed last"])
def test_T30_every_configured_port_is_asked(clone: CloneTree, order: int) -> None:
    with cloudstack() as cloud:
        ports = (free_port(ROUTER), *cloud.settings.password_ports)[::order]
        cloud.settings = replace(cloud.settings, password_ports=ports)
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    assert is_web(clone, with_password=True)
