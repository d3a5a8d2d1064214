"""The metadata service of Vultr instances.

Id, name and SSH keys stand in one JSON document (`Metadata API`, GET /v1.json); asked as
cloud-init asks, it has the user data too. The id is `instance-v2-id`, and on instances
from before version 2 of Vultr's API `instanceid`. The root password that Vultr made up
for the instance is in its control panel, and not told here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guestseal.firstboot.json_document import DocumentSource

PATH = "/v1.json"
HEADERS = {"Metadata-Token": "cloudinit"}  # cloudinit/sources/helpers/vultr.py, read_metadata


class Vultr(DocumentSource):
    """The link-local metadata service, as one document."""

    name = "vultr"
    urls = ("http://169.254.169.254",)
    path = PATH
    headers = HEADERS
    instance_ids = ("instance-v2-id", "instanceid")
    ssh_keys = "public-keys"

    def user_data(self, document: Mapping[str, Any]) -> object:
        """See DocumentSource.user_data. An empty list says that there is none (cloud-init's fixtures of Vultr)."""
        return document.get("user-data") or None


SOURCE = Vultr
