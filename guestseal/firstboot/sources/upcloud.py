"""The metadata service of UpCloud servers.

The server's UUID, its host name and its SSH keys stand in one JSON document (UpCloud API,
"Metadata service"). The service is there for servers that were made with it switched on. A
password goes out by mail or SMS, and is not told here.
"""

from __future__ import annotations

from guestseal.firstboot.metadata import Endpoint, Metadata
from guestseal.firstboot.reading import DOCUMENT_LIMIT, Reading, json_object
from guestseal.firstboot.service import first_answer
from guestseal.firstboot.source import Source
from guestseal.machine.clock import Deadline
from guestseal.machine.http import Http

PATH = "/metadata/v1.json"


class UpCloud(Source):
    """The link-local metadata service, as one document."""

    name = "upcloud"
    urls = ("http://169.254.169.254",)

    def fetch(self, deadline: Deadline) -> Metadata:
        """See Source.fetch."""
        return first_answer(self, self._converse, deadline)

    def _converse(self, http: Http, endpoint: Endpoint, until: Deadline) -> Metadata:
        answer = http.get(endpoint, PATH, deadline=until, limit=DOCUMENT_LIMIT)
        reading = Reading(str(endpoint))
        document = json_object(reading.address, answer.body)
        wanted = self.settings.user_data != "ignore"
        return Metadata(
            self.name,
            reading.address,
            instance_id=reading.instance_id(document.get("instance_id")),
            hostname=reading.hostname(document.get("hostname")),
            ssh_keys=reading.ssh_keys(document.get("public_keys")),
            user_data=reading.user_data(document.get("user_data")) if wanted else None,
            remarks=tuple(reading.remarks),
        )


SOURCE = UpCloud
