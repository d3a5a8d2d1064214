"""The metadata server of Google Compute Engine: whose keys count, and how one knows that it is Google's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.machine import FakeClock, machine, soon
from support.platforms import KEY, OTHER_KEY, UUID, Platform, serving
from support.sources import WRONG, Asking, addresses_of, answer_of_ipv6_alone, asking, said, told

from guestseal.errors import Denied, Malformed, Unreachable
from guestseal.firstboot.source import Likelihood
from guestseal.firstboot.sources.gce import ROOT, SOURCE
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings
from guestseal.simulate.faults import Fault
from guestseal.simulate.gce import FLAVOR, MetadataServer
from guestseal.simulate.instance import Instance

ID = "6925253213546353423"
VM = Instance(ID, "web", (f"{KEY} me", f"{OTHER_KEY} you"), user_data=b"#!/bin/sh\n")
OWN, PROJECT = f"{ROOT}/instance/?recursive=true&alt=json", f"{ROOT}/project/attributes/?recursive=true&alt=json"
THIRD = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICoqKioqKioqKioqKioqKioqKioqKioqKioqKioqKioq"
RECORDED = {  # "View and query VM metadata": the contents of instance/, recursively
    "attributes": {"ssh-keys": f"root:{KEY} me"},
    "cpuPlatform": "Intel Broadwell",
    "description": "",
    "disks": [{"deviceName": "boot", "index": 0, "interface": "SCSI", "mode": "READ_WRITE", "type": "PERSISTENT"}],
    "guestAttributes": {},
    "hostname": "web.us-central1-a.c.my-project.internal",
    "id": int(ID),
    "image": "projects/debian-cloud/global/images/debian-12-bookworm-v20240110",
    "machineType": "projects/739419398126/machineTypes/e2-micro",
    "maintenanceEvent": "NONE",
    "name": "web",
    "networkInterfaces": [{"ip": "10.128.0.2", "mac": "42:01:0a:80:00:02", "mtu": 1460}],
    "preempted": "FALSE",
    "scheduling": {"automaticRestart": "TRUE", "onHostMaintenance": "MIGRATE", "preemptible": "FALSE"},
    "serviceAccounts": {},
    "tags": ["http-server"],
    "zone": "projects/739419398126/zones/us-central1-a",
}


def platform(instance: Instance, *faults: Fault, host: str = "127.0.0.55", **options: object) -> Platform:
    """How to simulate it, for the conformance tests."""
    return serving("gce", MetadataServer({"*": instance}), *faults, host=host, **options)


@pytest.fixture
def fetch() -> Iterator[Asking]:
    with asking(SOURCE, platform, VM) as ask:
        yield ask


def googles(path: str, document: object) -> Fault:
    """An answer of Google's server."""
    fault = said(path, document)
    return Fault(path=path, status=200, body=fault.body, headers=(*fault.headers, FLAVOR))


def with_keys(**values: str) -> Instance:
    """A machine with these attributes, its own or, with ``project_`` before the name, its project's."""
    extra = {}
    for name, value in values.items():
        place, key = ("project", name[8:]) if name.startswith("project_") else ("instance", name)
        extra[f"{place}/attributes/{key if key == 'sshKeys' else key.replace('_', '-')}"] = value
    return Instance(ID, "web", extra=extra)


def test_everything_is_told_by_two_requests_with_the_flavor(fetch):
    assert told(fetch()) == (ID, "web", VM.ssh_keys, ())
    assert fetch.asked == [OWN, PROJECT]
    assert all(exchange.header("Metadata-Flavor") == "Google" for exchange in fetch.platform.simulator.journal)


def test_the_document_of_the_documentation_is_understood(fetch):
    assert told(fetch(googles(OWN, RECORDED))) == (ID, "web", (f"{KEY} me",), ())


@pytest.mark.parametrize("path", [OWN, PROJECT])
def test_a_server_that_does_not_say_that_it_is_googles_is_not_believed(fetch, path):
    document = RECORDED if path == OWN else {"ssh-keys": f"root:{THIRD}"}
    impostor = said(path, document)
    if path == OWN:
        with pytest.raises(Malformed, match="not Google's"):
            fetch(impostor)
    else:
        found = fetch(impostor)
        assert found.ssh_keys == VM.ssh_keys
        assert found.remarks == ("project attributes: not Google's metadata server: no Metadata-Flavor",)


def test_only_an_id_is_needed(fetch):
    assert told(fetch(googles(OWN, {"id": 1}))) == ("1", None, (), ())


@pytest.mark.parametrize("value", [value for value in WRONG if value != 5], ids=repr)
def test_without_an_id_nothing_is_believed(fetch, value):
    with pytest.raises(Malformed):
        fetch(googles(OWN, {**RECORDED, "id": value}))
    assert fetch.asked == [OWN]


