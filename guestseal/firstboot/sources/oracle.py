"""The metadata service of Oracle Cloud Infrastructure.

The instance's OCID, its host name and what its owner gave it stand in one JSON document
("Getting Instance Metadata"). Version 2 is asked, by IPv4 and IPv6 at the same time;
version 1 only where the answer to that is 404. `ssh_authorized_keys` and `user_data` are
the keys that Oracle's documentation names for the owner's metadata.
"""

from __future__ import annotations

from guestseal.errors import Absent
from guestseal.firstboot.metadata import Endpoint, Metadata
from guestseal.firstboot.reading import DOCUMENT_LIMIT, Reading, at, json_object
from guestseal.firstboot.service import ServiceSource
from guestseal.machine.clock import Deadline
from guestseal.machine.http import Http

V2 = ("/opc/v2/instance/", {"Authorization": "Bearer Oracle"})
V1: tuple[str, dict[str, str]] = ("/opc/v1/instance/", {})
PAUSE = 0.1
"""Seconds. While it is updated, the service answers 404 for some milliseconds (cloud-init, DataSourceOracle.py)."""


class Oracle(ServiceSource):
    """The link-local metadata service."""

    name = "oracle"
    urls = ("http://169.254.169.254", "http://[fd00:c1::a9fe:a9fe]")

    def read(self, http: Http, endpoint: Endpoint, deadline: Deadline) -> Metadata:
        """See ServiceSource.read."""
        reading = Reading(str(endpoint))
        document = json_object(reading.address, _document(http, endpoint, deadline))
        owners, wanted = document.get("metadata"), self.settings.wants_user_data
        if owners is not None and not isinstance(owners, dict):
            reading.remarks.append("metadata: not an object")
        return Metadata(
            self.name,
            reading.address,
            instance_id=reading.instance_id(document.get("id")),
            hostname=reading.hostname(document.get("hostname")),
            ssh_keys=reading.ssh_keys(at(owners, "ssh_authorized_keys")),
            user_data=reading.user_data(at(owners, "user_data"), encoded=True) if wanted else None,
            remarks=tuple(reading.remarks),
        )


def _document(http: Http, endpoint: Endpoint, until: Deadline) -> bytes:
    for path, headers in (V2, V1):
        answer = http.get_optional(endpoint, path, deadline=until, limit=DOCUMENT_LIMIT, headers=headers)
        if answer is not None:
            return answer.body
    http.clock.pause(min(PAUSE, until.remaining))
    path, headers = V2
    try:
        return http.get(endpoint, path, deadline=until, limit=DOCUMENT_LIMIT, headers=headers).body
    except Absent:
        raise Absent(str(endpoint), "neither version of the service knows this machine") from None


SOURCE = Oracle
