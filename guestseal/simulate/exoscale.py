"""The metadata service of Exoscale and its password server.

Sources: "Cloud-init" in the Exoscale documentation, cloud-init's DataSourceExoscale (paths, the password server) and
afterburn's provider exoscale (items; the keys are one file). The password server is Apache CloudStack's, from which
Exoscale's comes; its own statuses are not documented.
"""

from __future__ import annotations

from collections.abc import Mapping

from guestseal.simulate import ec2
from guestseal.simulate.instance import Instance
from guestseal.simulate.password_server import PasswordServer
from guestseal.simulate.router import HTTP_PORT, PASSWORD_PORT
from guestseal.simulate.service import Address, Service


class MetadataTree(ec2.MetadataService):
    """The metadata for the clone at the request's source address."""

    versions = ("1.0", "latest")
    server = "nginx"
    indexed = None

    def __init__(self, instances: Mapping[str, Instance]) -> None:
        super().__init__(instances, token=ec2.Tokens.ABSENT)

    def files(self, instance: Instance) -> dict[str, str | bytes]:
        """See ec2.MetadataService.files."""
        items = {
            "availability-zone": "ch-gva-2",
            "cloud-identifier": "CloudStack-{1128bd56-b4d9-4ac6-a7b9-c715b187ce11}",
            "instance-id": instance.instance_id,
            "local-hostname": instance.hostname or "",
            "local-ipv4": instance.local_ipv4 or "",
            "public-keys": "\n".join(instance.ssh_keys),
            "service-offering": "Tiny",
            "vm-id": instance.instance_id,
        }
        files: dict[str, str | bytes] = {f"meta-data/{name}": value for name, value in items.items() if value}
        if instance.user_data is not None:
            files["user-data"] = instance.user_data
        return {**files, **ec2.more_files(instance)}


class Exoscale:
    """Both services, `metadata` and `password_server`. They know an instance by its source address."""

    def __init__(self, instances: Mapping[str, Instance]) -> None:
        self.metadata = MetadataTree(instances)
        self.password_server = PasswordServer(self.metadata.clones)

    def listeners(
        self, address: str, *, http_port: int = HTTP_PORT, password_port: int = PASSWORD_PORT
    ) -> tuple[tuple[Address, Service], ...]:
        """Both services at `address`, as a `Simulator` takes them."""
        return (((address, http_port), self.metadata), ((address, password_port), self.password_server))
