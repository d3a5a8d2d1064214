"""Azure's provisioning disc: a recorded one, odd ones, and hostile ones."""

from __future__ import annotations

import base64
from dataclasses import replace
from xml.sax.saxutils import escape

import pytest
from support.machine import FakeCommands, machine, soon
from support.media import DrivePlatform, drive_platform, drives_of
from support.platforms import KEY, OTHER_KEY, PASSWORD, UUID

from guestseal.errors import Absent, Malformed, SourceError, Unreachable, UsageError
from guestseal.firstboot.metadata import Metadata, Secret
from guestseal.firstboot.source import Likelihood
from guestseal.firstboot.sources.azure_iso import SOURCE
from guestseal.firstboot.wire_server import SERVICE
from guestseal.machine.firmware import Firmware
from guestseal.machine.media import Media
from guestseal.settings import Settings
from guestseal.simulate.faults import Fault
from guestseal.simulate.instance import Instance

ON_AZURE = Firmware(vendor="Microsoft Corporation", chassis_tag="7783-7084-3265-9085-8269-3286-77", uuid=UUID)
# WALinuxAgent, tests/data/ovf-env-4.xml, with a key that is one, and "bad data" as Azure says it.
RECORDED = f"""<?xml version="1.0" encoding="utf-8"?>
<Environment xmlns="http://schemas.dmtf.org/ovf/environment/1" xmlns:oe="http://schemas.dmtf.org/ovf/environment/1" \
xmlns:wa="http://schemas.microsoft.com/windowsazure" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
    <wa:ProvisioningSection>
      <wa:Version>1.0</wa:Version>
      <LinuxProvisioningConfigurationSet xmlns="http://schemas.microsoft.com/windowsazure" \
xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
        <ConfigurationSetType>LinuxProvisioningConfiguration</ConfigurationSetType>
        <HostName>HostName</HostName>
        <UserName>UserName</UserName>
        <UserPassword>UserPassword</UserPassword>
        <DisableSshPasswordAuthentication>false</DisableSshPasswordAuthentication>
        <SSH>
          <PublicKeys>
            <PublicKey>
              <Fingerprint>EB0C0AB4B2D5FC35F2F0658D19F44C8283E2DD62</Fingerprint>
              <Path>$HOME/UserName/.ssh/authorized_keys</Path>
              <Value>{KEY} foo@bar.local</Value>
            </PublicKey>
          </PublicKeys>
        </SSH>
        <CustomData>IyEvYmluL3NoCg==</CustomData>
      </LinuxProvisioningConfigurationSet>
    </wa:ProvisioningSection>
    <wa:PlatformSettingsSection>
        <wa:Version>1.0</wa:Version>
        <wa:PlatformSettings>
            <wa:KmsServerHostname>kms.core.windows.net</wa:KmsServerHostname>
            <wa:ProvisionGuestAgent>true</wa:ProvisionGuestAgent>
            <wa:GuestAgentPackageName xsi:nil="true"/>
            <wa:RetainWindowsPEPassInUnattend>true</wa:RetainWindowsPEPassInUnattend>
            <wa:RetainOfflineServicingPassInUnattend>true</wa:RetainOfflineServicingPassInUnattend>
            <wa:PreprovisionedVm>false</wa:PreprovisionedVm>
        </wa:PlatformSettings>
    </wa:PlatformSettingsSection>
 </Environment>
"""


def disc(keys: tuple[str, ...] = (), settings: str = "", **items: str | None) -> dict[str, str]:
    """A disc as cloud-init's tests make it (test_azure.py, construct_ovf_env)."""
    public = "".join(f"<ns1:PublicKey><ns1:Value>{escape(key)}</ns1:Value></ns1:PublicKey>" for key in keys)
    said = "".join(f"<ns1:{name}>{escape(value)}</ns1:{name}>" for name, value in items.items() if value is not None)
    body = f"""<?xml version="1.0" encoding="utf-8"?>
<ns0:Environment xmlns="http://schemas.dmtf.org/ovf/environment/1" \
xmlns:ns0="http://schemas.dmtf.org/ovf/environment/1" xmlns:ns1="http://schemas.microsoft.com/windowsazure">
<ns1:ProvisioningSection><ns1:Version>1.0</ns1:Version><ns1:LinuxProvisioningConfigurationSet>
<ns1:ConfigurationSetType>LinuxProvisioningConfiguration</ns1:ConfigurationSetType>{said}
<ns1:SSH><ns1:PublicKeys>{public}</ns1:PublicKeys></ns1:SSH>
</ns1:LinuxProvisioningConfigurationSet></ns1:ProvisioningSection>
<ns1:PlatformSettingsSection><ns1:Version>1.0</ns1:Version><ns1:PlatformSettings>{settings}</ns1:PlatformSettings>
</ns1:PlatformSettingsSection></ns0:Environment>"""
    return {"ovf-env.xml": body}


