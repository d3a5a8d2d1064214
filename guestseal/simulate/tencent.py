"""The metadata service of Tencent Cloud CVM: EC2's tree without tokens.

Sources: "Querying Instance Metadata" in the CVM documentation (items, versions, the form without a version, 404), and
the source DataSourceTencentCloud that was proposed to cloud-init (host name and keys, which the documentation leaves
out).
"""

from __future__ import annotations

from collections.abc import Mapping

from guestseal.simulate import ec2
from guestseal.simulate.instance import Instance


class MetadataService(ec2.MetadataService):
    """The service for the clone at the request's source address."""

    versions = ("1.0", "2017-09-19", "latest")
    server = "nginx"

    def __init__(self, instances: Mapping[str, Instance]) -> None:
        super().__init__(instances, token=ec2.Tokens.ABSENT)

    def content(self, path: str, instance: Instance) -> str | bytes | None:
        """See ec2.MetadataService.content. A path without a version is one of version 1.0."""
        if path in ("", "/"):
            return "\n".join((*self.versions, "meta-data"))
        return super().content(f"/1.0{path}" if path.startswith("/meta-data") else path, instance)

    def files(self, instance: Instance) -> dict[str, str | bytes]:
        """See ec2.MetadataService.files."""
        return {
            "meta-data/instance-name": "Unnamed",
            "meta-data/uuid": "cfac763a-7094-446b-a8a9-b995e638471a",
            "meta-data/mac": "52:54:00:BF:B3:51",
            "meta-data/placement/region": "ap-guangzhou",
            "meta-data/placement/zone": "ap-guangzhou-3",
            **ec2.own_files(instance),
            **ec2.more_files(instance),
        }
