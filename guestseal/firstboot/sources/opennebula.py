"""OpenNebula's contextualization drive.

A drive labelled `CONTEXT` with the file `context.sh`, which OpenNebula's own scripts run as
root; here it is only read: one with anything in it but constant values is refused as a
whole. Taken are SET_HOSTNAME, HOSTNAME, SSH_PUBLIC_KEY and its other names, PASSWORD,
CRYPTED_PASSWORD, each also as base64, USER_DATA, and the static addresses of ETH0, ETH1 and
so on. With USERNAME they are that account's, and not taken where it is not the setting
`account`. DNS_HOSTNAME and START_SCRIPT are not done.

A context has no instance-id. The machine's system UUID is it: OpenNebula makes one for each
machine and keeps it. A machine without SMBIOS is known by VMID and ONEGATE_ENDPOINT. The
drive is read only where `sources` names it before the template is sealed: whoever can
attach a drive can speak by it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

from guestseal.errors import Absent, Malformed
from guestseal.firstboot.context_network import context_network
from guestseal.firstboot.drives import Files, read_drives
from guestseal.firstboot.metadata import Metadata
from guestseal.firstboot.reading import Reading
from guestseal.firstboot.shell_variables import shell_variables
from guestseal.firstboot.source import Source
from guestseal.guest.network.network_config import NetworkConfig
from guestseal.machine.clock import Deadline
from guestseal.settings import Settings

LABEL = "CONTEXT"
SCRIPT = "/context.sh"
# one-apps, context-linux: loc-22-ssh_public_key
KEYS = ("SSH_PUBLIC_KEY", "SSH_PUBLIC_KEYS", "EC2_PUBLIC_KEY", "SSH_KEY")


class OpenNebula(Source):
    """The context, if a drive has one."""

    name = "opennebula"
    local = True

    def fetch(self, deadline: Deadline) -> Metadata:
        """See Source.fetch."""
        self.attempts = ()
        return read_drives(self, LABEL, self._read, deadline)

    def _read(self, files: Files) -> Metadata:
        body = files.read(SCRIPT)
        if body is None:
            raise Absent(files.address, f"no {SCRIPT[1:]} on it")
        variables = shell_variables(files.address, body)
        return _Context(files.address, variables).metadata(self.settings, self.machine.firmware.uuid)


class _Context:
    """The variables of one context; an empty one says nothing."""

    def __init__(self, address: str, variables: Mapping[str, str]) -> None:
        self._reading = Reading(address)
        self._variables = variables

    def metadata(self, settings: Settings, uuid: str | None) -> Metadata:
        """Everything it says. Raises a SourceError."""
        reading = self._reading
        instance = reading.instance_id(uuid or self._made_up())
        theirs = self._said("USERNAME") in (None, settings.account)
        keys = [text for text in map(self._said, KEYS) if text]
        password, hashed = self._plain_or_base64("PASSWORD"), self._plain_or_base64("CRYPTED_PASSWORD")
        if not theirs and (keys or password or hashed):
            reading.remarks.append("its keys and password are for another user (USERNAME) than the setting account")
        return Metadata(
            OpenNebula.name,
            reading.address,
            instance_id=instance,
            names_the_instance=uuid is None,
            hostname=reading.hostname(self._said("SET_HOSTNAME", "HOSTNAME")),
            ssh_keys=reading.ssh_keys(keys) if keys and theirs else None,
            password=reading.password(password) if theirs else None,
            password_hash=reading.password_hash(hashed) if theirs else None,
            user_data=self._user_data() if settings.wants_user_data else None,
            network=self._network(),
            remarks=tuple(reading.remarks),
        )

    def _made_up(self) -> str | None:
        number, endpoint = self._said("VMID"), self._said("ONEGATE_ENDPOINT") or ""
        cloud = hashlib.sha256(endpoint.encode()).hexdigest()[:16]
        return None if number is None else f"vm-{number}-{cloud}"

    def _user_data(self) -> bytes | None:
        encoding = self._said("USER_DATA_ENCODING", "USERDATA_ENCODING")
        return self._reading.user_data(self._said("USER_DATA", "USERDATA"), encoded=encoding == "base64")

    def _network(self) -> NetworkConfig | None:
        try:
            return context_network(self._reading.address, self._variables)
        except Malformed as error:
            self._reading.remarks.append(error.why)
            return None

    def _plain_or_base64(self, name: str) -> str | None:
        """A value, or that of ``NAME_BASE64``, which OpenNebula's scripts take first."""
        encoded = self._said(f"{name}_BASE64")
        if encoded is None:
            return self._said(name)
        try:
            return base64.b64decode("".join(encoded.split()), validate=True).decode("utf-8", "surrogateescape")
        except ValueError:
            self._reading.remarks.append(f"{name}_BASE64: not base64")
            return None

    def _said(self, *names: str) -> str | None:
        return next((self._variables[name] for name in names if self._variables.get(name)), None)


SOURCE = OpenNebula
