"""The provisioning disc of Microsoft Azure, with the password and the custom data that IMDS has not.

A disc with the file `ovf-env.xml`, UDF or iso9660, under any label: it is known by that file.
Taken are HostName, the Value of every PublicKey, CustomData as user data, and UserPassword
unless DisableSshPasswordAuthentication is true or the password was redacted. Azure means keys
and password for the administrator UserName; here the setting `account` gets them. A key that
is only a certificate's fingerprint, and a machine of a pool that is provisioned beforehand
and hears later who it is, are not done. Nothing is ejected: Azure takes the disc away itself
once the machine has reported that it is ready, which it does as with the source `azure`.

The disc does not say whose it is. So it is read at the first boot only, counts less than the
metadata service, which it completes where both are among the `sources`, and is no answer
where `require-identity-match` is set. It is read only where `sources` names it before the
template is sealed: whoever can attach a disc can speak by it. All of this has been tried with
recorded documents and a simulator, and not on Azure.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from guestseal.errors import Absent, Malformed
from guestseal.firstboot.drives import Files, read_drives
from guestseal.firstboot.metadata import Metadata, Secret
from guestseal.firstboot.reading import Reading
from guestseal.firstboot.source import Source
from guestseal.firstboot.wire_server import WireServer
from guestseal.firstboot.xml_documents import xml_document
from guestseal.machine.clock import Deadline
from guestseal.machine.host import Machine
from guestseal.settings import Settings

FILE = "/ovf-env.xml"
SECTION = "ProvisioningSection/LinuxProvisioningConfigurationSet"
PLATFORM = "PlatformSettingsSection/PlatformSettings"
REDACTED = "REDACTED"
"""What cloud-init writes over a password it has taken (DataSourceAzure.py): Azure takes none so simple."""
POOLS = ("Running", "Savable", "PreprovisionedOSDisk")  # DataSourceAzure.py, PPSType


class AzureDisc(Source):
    """The disc, if one is attached."""

    name = "azure-iso"
    local = True
    has_passwords = True
    awaits_report = True

    def __init__(self, machine: Machine, settings: Settings) -> None:
        super().__init__(machine, settings)
        self._wire_server = WireServer(machine, settings)

    def fetch(self, deadline: Deadline) -> Metadata:
        """See Source.fetch."""
        self.attempts = ()
        return read_drives(self, None, self._read, deadline)

    def report_ready(self, deadline: Deadline) -> None:
        """See Source.report_ready."""
        self._wire_server.report_ready(deadline)

    def _read(self, files: Files) -> Metadata:
        body = files.read(FILE)
        if body is None:
            raise Absent(files.address, f"no {FILE[1:]} on it")
        document = xml_document(files.address, body)
        section = document.find(SECTION)
        if section is None:  # other platforms use the OVF environment as well
            raise Absent(files.address, f"an {FILE[1:]} that is not Azure's")
        if _is_pooled(document):
            raise Malformed(files.address, "about a machine of a pool, which hears later who it is: not done")
        return _Section(Reading(files.address), section).metadata(self.settings, self.machine.firmware.uuid)


class _Section:
    """What the disc says of the machine."""

    def __init__(self, reading: Reading, section: Element) -> None:
        self._reading, self._section = reading, section

    def metadata(self, settings: Settings, uuid: str | None) -> Metadata:
        """Everything it says. Raises a SourceError."""
        reading = self._reading
        instance, hostname = reading.instance_id(uuid), reading.hostname(self._said("HostName"))
        keys, password = self._keys(), self._password()
        if (keys or password) and self._said("UserName") != settings.account:
            reading.remarks.append(
                "its keys and password are for another user (UserName): the setting account has them"
            )
        wanted = settings.wants_user_data
        return Metadata(
            AzureDisc.name,
            reading.address,
            instance_id=instance,
            names_the_instance=False,
            hostname=hostname,
            ssh_keys=keys,
            password=password,
            user_data=reading.user_data(self._said("CustomData"), encoded=True) if wanted else None,
            remarks=tuple(reading.remarks),
        )

    def _keys(self) -> tuple[str, ...] | None:
        named = self._section.findall("SSH/PublicKeys/PublicKey")
        values = [text for text in (key.findtext("Value") for key in named) if text and text.strip()]
        if len(values) < len(named):
            self._reading.remarks.append("SSH keys: one that is only the fingerprint of a certificate is not taken")
        return self._reading.ssh_keys(values) if values else None

    def _password(self) -> Secret | None:
        text = self._said("UserPassword")
        if _is_true(self._said("DisableSshPasswordAuthentication")) or text == REDACTED:
            return None
        return self._reading.password(text)

    def _said(self, name: str) -> str | None:
        return self._section.findtext(name) or None


def _is_pooled(document: Element) -> bool:
    found = {each.tag.lower(): each.text for each in document.iterfind(f"{PLATFORM}/*")}
    return _is_true(found.get("preprovisionedvm")) or found.get("preprovisionedvmtype") in POOLS


def _is_true(text: str | None) -> bool:
    return (text or "").strip().lower() in ("true", "1")  # xsd:boolean


SOURCE = AzureDisc
