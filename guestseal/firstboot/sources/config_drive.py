"""The config drive of OpenStack, Proxmox, Apache CloudStack and ABLESTACK Mold.

A drive labelled `config-2`, iso9660 or vfat, with OpenStack's tree of files; CloudStack adds
one of its own. The host name, the SSH keys, user data, static addresses and the password
(OpenStack's `admin_pass`, CloudStack's `vm_password.txt`) are taken from it. Nothing can be
acknowledged, so a password stays there and is set once. Of several drives the one about
this machine's system UUID counts, else the first by name.

It is read only where `sources` names it before the template is sealed: whoever can attach
a drive can speak by it. The drive is never visible in the table of mounts.
"""

from __future__ import annotations

import re
from typing import Any

from guestseal.errors import Malformed
from guestseal.firstboot.drives import Files, read_drives
from guestseal.firstboot.metadata import Metadata
from guestseal.firstboot.reading import USER_DATA_LIMIT, Reading, at, json_object
from guestseal.firstboot.source import Source
from guestseal.guest.network.network_config import NetworkConfig
from guestseal.machine.clock import Deadline
from guestseal.machine.firmware import same_machine

LABEL = "config-2"  # cloud-init takes CONFIG-2, too: a vfat label is in capitals


class ConfigDrive(Source):
    """The drive, if one is attached."""

    name = "config-drive"
    local = True
    has_passwords = True

    def fetch(self, deadline: Deadline) -> Metadata:
        """See Source.fetch."""
        self.attempts = ()
        uuid, wanted = self.machine.firmware.uuid, self.settings.wants_user_data
        return read_drives(self, LABEL, lambda files: _Contents(files, uuid).metadata(user_data=wanted), deadline)


class _Contents:
    """What stands on one drive."""

    def __init__(self, files: Files, uuid: str | None) -> None:
        self._files, self._uuid = files, uuid
        self._reading = Reading(files.address)
        self._root = self._newest()
        self._document = self._json("meta_data.json")

    def metadata(self, *, user_data: bool) -> Metadata:
        """Everything it says. Raises a SourceError."""
        reading, document = self._reading, self._document
        instance = self._instance_id()
        name = self._cloudstack("local-hostname") or document.get("hostname") or document.get("name")
        hostname, keys = reading.hostname(name), reading.ssh_keys(self._keys())
        password = reading.password(self._password())
        body = reading.user_data(self._user_data()) if user_data else None
        network = self._network()
        return Metadata(
            ConfigDrive.name,
            self._files.address,
            instance_id=instance,
            hostname=hostname,
            ssh_keys=keys,
            password=password,
            user_data=body,
            network=network,
            remarks=tuple(reading.remarks),
        )

    def _newest(self) -> str:
        """The directory of the newest version: each has what those before it had ("Metadata service", Nova's guide)."""
        versions = [name for name in self._files.names("/openstack") if re.fullmatch(r"latest|\d{4}-\d\d-\d\d", name)]
        newest_first = (f"/openstack/{version}" for version in reversed(versions))
        return next((path for path in newest_first if "meta_data.json" in self._files.names(path)), "/openstack/latest")

    def _instance_id(self) -> str:
        """CloudStack's instance-id may differ from the uuid in its meta_data.json, which it takes from vm-id."""
        given = (self._cloudstack("instance-id"), self._cloudstack("vm-id"), self._document.get("uuid"))
        said = [value for value in given if value]
        own = [value for value in said if isinstance(value, str) and same_machine(value.strip(), self._uuid)]
        return self._reading.instance_id(next(iter(own or said), None))

    def _keys(self) -> object:
        own, named = self._cloudstack("public-keys"), self._document.get("public_keys")
        if own is not None:
            return own
        if isinstance(named, dict):
            return list(named.values())
        listed = self._document.get("keys")
        if isinstance(listed, list):
            return [at(key, "data") for key in listed if at(key, "type") == "ssh"]
        return [] if self._cloudstack("instance-id") else None  # CloudStack writes no empty file: it has no key

    def _password(self) -> object:
        spellings = ("vm_password", "vm-password")
        found = (self._files.text(f"/cloudstack/password/{name}.txt") for name in spellings)
        openstack = at(self._document, "meta", "admin_pass") or self._document.get("admin_pass")
        return next((text for text in found if text is not None), openstack)

    def _user_data(self) -> bytes | None:
        for path in ("/cloudstack/userdata/user_data.txt", f"{self._root}/user_data"):
            body = self._files.read(path, USER_DATA_LIMIT)
            if body:
                return body
        return None

    def _network(self) -> NetworkConfig | None:
        from guestseal.firstboot.network_documents import from_network_data

        try:
            document = self._json("network_data.json")
            # CloudStack before 4.20 writes {}: it says nothing, and not that there are no interfaces.
            return from_network_data(self._files.address, document) if document else None
        except Malformed as error:
            self._reading.remarks.append(error.why)
            return None

    def _json(self, name: str) -> dict[str, Any]:
        body = self._files.read(f"{self._root}/{name}")
        if body is None:  # CloudStack writes no meta_data.json where no network has its user data service
            return {}
        try:
            return json_object(self._files.address, body)
        except Malformed as error:
            self._reading.remarks.append(f"{name}: {error.why}")
            return {}

    def _cloudstack(self, item: str) -> str | None:
        """One of CloudStack's files: it was ``public_keys.txt`` before it was ``public-keys.txt``."""
        texts = (self._files.text(f"/cloudstack/metadata/{name}.txt") for name in (item, item.replace("-", "_")))
        return next((text for text in texts if text is not None), None)


SOURCE = ConfigDrive