@pytest.mark.parametrize("name", ["hostname", "ssh-keys", "user-data"])
@pytest.mark.parametrize("value", [value for value in WRONG if value not in ("<html>",)], ids=repr)
def test_what_is_wrong_costs_itself_alone(fetch, name, value):
    attributes = {"ssh-keys": f"root:{KEY}", "user-data": "#!/bin/sh\n", name: value}
    document = {**RECORDED, "attributes": attributes}
    if name == "hostname":
        document["hostname"] = value
    found = fetch(googles(OWN, document), user_data="keep")
    assert found.instance_id == ID
    others = {"hostname": found.hostname, "ssh-keys": found.ssh_keys, "user-data": found.user_data}
    spoiled = others.pop(name)
    assert None not in others.values()
    assert not spoiled or isinstance(spoiled, bytes)
    assert len(found.remarks) <= 2


@pytest.mark.parametrize("value", WRONG, ids=repr)
@pytest.mark.parametrize("path", [OWN, PROJECT])
def test_attributes_that_are_none_cost_the_keys_alone(fetch, path, value):
    document = {**RECORDED, "attributes": value} if path == OWN else value
    found = fetch(googles(path, document))
    assert (found.instance_id, found.hostname) == (ID, "web")


KEYS = f"root:{KEY} me\nalice:{OTHER_KEY} you\r\n\nbob:{THIRD}"


@pytest.mark.parametrize(
    ("account", "keys"),
    [
        ("root", (f"{KEY} me", f"{OTHER_KEY} you", THIRD)),
        ("alice", (f"{OTHER_KEY} you",)),
        ("bob", (THIRD,)),
        ("carol", ()),
        ("ali", ()),
    ],
)
def test_the_account_gets_its_own_keys_and_root_gets_all(fetch, account, keys):
    assert told(fetch(vm=with_keys(ssh_keys=KEYS), account=account))[2:] == (keys, ())


@pytest.mark.parametrize(
    ("values", "keys"),
    [
        ({"ssh_keys": f"a:{KEY}", "project_ssh_keys": f"b:{OTHER_KEY}"}, (KEY, OTHER_KEY)),
        ({"ssh_keys": f"a:{KEY}", "project_sshKeys": f"b:{OTHER_KEY}"}, (KEY, OTHER_KEY)),
        ({"sshKeys": f"a:{KEY}", "project_ssh_keys": f"b:{OTHER_KEY}"}, (KEY,)),
        ({"sshKeys": f"a:{KEY}", "ssh_keys": f"b:{OTHER_KEY}"}, (OTHER_KEY, KEY)),
        ({"project_ssh_keys": f"b:{OTHER_KEY}", "block_project_ssh_keys": "TRUE"}, ()),
        ({"project_ssh_keys": f"b:{OTHER_KEY}", "block_project_ssh_keys": "true"}, ()),
        ({"project_ssh_keys": f"b:{OTHER_KEY}", "block_project_ssh_keys": "FALSE"}, (OTHER_KEY,)),
        ({"ssh_keys": f"a:{KEY}", "project_ssh_keys": f"b:{KEY}"}, (KEY,)),
        ({}, ()),
    ],
    ids=["both", "old project", "old instance", "both instance", "TRUE", "true", "FALSE", "twice", "none"],
)
def test_the_projects_keys_count_unless_they_are_blocked(fetch, values, keys):
    assert told(fetch(vm=with_keys(**values)))[2:] == (keys, ())


@pytest.mark.parametrize("values", [{"enable_oslogin": "TRUE"}, {"project_enable_oslogin": "true"}], ids=str)
def test_with_os_login_no_key_of_the_metadata_counts(fetch, values):
    found = fetch(vm=with_keys(ssh_keys=KEYS, **values))
    assert found.ssh_keys == ()
    assert found.remarks == ("SSH keys: none are used, because OS Login is enabled",)


def test_the_instance_may_switch_the_projects_os_login_off(fetch):
    vm = with_keys(ssh_keys=f"a:{KEY}", enable_oslogin="FALSE", project_enable_oslogin="TRUE")
    assert fetch(vm=vm).ssh_keys == (KEY,)


NOW = 1700000000.0  # 2023-11-14T22:13:20Z


class Then(FakeClock):
    """A clock that stands at NOW."""

    def now(self) -> float:
        return NOW


