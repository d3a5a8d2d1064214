"""Which services a source asks, by the source's name: what `guestseal simulate --source NAME` can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from guestseal.simulate import akamai, alibaba, documents, hetzner, oracle, scaleway, tencent
from guestseal.simulate.azure import Azure
from guestseal.simulate.ec2 import MetadataService
from guestseal.simulate.exoscale import Exoscale
from guestseal.simulate.gce import MetadataServer
from guestseal.simulate.instance import Instance
from guestseal.simulate.openstack import OpenStackService
from guestseal.simulate.router import VirtualRouter
from guestseal.simulate.service import Address, Service
from guestseal.simulate.upcloud import upcloud

Listeners = Sequence[tuple[Address, Service]]
"""Services and where they listen, as a `Simulator` takes them; the first is the one with the metadata."""


@dataclass(frozen=True)
class Place:
    """Where a platform listens, and how it behaves where it has a choice. Port 0 is any free one."""

    host: str = "127.0.0.1"
    port: int = 0
    password_port: int = 0
    """For the platforms that have a password server beside the metadata."""
    token: str = "optional"
    """For those with session tokens: a value of `guestseal.simulate.ec2.Tokens`."""


Make = Callable[[Mapping[str, Instance], Place], Listeners]
"""From the instances by source address to the platform's services. Raises ValueError for an address that is none."""


def one(service: Callable[[Mapping[str, Instance]], Service]) -> Make:
    """For a platform that is one service which takes nothing but the instances."""
    return lambda instances, place: [((place.host, place.port), service(instances))]


def _ec2(instances: Mapping[str, Instance], place: Place) -> Listeners:
    return [((place.host, place.port), MetadataService(instances, token=place.token))]


def _cloudstack(instances: Mapping[str, Instance], place: Place) -> Listeners:
    router = VirtualRouter(instances)
    return router.listeners(place.host, http_port=place.port, password_port=place.password_port)


def _alibaba(instances: Mapping[str, Instance], place: Place) -> Listeners:
    return [((place.host, place.port), alibaba.MetadataService(instances, token=place.token))]


def _exoscale(instances: Mapping[str, Instance], place: Place) -> Listeners:
    both = Exoscale(instances)
    return both.listeners(place.host, http_port=place.port, password_port=place.password_port)


PLATFORMS: dict[str, Make] = {
    "akamai": one(akamai.MetadataService),
    "alibaba": _alibaba,
    "azure": one(Azure),
    "cloudstack": _cloudstack,
    "digitalocean": one(documents.digitalocean),
    "ec2": _ec2,
    "exoscale": _exoscale,
    "gce": one(MetadataServer),
    "hetzner": one(hetzner.MetadataService),
    "openstack": one(OpenStackService),
    "oracle": one(oracle.MetadataService),
    "scaleway": one(scaleway.MetadataService),
    "tencent": one(tencent.MetadataService),
    "upcloud": one(upcloud),
    "vultr": one(documents.vultr),
}
"""By the name of the source, in alphabetical order."""
