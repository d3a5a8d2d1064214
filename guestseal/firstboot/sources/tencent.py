"""The metadata service of Tencent Cloud's Cloud Virtual Machine.

It has EC2's tree without session tokens ("Querying Instance Metadata") at the address that
metadata.tencentyun.com resolves to. The name itself is not asked for: on a machine that runs
elsewhere, whoever answers for it would choose root's keys. The instance's display name is
no host name, and its password is not told here.
"""

from __future__ import annotations

from dataclasses import replace

from guestseal.firstboot.ec2_tree import Dialect, TreeSource
from guestseal.firstboot.metadata import Endpoint, Metadata
from guestseal.machine.clock import Deadline
from guestseal.machine.http import Http


class Tencent(TreeSource):
    """The service at 169.254.0.23."""

    name = "tencent"
    # The address: datadog-agent, pkg/util/cloudproviders/tencent, and the source that Tencent's people proposed to
    # cloud-init, DataSourceTencentCloud.
    urls = ("http://169.254.0.23",)
    dialect = Dialect(
        roots=("/2017-09-19", "/latest"),
        # Not in Tencent's list of items; DataSourceTencentCloud reads both.
        hostnames=("hostname",),
        keys=r"([0-9]{1,4})(?:=.*|/)?$",
    )

    def read(self, http: Http, endpoint: Endpoint, deadline: Deadline) -> Metadata:
        """See TreeSource.read. Without a list of keys it does not say that there are none: no document promises it."""
        said = super().read(http, endpoint, deadline)
        return replace(said, ssh_keys=said.ssh_keys or None)


SOURCE = Tencent
