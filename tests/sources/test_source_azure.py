"""The Instance Metadata Service of Azure: versions, wrapped keys, and a document of which each part may be wrong."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from support.machine import machine, soon
from support.platforms import KEY, OTHER_KEY, UUID, Platform, serving
from support.sources import WRONG, Asking, asking, said, told

from guestseal.errors import Absent, Malformed, SourceError, Unreachable
from guestseal.firstboot.source import Likelihood
from guestseal.firstboot.sources.azure import PATH, SOURCE
from guestseal.firstboot.wire_server import GOAL_STATE, HEALTH, SERVICE, health_report
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings
from guestseal.simulate.azure import Azure, InstanceMetadata
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance

ID = "02aab8a4-74ef-476e-8182-f6d2ba4166a6"
VM = Instance(ID, "examplevmname", (f"{KEY} me", f"{OTHER_KEY} you"), user_data=b"#!/bin/sh\n")
NEW, OLD = f"{PATH}2021-02-01", f"{PATH}2019-06-01"
ON_AZURE = Firmware(vendor="Microsoft Corporation", chassis_tag="7783-7084-3265-9085-8269-3286-77")
FILE = "/home/user/.ssh/authorized_keys"
COMPUTE = {  # "Azure Instance Metadata Service", sample response of a Linux VM, with keys that are some
    "azEnvironment": "AZUREPUBLICCLOUD",
    "evictionPolicy": "",
    "isHostCompatibilityLayerVm": "true",
    "location": "westus",
    "name": "examplevmname",
    "offer": "UbuntuServer",
    "osProfile": {
        "adminUsername": "admin",
        "computerName": "examplevmname",
        "disablePasswordAuthentication": "true",
    },
    "osType": "Linux",
    "placementGroupId": "f67c14ab-e92c-408c-ae2d-da15866ec79a",
    "provider": "Microsoft.Compute",
    "publicKeys": [{"keyData": f"{KEY} 0", "path": FILE}, {"keyData": OTHER_KEY, "path": FILE}],
    "storageProfile": {"dataDisks": [], "osDisk": {"caching": "ReadWrite", "name": "exampleosdiskname"}},
    "tagsList": [{"name": "foo", "value": "foo2"}],
    "userData": "IyEvYmluL3NoCg==",
    "version": "15.05.22",
    "vmId": ID,
    "vmSize": "Standard_A3",
    "zone": "",
}
NETWORK = {
    "interface": [{"ipv4": {"ipAddress": [{"privateIpAddress": "10.144.133.132"}]}, "macAddress": "0011AAFFBB22"}]
}


def platform(instance: Instance, *faults: Fault, host: str = "127.0.0.53", **options: object) -> Platform:
    """How to simulate it, for the conformance tests."""
    return _serving(Azure({"*": instance}), *faults, host=host, **options)


def _serving(service: Azure, *faults: Fault, **options: Any) -> Platform:
    served = serving("azure", service, *faults, **options)
    ((_, url),) = served.settings.endpoints
    served.settings = replace(served.settings, endpoints=(("azure", url), (SERVICE, url)))
    return served


@pytest.fixture
def fetch() -> Iterator[Asking]:
    with asking(SOURCE, platform, VM) as ask:
        yield ask


def document(**items: object) -> Fault:
    """The answer of the documentation, with these items of ``compute`` in the place of others; None: without."""
    compute = {name: value for name, value in {**COMPUTE, **items}.items() if value is not None}
    return said(NEW, {"compute": compute, "network": NETWORK})


def test_everything_is_told_by_one_request(fetch):
    assert told(fetch()) == (ID, "examplevmname", VM.ssh_keys, ())
    (exchange,) = fetch.platform.simulator.journal
    assert (exchange.target, exchange.header("Metadata")) == (NEW, "true")


def test_the_document_of_the_documentation_is_understood(fetch):
    found = fetch(document(), user_data="keep")
    assert told(found) == (ID, "examplevmname", (f"{KEY} 0", OTHER_KEY), ())
    assert found.user_data == b"#!/bin/sh\n"


def test_a_service_that_does_not_know_the_version_is_asked_for_an_older_one():
    serve: Any = lambda vm, *faults, **options: serving(  # noqa: E731
        "azure", InstanceMetadata({"*": vm}, versions=("2017-04-02", "2019-06-01")), *faults, **options
    )
    with asking(SOURCE, serve, VM) as fetch:
        found = fetch(user_data="keep")
        assert told(found) == (ID, "examplevmname", VM.ssh_keys, ())
        assert found.user_data is None
        assert fetch.asked == [NEW, OLD]


def test_a_service_that_knows_neither_version_is_malformed(fetch):
    with pytest.raises(Malformed, match="status 400"):
        fetch(Fault(status=400, body=b'{"error": "Bad request"}'))
    assert fetch.asked == [NEW, OLD]


@pytest.mark.parametrize("width", [64, 70])
def test_a_key_that_was_wrapped_is_put_together(fetch, width):
    kind, blob = KEY.split()
    wrapped = f"{kind} " + "\r\n".join(blob[at : at + width] for at in range(0, len(blob), width)) + " me\r\n"
    keys = [{"keyData": wrapped, "path": FILE}, {"keyData": OTHER_KEY, "path": FILE}]
    assert told(fetch(document(publicKeys=keys)))[2:] == ((f"{KEY} me", OTHER_KEY), ())


def test_a_certificate_is_no_key(fetch):
    certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    found = fetch(document(publicKeys=[{"keyData": certificate, "path": FILE}, {"keyData": KEY, "path": FILE}]))
    assert found.ssh_keys == (KEY,)
    assert len(found.remarks) == 1


def test_the_name_of_the_guest_comes_before_that_of_the_resource(fetch):
    assert fetch(document(name="resource_7")).hostname == "examplevmname"
    assert fetch(document(name="resource-7", osProfile=None)).hostname == "resource-7"


def test_only_an_id_is_needed(fetch):
    assert told(fetch(said(NEW, {"compute": {"vmId": ID}}))) == (ID, None, None, ())


def test_a_specialized_image_has_no_keys(fetch):
    found = fetch(document(osProfile=None, publicKeys=[]))
    assert told(found) == (ID, "examplevmname", (), ())


@pytest.mark.parametrize("value", [value for value in WRONG if value != 5], ids=repr)
def test_without_an_id_nothing_is_believed(fetch, value):
    with pytest.raises(Malformed):
        fetch(document(vmId=value))
    with pytest.raises(Malformed):
        fetch(said(NEW, {"compute": value}))


@pytest.mark.parametrize("name", ["computerName", "publicKeys", "userData"])
@pytest.mark.parametrize("value", [value for value in WRONG if value is not None], ids=repr)
def test_what_is_wrong_costs_itself_alone(fetch, name, value):
    item = {"osProfile": {"computerName": value}, "name": value} if name == "computerName" else {name: value}
    found = fetch(document(**item), user_data="keep")
    assert found.instance_id == ID
    others = {"computerName": found.hostname, "publicKeys": found.ssh_keys, "userData": found.user_data}
    spoiled = others.pop(name)
    assert None not in others.values()
    assert not spoiled or isinstance(spoiled, bytes)
    assert len(found.remarks) <= 1


@pytest.mark.parametrize("value", [5, True, {"keyData": KEY}, [{"keyData": 5}], [{"path": FILE}]], ids=repr)
def test_keys_that_are_no_list_of_keys_leave_a_remark(fetch, value):
    found = fetch(document(publicKeys=value))
    assert (found.ssh_keys, len(found.remarks)) == (None, 1)


def test_bad_names_and_keys_cost_themselves_and_a_remark(fetch):
    found = fetch(document(osProfile={"computerName": "a;reboot"}, publicKeys=[{"keyData": KEY}, {"keyData": "AAAA"}]))
    assert (found.hostname, found.ssh_keys) == (None, (KEY,))
    assert len(found.remarks) == 2
    assert not [remark for remark in found.remarks if "reboot" in remark or "AAAA" in remark]


def test_user_data_is_decoded_and_taken_only_where_it_is_wanted(fetch):
    binary = bytes(range(256))
    assert fetch().user_data is None
    assert fetch(vm=Instance(ID, user_data=binary), user_data="keep").user_data == binary
    assert fetch(vm=Instance(ID), user_data="keep").user_data is None
    spoiled = fetch(document(userData=base64.b64encode(binary).decode()[:-2] + "*"), user_data="keep")
    assert (spoiled.user_data, spoiled.remarks) == (None, ("user data: not base64",))


@pytest.mark.parametrize("status", [404, 410])
def test_on_azure_a_service_that_is_not_there_yet_may_come(fetch, status):
    with pytest.raises(Unreachable, match="not there yet"):
        fetch(Fault(status=status), firmware=ON_AZURE)
    with pytest.raises(Absent):
        fetch(Fault(status=status))


@pytest.mark.parametrize(
    ("firmware", "likelihood"),
    [
        (ON_AZURE, Likelihood.LIKELY),
        (Firmware(vendor="Microsoft Corporation", product="Virtual Machine", uuid=UUID), Likelihood.UNLIKELY),
        (Firmware(), Likelihood.POSSIBLE),
    ],
    ids=["azure", "Hyper-V", "nothing"],
)
def test_firmware_is_a_hint(firmware, likelihood):
    assert SOURCE(machine(firmware=firmware), Settings()).detect() is likelihood


# WALinuxAgent, tests/data/wire/goal_state.xml; the identifiers are those that Microsoft's documentation shows.
CONTAINER, INSTANCE = "7b324f53-983a-43bc-b919-1775d6077608", "fbb84507-46cd-4f4e-bd78-a2edaa9d059b._thstringnopa2"
GOAL = f"""<?xml version="1.0" encoding="utf-8"?>
<GoalState xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="goalstate10.xsd">
   <Version>2010-12-15</Version>
   <Incarnation>1</Incarnation>
   <Machine>
     <ExpectedState>Started</ExpectedState>
     <LBProbePorts>
       <Port>16001</Port>
     </LBProbePorts>
   </Machine>
   <Container>
     <ContainerId>{CONTAINER}</ContainerId>
     <RoleInstanceList>
       <RoleInstance>
         <InstanceId>{INSTANCE}</InstanceId>
         <State>Started</State>
         <Configuration>
         <HostingEnvironmentConfig>http://168.63.129.16:80/hostingenvuri/</HostingEnvironmentConfig>
         <SharedConfig>http://168.63.129.16:80/sharedconfiguri/</SharedConfig>
         <Certificates>http://168.63.129.16:80/certificatesuri/</Certificates>
         <ExtensionsConfig>http://168.63.129.16:80/extensionsconfiguri/</ExtensionsConfig>
         <FullConfig>http://168.63.129.16:80/fullconfiguri/</FullConfig>
         <ConfigName>DummyRoleConfigName.xml</ConfigName>
         </Configuration>
       </RoleInstance>
     </RoleInstanceList>
   </Container>
 </GoalState>
