"""cloud-init's NoCloud: a drive labelled `cidata`, a seed directory, or the firmware; also Proxmox.

Read are `meta-data`, `network-config` and of `user-data` the part of a cloud-config that
makes a clone its own: `hostname`, `fqdn`, `user`, `password`, `ssh_authorized_keys` and the
account's entry of `users`; what it wants beside is named and not done. They lie in
/var/lib/cloud/seed/nocloud, in nocloud-net there, or on a drive, iso9660 or vfat, with the
label `cidata` in any case. A serial number of the firmware (SMBIOS) of the form
`ds=nocloud;h=NAME;i=ID` comes before them; a seed it names elsewhere (`s=`) is not fetched,
and the kernel's command line is not looked at.

YAML needs PyYAML (package python3-yaml); JSON is read without it. A seed without
`instance-id` is known by a digest of its contents. It is read only where `sources` names
it before the template is sealed: whoever can attach a drive can speak by it.
"""

from __future__ import annotations

import hashlib
import re

from guestseal.errors import Absent, Malformed
from guestseal.firstboot.cloud_config import cloud_config, key_texts
from guestseal.firstboot.drives import Files, read_drives
from guestseal.firstboot.metadata import Metadata
from guestseal.firstboot.reading import USER_DATA_LIMIT, Reading
from guestseal.firstboot.source import Attempt, Source
from guestseal.firstboot.yaml_documents import yaml_object
from guestseal.guest.network.network_config import NetworkConfig
from guestseal.guest.tree import Tree
from guestseal.machine.clock import Deadline
from guestseal.settings import Settings

LABEL = "cidata"
SEEDS = ("/var/lib/cloud/seed/nocloud", "/var/lib/cloud/seed/nocloud-net")
FIRMWARE = "SMBIOS serial number"
NETWORK_LIMIT = 64 << 10
ROUNDS = 200_000


class NoCloud(Source):
    """The seed, wherever it is."""

    name = "nocloud"
    local = True

    def fetch(self, deadline: Deadline) -> Metadata:
        """See Source.fetch."""
        self.attempts = ()
        told = _told_by_firmware(self.machine.firmware.serial)

        def read(files: Files) -> Metadata:
            return _Seed(files, told).metadata(self.settings)

        with Tree(self.machine.root_directory) as tree:
            for directory in SEEDS:
                files = Files(directory, tree, directory)
                if _is_seed(files):
                    self.attempts = (Attempt(self.name, directory, "read", 0.0),)
                    return read(files)
            try:
                return read_drives(self, LABEL, read, deadline)
            except Absent:
                if "i" not in told:
                    raise
            self.attempts += (Attempt(self.name, FIRMWARE, "read", 0.0),)
            return read(Files(FIRMWARE, tree, SEEDS[0]))


class _Seed:
    """One seed's files, and what the firmware says in their place."""

    def __init__(self, files: Files, told: dict[str, str]) -> None:
        self._files, self._told = files, told
        self._reading = Reading(files.address)
        self._bodies = [files.read("/meta-data"), files.read("/network-config", NETWORK_LIMIT)]
        self._user_data = files.read("/user-data", USER_DATA_LIMIT)

    def metadata(self, settings: Settings) -> Metadata:
        """Everything it says. Raises a SourceError."""
        reading, address = self._reading, self._files.address
        document = yaml_object(address, self._bodies[0] or b"")
        user_data = reading.user_data(self._user_data)
        config = cloud_config(reading, user_data, settings.account)
        if "s" in self._told:
            reading.remarks.append("the firmware names a seed elsewhere (s=): it is not fetched")
        local_name = self._told.get("h") or document.get("local-hostname") or document.get("hostname")
        keys = [*key_texts(document.get("public-keys")), *config.keys]
        return Metadata(
            NoCloud.name,
            address,
            instance_id=reading.instance_id(self._told.get("i") or document.get("instance-id") or self._digest()),
            hostname=config.hostname or reading.hostname(local_name),
            ssh_keys=reading.ssh_keys(keys) if keys else None,
            password=config.password,
            password_hash=config.password_hash,
            user_data=user_data if settings.wants_user_data else None,
            network=self._network(),
            remarks=tuple(reading.remarks),
        )

    def _digest(self) -> str | None:
        """An instance-id for a seed that has none; None: there is no seed."""
        if not _is_seed(self._files):
            return None
        self._reading.remarks.append(
            "no instance-id: a digest of the seed is used, so a changed seed is another machine"
        )
        # It is shown to everybody, and a password in clear may be the only thing in the seed that is not known.
        said = b"\0".join(body or b"" for body in (*self._bodies, self._user_data))
        return f"seed-{hashlib.pbkdf2_hmac('sha256', said, b'guestseal: nocloud', ROUNDS)[:16].hex()}"

    def _network(self) -> NetworkConfig | None:
        from guestseal.firstboot.network_documents import from_network_config

        body, address = self._bodies[1], self._files.address
        try:
            document = yaml_object(address, body) if body else {}
            return from_network_config(address, document) if document else None
        except Malformed as error:
            self._reading.remarks.append(f"network-config: {error.why}")
            return None


def _is_seed(files: Files) -> bool:
    return not {"meta-data", "user-data"}.isdisjoint(files.names("/"))


def _told_by_firmware(serial: str) -> dict[str, str]:
    """The values of ``ds=nocloud[-net];KEY=VALUE;…``, by key; none where the serial number is one."""
    found = re.match(r"ds=nocloud(?:-net)?((?:;[^;\s]*)*)(?:\s|$)", serial)
    pairs = (item.partition("=") for item in found[1].split(";")) if found else ()
    short = {"local-hostname": "h", "instance-id": "i", "seedfrom": "s"}
    return {short.get(key, key): value for key, _, value in pairs if value}


SOURCE = NoCloud