@pytest.fixture
def fetch(tmp_path):
    """Reads discs, on a machine with this system UUID."""
    tmp_path = tmp_path / "drives"
    tmp_path.mkdir()

    def read(*drives, uuid: str | None = UUID, label: str = "rd_rdfe_stable.160202-1748", **settings) -> Metadata:
        made = machine(firmware=Firmware(uuid=uuid))
        made.media = drives_of(label, tmp_path / str(len(list(tmp_path.iterdir()))), *drives)
        return SOURCE(made, Settings(**settings)).fetch(soon())

    return read


def test_a_recorded_disc_is_understood(fetch):
    found = fetch({"ovf-env.xml": RECORDED}, account="UserName", user_data="keep")
    assert (found.instance_id, found.hostname, found.ssh_keys) == (UUID, "hostname", (f"{KEY} foo@bar.local",))
    assert (found.password, found.user_data) == (Secret(b"UserPassword"), b"#!/bin/sh\n")
    assert (found.address, found.remarks) == ("/dev/sr0", ())


@pytest.mark.parametrize("label", ["", "CD_ROM"])
def test_it_is_known_by_its_file_whatever_its_label(fetch, label):
    assert fetch({"ovf-env.xml": RECORDED}, label=label).hostname == "hostname"


def test_a_byte_order_mark_is_no_obstacle(fetch):
    assert fetch({"ovf-env.xml": b"\xef\xbb\xbf" + RECORDED.encode()}).hostname == "hostname"


def test_a_disc_of_somebody_else_in_another_drive_does_not_matter(fetch):
    assert fetch({"setup.exe": "MZ"}, {"ovf-env.xml": RECORDED}).address == "/dev/sr1"


def test_it_is_the_accounts_and_a_remark_says_for_whom_azure_means_it(fetch):
    found = fetch(disc((KEY,), UserName="ada", UserPassword=PASSWORD, HostName="web"))
    assert (found.ssh_keys, found.password, found.hostname) == ((KEY,), Secret(PASSWORD.encode()), "web")
    assert [remark for remark in found.remarks if "UserName" in remark] == list(found.remarks)
    assert len(found.remarks) == 1
    assert fetch(disc(UserName="ada", HostName="web")).remarks == ()


@pytest.mark.parametrize(
    ("said", "password"),
    [
        ({"UserPassword": "s3cret <&>"}, b"s3cret <&>"),
        ({"UserPassword": "s3cret", "DisableSshPasswordAuthentication": "false"}, b"s3cret"),
        ({"UserPassword": "s3cret", "DisableSshPasswordAuthentication": "true"}, None),
        ({"UserPassword": "s3cret", "DisableSshPasswordAuthentication": " True "}, None),
        ({"UserPassword": "s3cret", "DisableSshPasswordAuthentication": "1"}, None),
        ({"UserPassword": "REDACTED"}, None),
        ({"UserPassword": ""}, None),
        ({"UserPassword": "two\nlines"}, None),
        ({}, None),
    ],
    ids=str,
)
def test_passwords(fetch, said, password):
    assert fetch(disc(UserName="root", **said)).password == (Secret(password) if password else None)


def test_all_keys_are_taken_and_a_fingerprint_is_none(fetch):
    wrapped = f"{KEY[:64]}\r\n{KEY[64:]} me"
    assert fetch(disc((wrapped, OTHER_KEY), UserName="root")).ssh_keys == (f"{KEY} me", OTHER_KEY)
    found = fetch({"ovf-env.xml": RECORDED.replace(f"<Value>{KEY} foo@bar.local</Value>", "")}, account="UserName")
    assert (found.ssh_keys, len(found.remarks)) == (None, 1)
    assert "fingerprint" in found.remarks[0]


def test_custom_data_is_decoded_and_taken_only_where_it_is_wanted(fetch):
    custom = disc(CustomData=base64.b64encode(bytes(range(256))).decode())
    assert fetch(custom).user_data is None
    assert fetch(custom, user_data="keep").user_data == bytes(range(256))
    spoiled = fetch(disc(CustomData="CustomData"), user_data="keep")
    assert (spoiled.user_data, spoiled.remarks) == (None, ("user data: not base64",))


