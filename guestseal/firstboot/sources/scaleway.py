"""The metadata service of Scaleway Instances.

The Instance's id, its host name, the SSH keys of its project and its tags stand in one JSON
document ("Instance metadata"), at an IPv4 and an IPv6 address that are asked at the same
time. A tag AUTHORIZED_KEY=... is a key as well, with underscores where it has blanks. User
data is told to a port below 1024 only, and therefore asked for from one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from guestseal.errors import Denied, Malformed
from guestseal.firstboot.metadata import Endpoint, Metadata
from guestseal.firstboot.reading import DOCUMENT_LIMIT, USER_DATA_LIMIT, Reading, json_object
from guestseal.firstboot.service import ServiceSource
from guestseal.machine.clock import Deadline
from guestseal.machine.http import Http

DOCUMENT = "/conf?format=json"
USER_DATA = "/user_data/cloud-init"
KEY_TAG = "AUTHORIZED_KEY="  # cloud-init, DataSourceScaleway.get_public_ssh_keys


class Scaleway(ServiceSource):
    """The metadata service at 169.254.42.42."""

    name = "scaleway"
    urls = ("http://169.254.42.42", "http://[fd00:42::42]")

    def read(self, http: Http, endpoint: Endpoint, deadline: Deadline) -> Metadata:
        """See ServiceSource.read."""
        reading = Reading(str(endpoint))
        answer = http.get(endpoint, DOCUMENT, deadline=deadline, limit=DOCUMENT_LIMIT)
        document = json_object(reading.address, answer.body)
        wanted = self.settings.wants_user_data
        return Metadata(
            self.name,
            reading.address,
            instance_id=reading.instance_id(document.get("id")),
            hostname=reading.hostname(document.get("hostname")),
            ssh_keys=_keys(reading, document),
            user_data=_user_data(reading, http, endpoint, deadline) if wanted else None,
            remarks=tuple(reading.remarks),
        )


def _keys(reading: Reading, document: dict[str, Any]) -> tuple[str, ...] | None:
    """The keys of the list and of the tags; None: it says nothing of either, or nothing usable."""
    entries, tags = document.get("ssh_public_keys"), document.get("tags")
    if entries is not None and not isinstance(entries, list):
        reading.remarks.append("ssh_public_keys: not a list")
        entries = None
    # Tags are the owner's, for any purpose: those that are none of ours are nobody's mistake.
    tagged = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    tagged = [tag[len(KEY_TAG) :].replace("_", " ") for tag in tagged if tag.startswith(KEY_TAG)]
    listed = [entry.get("key") if isinstance(entry, dict) else None for entry in entries or ()]
    if None in listed:
        reading.remarks.append("ssh_public_keys: an entry without a key")
    if entries is None and not tagged:
        return None
    return reading.ssh_keys([*(key for key in listed if key is not None), *tagged])


def _user_data(reading: Reading, http: Http, endpoint: Endpoint, until: Deadline) -> bytes | None:
    try:
        root = replace(endpoint, privileged=True)
        answer = http.get_optional(root, USER_DATA, deadline=until, limit=USER_DATA_LIMIT)
    except (Denied, Malformed) as error:
        reading.remarks.append(f"user data: {error.why}")
        return None
    return reading.user_data(answer and answer.body)


SOURCE = Scaleway
