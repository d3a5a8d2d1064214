"""The metadata service of Alibaba Cloud's Elastic Compute Service.

It has EC2's tree at an address of its own, with session tokens under names of its own
("security hardening mode"), which are used where it gives them. Its keys lie in
directories named for the key pairs. An ECS password is set while the machine is made, and
not told here.
"""

from __future__ import annotations

from guestseal.firstboot.ec2_tree import NAMED, Dialect, TreeSource


class Alibaba(TreeSource):
    """The service at 100.100.100.200."""

    name = "alibaba"
    urls = ("http://100.100.100.200",)
    dialect = Dialect(
        # cloud-init's DataSourceAliYun asks the first, afterburn's provider aliyun the second.
        roots=("/2016-01-01", "/latest"),
        session_header="X-aliyun-ecs-metadata-token",
        hostnames=("hostname",),
        # The same key comes more than once, as 0/ and by its name (afterburn, mock_tests.rs).
        keys=NAMED,
    )


SOURCE = Alibaba
