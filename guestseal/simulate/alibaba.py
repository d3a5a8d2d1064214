"""The metadata service of Alibaba Cloud ECS: EC2's tree with other names.

Sources: "Instance metadata" in the ECS documentation (items, security hardening mode), cloud-init's tests of
DataSourceAliYun and afterburn's of its provider aliyun (the keys, and that each comes twice). A key pair is named for
its place in the list.
"""

from __future__ import annotations

from guestseal.simulate import ec2
from guestseal.simulate.instance import Instance

VERSIONS = ("2014-11-05", "2015-06-01", "2016-01-01", "latest")


class MetadataService(ec2.MetadataService):
    """The service for the clone at the request's source address; with the arguments of EC2's."""

    versions = VERSIONS
    token_header = "X-aliyun-ecs-metadata-token"
    server = "nginx"
    indexed = None

    def files(self, instance: Instance) -> dict[str, str | bytes]:
        """See ec2.MetadataService.files."""
        pairs = enumerate(instance.ssh_keys)
        return {
            "meta-data/network-type": "vpc",
            "meta-data/region-id": "cn-hangzhou",
            "meta-data/zone-id": "cn-hangzhou-i",
            **ec2.own_files(instance, address="private-ipv4"),
            **{f"meta-data/public-keys/key-pair-{index}/openssh-key": f"{key}\n" for index, key in pairs},
            **ec2.more_files(instance),
        }