"""
# What Microsoft's sample sends for it ("Creating generalized images without a provisioning agent").
HEALTHY = (
    f"<GoalStateIncarnation>1</GoalStateIncarnation><Container><ContainerId>{CONTAINER}</ContainerId>"
    f"<RoleInstanceList><Role><InstanceId>{INSTANCE}</InstanceId><Health><State>Ready</State></Health></Role>"
    "</RoleInstanceList></Container></Health>"
)
Report = Callable[..., Platform]


@pytest.fixture
def report() -> Iterator[Report]:
    """Reports to a simulated wire server; gives the platform."""
    with ExitStack() as stack:

        def send(*faults: Fault) -> Platform:
            served = platform(VM, *faults)
            stack.callback(served.close)
            SOURCE(served.machine, served.settings).report_ready(soon(1.0))
            return served

        yield send


def test_ready_is_reported_with_what_the_goal_state_names(report):
    asked, told = report().simulator.journal
    assert (asked.method, asked.target, told.method, told.target) == ("GET", GOAL_STATE, "POST", HEALTH)
    assert {each.header("x-ms-version") for each in (asked, told)} == {"2012-11-30"}
    assert (told.status, told.header("Content-Type")) == (200, "text/xml; charset=utf-8")
    assert told.header("Content-Length") == str(len(told.body))
    assert b"<State>Ready</State>" in told.body


def test_the_report_is_the_one_of_the_documentation():
    report = "".join(line.strip() for line in health_report("here", GOAL.encode()).decode().splitlines())
    assert report.endswith(HEALTHY)
    assert health_report("here", b"\xef\xbb\xbf" + GOAL.replace("\n", "\r\n").encode()) == health_report(
        "here", GOAL.encode()
    )


@pytest.mark.parametrize(
    "spoiled",
    [
        GOAL.replace(CONTAINER, ""),
        GOAL.replace(CONTAINER, "a b"),
        GOAL.replace(CONTAINER, "&lt;State&gt;NotReady&lt;/State&gt;"),
        GOAL.replace(CONTAINER, "x" * 129),
        GOAL.replace(INSTANCE, "\u00fc"),
        GOAL.replace("<Incarnation>1<", "<Incarnation>one<"),
        GOAL.replace("<Incarnation>1<", "<Incarnation>\u0661<"),
        GOAL.replace("RoleInstanceList", "Roles"),
        GOAL.replace("GoalState", "Health"),
        GOAL.replace("<GoalState", f'<!DOCTYPE GoalState [<!ENTITY c "{CONTAINER}">]><GoalState').replace(
            f">{CONTAINER}<", ">&c;<"
        ),
        GOAL[:-20],
        "",
    ],
    ids=range(12),
)
def test_a_goal_state_that_is_none_is_not_answered(report, spoiled):
    with pytest.raises(Malformed) as caught:
        health_report("here", spoiled.encode())
    assert CONTAINER not in str(caught.value)
    with pytest.raises(Malformed):
        report(Fault(path=GOAL_STATE, status=200, body=spoiled.encode()))


@pytest.mark.parametrize("status", [400, 401, 404, 410, 429, 500, 503])
@pytest.mark.parametrize("path", [GOAL_STATE, HEALTH])
def test_a_report_that_was_refused_is_an_error(report, path, status):
    with pytest.raises(SourceError, match=f"status {status}"):
        report(Fault(path=path, status=status))


def test_of_several_wire_servers_the_first_that_takes_it_is_told():
    served = platform(VM)
    (_, url) = served.settings.endpoints[0]
    settings = replace(served.settings, endpoints=((SERVICE, "http://127.0.0.99:1"), (SERVICE, url), (SERVICE, url)))
    SOURCE(machine(), settings).report_ready(soon(1.0))
    assert len(served.simulator.journal.select(method="POST")) == 1
    served.close()


def test_a_proxy_of_the_environment_is_not_asked(report, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.99:1")
    assert report().asked() == 2