def test_what_is_wrong_costs_itself_alone(fetch):
    found = fetch(disc(("AAAA", KEY), HostName="a;reboot", UserName="root", UserPassword="x" * 300))
    assert (found.hostname, found.password, found.ssh_keys, len(found.remarks)) == (None, None, (KEY,), 3)
    assert not [remark for remark in found.remarks if "reboot" in remark or "AAAA" in remark or "xxx" in remark]


def test_a_machine_without_a_system_uuid_has_no_instance_id(fetch):
    with pytest.raises(Malformed, match="instance-id"):
        fetch(disc(HostName="web"), uuid=None)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
SECTION = "<ProvisioningSection><LinuxProvisioningConfigurationSet/></ProvisioningSection>"


@pytest.mark.parametrize(
    ("drive", "error"),
    [
        ({"ovf-env.xml": f'<!DOCTYPE e [<!ENTITY l0 "lol">{LAUGHS}]><e>&l9;</e>'}, Malformed),
        ({"ovf-env.xml": '<!DOCTYPE e [<!ENTITY x SYSTEM "file:///etc/shadow">]><e>&x;</e>'}, Malformed),
        ({"ovf-env.xml": '<!DOCTYPE e SYSTEM "http://127.0.0.1:1/x.dtd"><e/>'}, Malformed),
        ({"ovf-env.xml": f"<!DOCTYPE e><e>{SECTION}</e>"}, Malformed),
        ({"ovf-env.xml": f"<!DOCTYPE e><e>{SECTION}</e>".encode("utf-16")}, Malformed),
        ({"ovf-env.xml": "<a>" * 10_000 + "</a>" * 10_000}, Malformed),
        ({"ovf-env.xml": f"<e>{SECTION}"}, Malformed),
        ({"ovf-env.xml": ""}, Malformed),
        ({"ovf-env.xml": b"<e>\xff</e>"}, Malformed),
        ({"ovf-env.xml": "<e>&nothing;</e>"}, Malformed),
        ({"ovf-env.xml": f"<e>{' ' * (1 << 20)}{SECTION}</e>"}, Malformed),
        ({"ovf-env.xml/deeper": "x"}, Malformed),
        (disc(settings="<ns1:PreprovisionedVm>true</ns1:PreprovisionedVm>", HostName="web"), Malformed),
        (disc(settings="<ns1:PreprovisionedVMType>Savable</ns1:PreprovisionedVMType>", HostName="web"), Malformed),
        (
            {"ovf-env.xml": '<Environment><PropertySection><Property key="hostname"/></PropertySection></Environment>'},
            Absent,
        ),
        ({"other": "x"}, Absent),
        (None, Unreachable),
    ],
    ids=range(17),
)
def test_a_disc_that_is_not_believed_is_an_error_of_its_kind(fetch, drive, error):
    with pytest.raises(error):
        fetch(drive)


def test_the_same_document_without_a_document_type_is_believed(fetch):
    assert fetch({"ovf-env.xml": f"<e>{SECTION}</e>"}).instance_id == UUID


def test_without_a_disc_or_without_blkid_it_is_absent(fetch):
    with pytest.raises(Absent, match="no disc is attached"):
        fetch()
    made = machine(commands=FakeCommands())
    made.media = Media(made.commands)
    with pytest.raises(Absent, match="blkid"):
        SOURCE(made, Settings()).fetch(soon())


def test_firmware_is_a_hint():
    hyper_v = Firmware(vendor="Microsoft Corporation", product="Virtual Machine", uuid=UUID)
    expected = {ON_AZURE: Likelihood.LIKELY, hyper_v: Likelihood.UNLIKELY, Firmware(): Likelihood.POSSIBLE}
    assert {each: SOURCE(machine(firmware=each), Settings()).detect() for each in expected} == expected


def test_a_wire_server_that_is_no_url_is_refused_before_anything_is_asked():
    with pytest.raises(UsageError, match="azure-wireserver: it takes URLs of the form"):
        SOURCE(machine(), Settings(endpoints=((SERVICE, "168.63.129.16"),)))


def test_a_wire_server_that_is_not_there_is_an_error(fetch):
    source = SOURCE(machine(), Settings(endpoints=((SERVICE, "http://127.0.0.99:1"),)))
    with pytest.raises(SourceError, match="refused"):
        source.report_ready(soon(0.5))


def platform(instance: Instance, *faults: Fault) -> DrivePlatform:
    """How to simulate it, for the conformance tests."""
    files = disc(instance.ssh_keys, HostName=instance.hostname, UserName="root", UserPassword=instance.password)
    served = drive_platform("rd_rdfe_stable.160202-1748", files, firmware=Firmware(uuid=instance.instance_id))
    served.settings = replace(served.settings, endpoints=((SERVICE, "http://127.0.0.99:1"),))
    return served
