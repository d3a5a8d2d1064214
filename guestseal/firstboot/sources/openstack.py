"""The OpenStack metadata service, in its own format.

It has what the EC2 format of the same service does not: the instance's UUID, which is
also the machine's system UUID, and a password, where one was given at creation as the
property `admin_pass` or the cloud tells its own (`enable_instance_password`). There is
nothing to acknowledge it to. Keys of type x509 are for other systems and left out. The
IPv4 address and the link-local IPv6 address of the service are asked at the same time.
Static addresses (`network_data.json`) are asked for only with `network = always`: a
machine that has got as far as this service has an address.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from guestseal.errors import Malformed
from guestseal.firstboot.metadata import Endpoint, Metadata
from guestseal.firstboot.reading import DOCUMENT_LIMIT, USER_DATA_LIMIT, Reading, at, json_object
from guestseal.firstboot.service import ServiceSource
from guestseal.machine.clock import Deadline
from guestseal.machine.http import Http
from guestseal.settings import Settings

if TYPE_CHECKING:
    from guestseal.guest.network.network_config import NetworkConfig

VERSIONS = (
    "2018-08-27",
    "2017-02-22",
    "2016-10-06",
    "2016-06-30",
    "2015-10-15",
    "2013-10-17",
    "2013-04-04",
    "2012-08-10",
)
"""Newest first: nova/api/metadata/base.py, OPENSTACK_VERSIONS. A version's meaning never changes."""


class OpenStack(ServiceSource):
    """The link-local metadata service."""

    name = "openstack"
    urls = ("http://169.254.169.254", "http://[fe80::a9fe:a9fe%25if]")

    def read(self, http: Http, endpoint: Endpoint, deadline: Deadline) -> Metadata:
        """See ServiceSource.read."""
        return _Service(http, endpoint, deadline).metadata(self.settings)


class _Service:
    """One conversation with the service at one address."""

    def __init__(self, http: Http, endpoint: Endpoint, deadline: Deadline) -> None:
        self._http, self._endpoint, self._deadline = http, endpoint, deadline
        self._reading = Reading(str(endpoint))

    def metadata(self, settings: Settings) -> Metadata:
        """Everything the service says. Raises a SourceError."""
        root, reading = self._root(), self._reading
        path = f"{root}/meta_data.json"
        answer = self._http.get(self._endpoint, path, deadline=self._deadline, limit=DOCUMENT_LIMIT)
        document = json_object(reading.address, answer.body)
        # What the user gave comes first, as in cloudbase-init (baseopenstackservice.py, get_admin_password).
        password = at(document, "meta", "admin_pass") or document.get("admin_pass")
        return Metadata(
            OpenStack.name,
            reading.address,
            instance_id=reading.instance_id(document.get("uuid")),
            hostname=reading.hostname(document.get("hostname")),
            ssh_keys=reading.ssh_keys(_keys(document)),
            password=reading.password(password),
            user_data=self._item(f"{root}/user_data", USER_DATA_LIMIT) if settings.wants_user_data else None,
            network=self._network(root) if settings.network == "always" else None,
            remarks=tuple(reading.remarks),
        )

    def _root(self) -> str:
        """The directory of the newest version that is known on both sides."""
        listing = self._http.get_optional(self._endpoint, "/openstack", deadline=self._deadline, limit=4096)
        offered = listing.body.decode("ascii", "replace").split() if listing is not None else []
        known = (version for version in VERSIONS if version in offered)
        return f"/openstack/{next(known, 'latest')}"

    def _item(self, path: str, limit: int) -> bytes | None:
        """A file without which the others are still good; None: there is none."""
        try:
            answer = self._http.get_optional(self._endpoint, path, deadline=self._deadline, limit=limit)
        except Malformed as error:
            self._reading.remarks.append(f"{path.rpartition('/')[2]}: {error.why}")
            return None
        return None if answer is None else answer.body

    def _network(self, root: str) -> NetworkConfig | None:
        from guestseal.firstboot.network_documents import from_network_data

        body, address = self._item(f"{root}/network_data.json", DOCUMENT_LIMIT), self._reading.address
        try:
            return None if body is None else from_network_data(address, json_object(address, body))
        except Malformed as error:
            self._reading.remarks.append(f"network_data.json: {error.why}")
            return None


def _keys(document: Mapping[str, Any]) -> object:
    """Texts of keys: ``public_keys``, and ``keys``, which tells their types by the same names (since Liberty)."""
    named, typed = document.get("public_keys") or {}, document.get("keys") or []
    if not isinstance(named, dict) or not isinstance(typed, list):
        return typed if isinstance(named, dict) else named
    others = [at(key, "name") for key in typed if at(key, "type") == "x509"]
    found = [text for name, text in named.items() if name not in others]
    return found + [at(key, "data") for key in typed if at(key, "type") != "x509"]


SOURCE = OpenStack
