"""VMware's guestinfo through programs that behave as open-vm-tools' do."""

from __future__ import annotations

import base64
import gzip
import ipaddress
import json
import shlex
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from firstboot.test_cloud_config import HASH, PROXMOX
from support.machine import machine, soon
from support.platforms import KEY, OTHER_KEY, UUID, Platform

from guestseal.errors import Absent, Malformed
from guestseal.firstboot.metadata import Metadata, Secret
from guestseal.firstboot.source import Likelihood
from guestseal.firstboot.sources.vmware import SOURCE
from guestseal.machine.commands import Commands
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance

META = f"instance-id: {UUID}\nlocal-hostname: web\n"
NETWORK = {
    "version": 2,
    "ethernets": {"nic": {"match": {"macaddress": "02:00:00:00:00:01"}, "addresses": ["192.0.2.5/24"], "mtu": 1450}},
}


def tools(
    directory: Path, properties: dict[str, str], *, names=("vmware-rpctool", "vmtoolsd"), ends: str = ""
) -> Commands:
    """Programs that say what is set, and "No value found" with status 1 of what is not; ``ends`` is run first."""
    cases = "".join(
        f"'info-get guestinfo.{key}') printf '%s' {shlex.quote(value)};;\n" for key, value in properties.items()
    )
    answer = f'case "$command" in\n{cases}*) echo "No value found" >&2; exit 1;;\nesac\n'
    takes = {
        "vmware-rpctool": "command=$1; [ $# = 1 ] || exit 2\n",
        "vmtoolsd": '[ "$1" = --cmd ] || exit 2; command=$2\n',
    }
    for name in names:
        (directory / name).write_text(f"#!/bin/sh\necho {name} >> {directory}/ran\n{takes[name]}{ends}{answer}")
        (directory / name).chmod(0o755)
    return Commands({"PATH": f"{directory}:/usr/bin:/bin"})


@pytest.fixture
def fetch(tmp_path):
    """Asks for guestinfo; keyword ``tools_`` goes to ``tools``."""

    def read(properties, uuid: str | None = None, tools_=None, seconds: float = 5.0, **settings: str) -> Metadata:
        commands = tools(tmp_path, properties, **(tools_ or {}))
        made = machine(commands=commands, firmware=Firmware(vendor="VMware, Inc.", uuid=uuid))
        read.source = SOURCE(made, Settings(**settings))
        return read.source.fetch(soon(seconds))

    return read


def _base64(body: str | bytes) -> str:
    return base64.b64encode(body if isinstance(body, bytes) else body.encode()).decode()


@pytest.mark.parametrize(
    "properties",
    [
        {"metadata": META},
        {"metadata": json.dumps({"instance-id": UUID, "local-hostname": "web"})},
        {"metadata": _base64(META), "metadata.encoding": "base64"},
        {"metadata": _base64(META), "metadata.encoding": "b64"},
        {"metadata": _base64(gzip.compress(META.encode())), "metadata.encoding": "gzip+base64"},
        {"metadata": _base64(gzip.compress(META.encode())), "metadata.encoding": "gz+b64"},
    ],
    ids=range(6),
)
def test_metadata_is_read_in_every_encoding(fetch, properties):
    found = fetch(properties)
    assert (found.instance_id, found.hostname, found.ssh_keys, found.remarks) == (UUID, "web", None, ())


def test_without_an_instance_id_it_is_the_system_uuid(fetch):
    assert fetch({"metadata": "local-hostname: web\n"}, uuid=UUID).instance_id == UUID
    with pytest.raises(Malformed, match="instance-id"):
        fetch({"metadata": "local-hostname: web\n"})


@pytest.mark.parametrize(
    "keys",
    [
        f"public-keys-data: |\n  {KEY}\n  {OTHER_KEY}\n",
        f"public-keys: ['{KEY}', '{OTHER_KEY}']\n",
        f"public_keys: ['{KEY}', '{OTHER_KEY}']\n",
    ],
)
def test_keys_have_several_names(fetch, keys):
    assert fetch({"metadata": META + keys}).ssh_keys == (KEY, OTHER_KEY)


def test_a_cloud_config_in_user_data_counts(fetch):
    found = fetch({"metadata": META, "userdata": _base64(PROXMOX), "userdata.encoding": "base64"})
    assert (found.hostname, len(found.ssh_keys or ())) == ("web.example.com", 2)
    assert found.password_hash == Secret(HASH.encode())
    assert found.user_data is None
    kept = fetch({"metadata": META, "userdata": "#!/bin/sh\n"}, user_data="keep")
    assert kept.user_data == b"#!/bin/sh"


