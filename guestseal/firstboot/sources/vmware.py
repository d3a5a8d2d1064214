"""VMware's guestinfo: what vSphere's users set as `guestinfo.metadata` and `guestinfo.userdata`.

It is asked for with vmware-rpctool or vmtoolsd, of open-vm-tools, and may be encoded in base64,
compressed or not, as `guestinfo.metadata.encoding` says. Taken are `instance-id` (without one, the
machine's system UUID), `local-hostname`, `public-keys-data`, `public-keys` and `network`, and of user
data the part of a cloud-config that makes a clone its own: see the source nocloud. Nothing is
redacted or written back.

YAML needs PyYAML (package python3-yaml); JSON is read without it. It is asked only where
`sources` names it before the template is sealed: whoever can set a machine's properties can
speak by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guestseal.errors import Absent, CommandError, Malformed, Unreachable
from guestseal.firstboot.cloud_config import cloud_config, key_texts
from guestseal.firstboot.metadata import Metadata
from guestseal.firstboot.reading import Reading
from guestseal.firstboot.source import Attempt, Source
from guestseal.firstboot.yaml_documents import yaml_object
from guestseal.guest.network.network_config import NetworkConfig
from guestseal.machine.clock import Deadline

TOOLS = (("vmware-rpctool",), ("vmtoolsd", "--cmd"))
TIMEOUT = 5.0
BASE64 = ("base64", "b64", "gzip+base64", "gz+b64")
_NO_VALUE = 1  # the exit status of both tools for a property that is not set
_REDACTED = "---"  # what cloud-init leaves in the place of a property that it was told to redact


class VMware(Source):
    """The properties of the virtual machine."""

    name = "vmware"
    local = True

    def fetch(self, deadline: Deadline) -> Metadata:
        """See Source.fetch."""
        self.attempts = ()
        start = deadline.clock.monotonic()
        error: Absent | Unreachable = Absent(self.name, "neither vmware-rpctool nor vmtoolsd could be run")
        for tool in TOOLS:
            try:
                said = {key: self._property(tool, key, deadline) for key in ("metadata", "userdata")}
            except CommandError:  # its message may hold what the program said: never shown
                continue
            self.attempts += (Attempt(self.name, tool[0], "answered", deadline.clock.monotonic() - start),)
            if any(said.values()):
                return self._metadata(tool[0], said)
            error = Absent(tool[0], "no guestinfo is set for this machine")
        raise error

    def _property(self, tool: tuple[str, ...], key: str, deadline: Deadline) -> bytes | None:
        """One property, decoded; None: it is not set. Raises CommandError, or Malformed for a wrong encoding."""
        value = self._ask(tool, key, deadline)
        if value is None:
            return None
        encoding = self._ask(tool, f"{key}.encoding", deadline)
        return _decoded(tool[0], value, encoding or "")

    def _ask(self, tool: tuple[str, ...], key: str, deadline: Deadline) -> str | None:
        words = [*tool, f"info-get guestinfo.{key}"]
        seconds = deadline.within(TIMEOUT).remaining
        done = self.machine.commands.run(words, timeout=seconds, accept=(0, _NO_VALUE))
        text = done.stdout.decode("utf-8", "surrogateescape").rstrip() if done.status == 0 else ""
        return None if text in ("", _REDACTED) else text

    def _metadata(self, address: str, said: Mapping[str, bytes | None]) -> Metadata:
        reading = Reading(address)
        document = yaml_object(address, said["metadata"] or b"")
        config = cloud_config(reading, said["userdata"], self.settings.account)
        spellings = ("public-keys-data", "public_keys_data", "public-keys", "public_keys")
        own_keys = next((document[name] for name in spellings if document.get(name)), None)
        keys = [*key_texts(own_keys), *config.keys]
        return Metadata(
            VMware.name,
            address,
            instance_id=reading.instance_id(document.get("instance-id") or self.machine.firmware.uuid),
            names_the_instance=bool(document.get("instance-id")),
            hostname=config.hostname or reading.hostname(document.get("local-hostname") or document.get("hostname")),
            ssh_keys=reading.ssh_keys(keys) if keys else None,
            password=config.password,
            password_hash=config.password_hash,
            user_data=said["userdata"] if self.settings.wants_user_data else None,
            network=_network(reading, document),
            remarks=tuple(reading.remarks),
        )


def _decoded(address: str, value: str, encoding: str) -> bytes:
    """What was encoded, bounded. Raises Malformed for what is not what ``encoding`` says, or no encoding known."""
    if encoding not in ("", *BASE64):
        raise Malformed(address, "guestinfo in an encoding that is not known")
    reading = Reading(address)
    body = reading.user_data(value, encoded=encoding in BASE64)
    if reading.remarks:
        raise Malformed(address, "guestinfo that is not what its encoding says, or too long")
    return body or b""


def _network(reading: Reading, document: Mapping[str, Any]) -> NetworkConfig | None:
    """The key ``network``: a document inside the document, or an encoded one."""
    from guestseal.firstboot.network_documents import from_network_config

    try:
        said = document.get("network")
        if isinstance(said, str):
            encoded = _decoded(reading.address, said, document.get("network.encoding") or "")
            said = yaml_object(reading.address, encoded)
        wrapped = said if isinstance(said, dict) else {"network": said}
        return None if said is None else from_network_config(reading.address, wrapped)
    except Malformed as error:
        reading.remarks.append(f"network: {error.why}")
        return None


SOURCE = VMware
