"""What the services of several platforms are: one JSON document that says everything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from guestseal.firstboot.metadata import Endpoint, Metadata
from guestseal.firstboot.reading import DOCUMENT_LIMIT, Reading, json_object
from guestseal.firstboot.service import ServiceSource
from guestseal.machine.clock import Deadline
from guestseal.machine.http import Http


class DocumentSource(ServiceSource):
    """A source that is nothing but such a document."""

    path: ClassVar[str]
    headers: ClassVar[Mapping[str, str]] = {}
    """What the request has to have."""
    instance_ids: ClassVar[tuple[str, ...]]
    """Keys of the instance-id: the first that has a value counts."""
    ssh_keys: ClassVar[str] = "public_keys"

    def user_data(self, document: Mapping[str, Any]) -> object:
        """The document's user data; None: it has none."""
        return document.get("user_data")

    def read(self, http: Http, endpoint: Endpoint, deadline: Deadline) -> Metadata:
        """See ServiceSource.read."""
        answer = http.get(endpoint, self.path, deadline=deadline, limit=DOCUMENT_LIMIT, headers=self.headers)
        reading = Reading(str(endpoint))
        document = json_object(reading.address, answer.body)
        wanted = self.settings.wants_user_data
        named = [document.get(key) for key in self.instance_ids]
        return Metadata(
            self.name,
            reading.address,
            instance_id=reading.instance_id(next(filter(None, named), named[-1])),
            hostname=reading.hostname(document.get("hostname")),
            ssh_keys=reading.ssh_keys(document.get(self.ssh_keys)),
            user_data=reading.user_data(self.user_data(document)) if wanted else None,
            remarks=tuple(reading.remarks),
        )