@pytest.mark.parametrize(
    ("comment", "counts"),
    [
        ('google-ssh {"userName":"a@example.com","expireOn":"2023-11-14T22:13:21+0000"}', True),
        ('google-ssh {"userName":"a@example.com","expireOn":"2023-11-14T22:13:20+0000"}', False),
        ('google-ssh {"userName":"a@example.com","expireOn":"2023-11-14T23:13:21+0100"}', True),
        ('google-ssh {"userName":"a@example.com","expireOn":"2023-11-14T23:13:19+0100"}', False),
        ('google-ssh {"userName":"a@example.com"}', True),
        ('google-ssh {"expireOn":"tomorrow"}', False),
        ('google-ssh {"expireOn":5}', False),
        ("google-ssh {", False),
        (f'google-ssh {{"userId":{"9" * 50}}}', False),
        ("google-ssh " + "[" * 60_000, False),
        ("google-ssh", True),
        ('joe {"expireOn":"2001-01-01T00:00:00+0000"}', True),
    ],
)
def test_a_key_that_has_expired_is_left_out(comment, counts):
    served = platform(with_keys(ssh_keys=f"a:{KEY} {comment}\nb:{OTHER_KEY}"))
    try:
        found = SOURCE(machine(clock=Then()), served.settings).fetch(soon())
    finally:
        served.close()
    assert [key.split()[1] for key in found.ssh_keys] == [each.split()[1] for each in [KEY, OTHER_KEY][not counts :]]
    assert found.remarks == (() if counts else ("SSH keys: one has expired",))


@pytest.mark.parametrize("line", [KEY, f"{KEY} a:b", ":", "root", "root:", f":{KEY}", f"a b:{KEY}"])
def test_a_line_that_is_no_users_key_costs_itself_and_a_remark(fetch, line):
    found = fetch(vm=with_keys(ssh_keys=f"{line}\nroot:{OTHER_KEY}"))
    assert found.ssh_keys == (OTHER_KEY,)
    assert len(found.remarks) == 1
    assert KEY.split()[1] not in found.remarks[0]


def test_of_many_such_lines_is_said_how_many_they_are(fetch):
    expired = f'b:{OTHER_KEY} google-ssh {{"expireOn":"2001-01-01T00:00:00+0000"}}\n'
    found = fetch(vm=with_keys(ssh_keys="x\n" * 1000 + expired * 3 + f"a:{KEY}", project_ssh_keys="y\n" * 1000))
    assert found.ssh_keys == (KEY,)
    assert found.remarks == ("SSH keys: 2000 lines name no user", "SSH keys: 3 have expired")


def test_bad_names_and_keys_cost_themselves_and_a_remark(fetch):
    document = {**RECORDED, "hostname": "a;reboot.c.p.internal", "attributes": {"ssh-keys": f"a:AAAA\nb:{KEY}"}}
    found = fetch(googles(OWN, document))
    assert (found.hostname, found.ssh_keys) == (None, (KEY,))
    assert len(found.remarks) == 2
    assert not [remark for remark in found.remarks if "reboot" in remark or "AAAA" in remark]


@pytest.mark.parametrize("status", [403, 404])
def test_without_the_project_the_instances_own_keys_count(fetch, status):
    found = fetch(Fault(path=PROJECT, status=status))
    assert found.ssh_keys == VM.ssh_keys
    assert found.remarks == (f"project attributes: status {status}",)


def test_a_project_that_is_not_there_for_now_is_worth_another_try(fetch):
    with pytest.raises(Unreachable):
        fetch(Fault(path=PROJECT, status=503))


def test_user_data_is_decoded_where_it_says_so_and_taken_only_where_it_is_wanted(fetch):
    assert fetch().user_data is None
    assert fetch(user_data="keep").user_data == VM.user_data
    attributes = {"user-data": "IyEvYmluL3NoCg==", "user-data-encoding": "base64"}
    encoded = googles(OWN, {**RECORDED, "attributes": attributes})
    assert fetch(encoded, user_data="keep").user_data == b"#!/bin/sh\n"
    spoiled = googles(OWN, {**RECORDED, "attributes": {**attributes, "user-data": "***"}})
    found = fetch(spoiled, user_data="keep")
    assert (found.user_data, found.remarks) == (None, ("user data: not base64",))


def test_ipv6_alone_is_enough():
    assert told(answer_of_ipv6_alone(SOURCE, platform, VM)) == (ID, "web", VM.ssh_keys, ())
    assert addresses_of(SOURCE) == ["169.254.169.254:80", "[fd20:ce::254]:80"]


def test_a_server_that_forbids_is_denied(fetch):
    with pytest.raises(Denied):
        fetch(Fault(status=403))


@pytest.mark.parametrize(
    ("firmware", "likelihood"),
    [
        (Firmware(vendor="Google", product="Google Compute Engine"), Likelihood.LIKELY),
        (Firmware(vendor="QEMU", serial="GoogleCloud-0123456789ABCDEF"), Likelihood.LIKELY),
        (Firmware(vendor="QEMU", uuid=UUID), Likelihood.UNLIKELY),
        (Firmware(), Likelihood.POSSIBLE),
    ],
    ids=str,
)
def test_firmware_is_a_hint(firmware, likelihood):
    assert SOURCE(machine(firmware=firmware), Settings()).detect() is likelihood
