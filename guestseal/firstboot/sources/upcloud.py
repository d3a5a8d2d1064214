"""The metadata service of UpCloud servers.

The server's UUID, its host name and its SSH keys stand in one JSON document (UpCloud API,
"Metadata service"). The service is there for servers that were made with it switched on. A
password goes out by mail or SMS, and is not told here.
"""

from __future__ import annotations

from guestseal.firstboot.json_document import DocumentSource

PATH = "/metadata/v1.json"


class UpCloud(DocumentSource):
    """The link-local metadata service, as one document."""

    name = "upcloud"
    urls = ("http://169.254.169.254",)
    path = PATH
    instance_ids = ("instance_id",)


SOURCE = UpCloud