@pytest.mark.parametrize(
    "said",
    [
        {"network": NETWORK},
        {"network": {"network": NETWORK}},
        {"network": _base64(json.dumps(NETWORK)), "network.encoding": "base64"},
        {
            "network": _base64(gzip.compress(json.dumps({"network": NETWORK}).encode())),
            "network.encoding": "gzip+base64",
        },
    ],
    ids=range(4),
)
def test_static_addresses_are_read(fetch, said):
    found = fetch({"metadata": json.dumps({"instance-id": UUID, **said})})
    assert found.network is not None
    assert found.network.links[0].addresses == (ipaddress.IPv4Interface("192.0.2.5/24"),)
    assert found.network.links[0].mtu == 1450


@pytest.mark.parametrize("network", ["7", "[]", "{version: 3}", "nonsense", "'***'"])
def test_a_network_that_makes_no_sense_costs_only_the_network(fetch, network):
    found = fetch({"metadata": f"{META}network: {network}\n"})
    assert (found.hostname, found.network, len(found.remarks)) == ("web", None, 1)


def test_vmtoolsd_is_asked_where_there_is_no_rpctool_or_where_it_fails(fetch, tmp_path):
    assert fetch({"metadata": META}, tools_={"names": ("vmtoolsd",)}).address == "vmtoolsd"
    (tmp_path / "ran").unlink()
    (tmp_path / "vmware-rpctool").write_text("#!/bin/sh\necho vmware-rpctool >> ${0%/*}/ran; echo secret; exit 3\n")
    (tmp_path / "vmware-rpctool").chmod(0o755)
    assert fetch({"metadata": META}, tools_={"names": ("vmtoolsd",)}).address == "vmtoolsd"
    assert (tmp_path / "ran").read_text().split()[:2] == ["vmware-rpctool", "vmtoolsd"]


@pytest.mark.parametrize(
    ("properties", "options"),
    [
        ({}, {}),
        ({"metadata": "---"}, {}),
        ({"metadata": " \n"}, {}),
        ({"metadata": META}, {"names": ()}),
        ({"metadata": META}, {"ends": "echo 's3cret'; exit 9\n"}),
    ],
    ids=["nothing set", "redacted", "blank", "no tools", "tools fail"],
)
def test_without_guestinfo_it_is_absent_and_nothing_that_was_said_is_shown(fetch, properties, options):
    with pytest.raises(Absent) as caught:
        fetch(properties, tools_=options)
    assert "s3cret" not in repr(caught.value) + repr(fetch.source.attempts)


def test_a_tool_that_hangs_is_ended_in_time(fetch):
    with pytest.raises(Absent):
        fetch({"metadata": META}, tools_={"ends": "sleep 60\n"}, seconds=0.5)


@pytest.mark.parametrize(
    "properties",
    [
        {"metadata": META, "metadata.encoding": "rot13"},
        {"metadata": "not base64!", "metadata.encoding": "base64"},
        {"metadata": _base64(gzip.compress(META.encode())[:-4]), "metadata.encoding": "gzip+base64"},
        {"metadata": _base64(gzip.compress(bytes(64 << 20))), "metadata.encoding": "gz+b64"},
        {"metadata": "["},
        {"metadata": "a: &a [*a]\n"},
        {"metadata": "instance-id: ../../etc\n"},
    ],
    ids=range(7),
)
def test_what_cannot_be_believed_is_an_error(fetch, properties):
    with pytest.raises(Malformed) as caught:
        fetch(properties)
    assert str(caught.value).isprintable()


def test_without_pyyaml_json_is_read_and_yaml_says_what_is_missing(fetch, monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert fetch({"metadata": json.dumps({"instance-id": UUID, "network": NETWORK})}).network is not None
    with pytest.raises(Malformed, match="python3-yaml"):
        fetch({"metadata": META})


def test_the_firmware_is_a_hint(tmp_path):
    for vendor, expected in (("VMware, Inc.", Likelihood.LIKELY), ("QEMU", Likelihood.UNLIKELY)):
        assert SOURCE(machine(firmware=Firmware(vendor=vendor)), Settings()).detect() is expected


@dataclass
class _ToolsPlatform(Platform):
    directory: tempfile.TemporaryDirectory[str] = field(default_factory=tempfile.TemporaryDirectory)

    def close(self) -> None:
        self.directory.cleanup()


def platform(instance: Instance, *faults: Fault) -> Platform:
    """How to simulate it, for the conformance tests."""
    directory = tempfile.TemporaryDirectory(prefix="guestseal-tools-")
    metadata = {
        "instance-id": instance.instance_id,
        "local-hostname": instance.hostname,
        "public-keys": instance.ssh_keys,
    }
    config = {"password": instance.password}
    properties = {"metadata": json.dumps(metadata), "userdata": f"#cloud-config\n{json.dumps(config)}\n"}
    made = machine(commands=tools(Path(directory.name), properties))
    return _ToolsPlatform(Settings(), machine=made, directory=directory)
