"""The metadata service of Vultr instances.

Id, name and SSH keys stand in one JSON document (`Metadata API`, GET /v1.json); asked as
cloud-init asks, it has the user data too. The id is `instance-v2-id`, and on instances
from before version 2 of Vultr's API `instanceid`. The root password that Vultr made up
for the instance is in its control panel, and not told here.
"""

from __future__ import annotations

from guestseal.firstboot.metadata import Endpoint, Metadata
from guestseal.firstboot.reading import DOCUMENT_LIMIT, Reading, json_object
from guestseal.firstboot.service import first_answer
from guestseal.firstboot.source import Source
from guestseal.machine.clock import Deadline
from guestseal.machine.http import Http

PATH = "/v1.json"
HEADERS = {"Metadata-Token": "cloudinit"}  # cloudinit/sources/helpers/vultr.py, read_metadata


class Vultr(Source):
    """The link-local metadata service, as one document."""

    name = "vultr"
    urls = ("http://169.254.169.254",)

    def fetch(self, deadline: Deadline) -> Metadata:
        """See Source.fetch."""
        return first_answer(self, self._converse, deadline)

    def _converse(self, http: Http, endpoint: Endpoint, until: Deadline) -> Metadata:
        answer = http.get(endpoint, PATH, deadline=until, limit=DOCUMENT_LIMIT, headers=HEADERS)
        reading = Reading(str(endpoint))
        document = json_object(reading.address, answer.body)
        wanted = self.settings.user_data != "ignore"
        # An empty list says that there is none (cloud-init's fixtures of DataSourceVultr).
        user_data = document.get("user-data") or None
        return Metadata(
            self.name,
            reading.address,
            instance_id=reading.instance_id(document.get("instance-v2-id") or document.get("instanceid")),
            hostname=reading.hostname(document.get("hostname")),
            ssh_keys=reading.ssh_keys(document.get("public-keys")),
            user_data=reading.user_data(user_data) if wanted else None,
            remarks=tuple(reading.remarks),
        )


SOURCE = Vultr
