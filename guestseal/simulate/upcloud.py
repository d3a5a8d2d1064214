"""The metadata service of UpCloud servers: one JSON document.

Sources: "Metadata service" in the UpCloud API documentation, and the document that cloud-init's tests of
DataSourceUpCloud record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guestseal.simulate.documents import DocumentService
from guestseal.simulate.instance import Instance
from guestseal.simulate.service import Request


def upcloud(instances: Mapping[str, Instance]) -> DocumentService:
    """The service of UpCloud servers."""
    return DocumentService(instances, "/metadata/v1.json", _server)


def _server(instance: Instance, _: Request) -> Mapping[str, Any]:
    return {
        "cloud_name": "upcloud",
        "instance_id": instance.instance_id,
        "hostname": instance.hostname or "",
        "platform": "servers",
        "subplatform": "metadata (http://169.254.169.254)",
        "public_keys": list(instance.ssh_keys),
        "region": "fi-hel2",
        "network": {"interfaces": [], "dns": ["94.237.127.9", "94.237.40.9"]},
        "storage": {"disks": []},
        "tags": [],
        "user_data": (instance.user_data or b"").decode("utf-8", "replace"),
        "vendor_data": "",
    }
