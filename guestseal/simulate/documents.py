"""Metadata services that say everything in one JSON document.

DigitalOcean: "Metadata API", GET /metadata/v1.json. Vultr: "Metadata API", GET /v1.json, and what cloud-init records of
it. What they have beside the document, item by item, is not simulated. An instance's `extra` is further items of the
document, as text, and wins over the others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from guestseal.simulate.clones import Clones
from guestseal.simulate.instance import Instance
from guestseal.simulate.service import Request, Response, error_page, http_date

Describe = Callable[[Instance, Request], Mapping[str, Any]]


class DocumentService:
    """The document at `path`, as `describe` puts it, for the clone at the request's source address; 404 otherwise."""

    def __init__(self, instances: Mapping[str, Instance], path: str, describe: Describe) -> None:
        self.clones = Clones(instances)
        self._path = path
        self._describe = describe

    def answer(self, request: Request) -> Response:
        """The answer to `request`."""
        instance = self.clones.find(request.source)
        if instance is None or request.path != self._path:
            return _page(404)
        if request.method not in ("GET", "HEAD"):
            return _page(405)
        document = {**self._describe(instance, request), **instance.extra}
        headers = (("Content-Type", "application/json"), ("Date", http_date()))
        return Response(200, json.dumps(document).encode(), headers=headers)


def digitalocean(instances: Mapping[str, Instance]) -> DocumentService:
    """The service of Droplets. The id is a number, unless the instance's is none."""
    return DocumentService(instances, "/metadata/v1.json", _droplet)


def vultr(instances: Mapping[str, Instance]) -> DocumentService:
    """The service of Vultr instances. User data is told to those only who ask as cloud-init does."""
    return DocumentService(instances, "/v1.json", _vultr)


def number_or_text(identifier: str) -> int | str:
    """An id as platforms with numbers for ids write it into JSON."""
    return int(identifier) if identifier.isdecimal() else identifier


def _droplet(instance: Instance, _: Request) -> Mapping[str, Any]:
    document: dict[str, Any] = {
        "droplet_id": number_or_text(instance.instance_id),
        "hostname": instance.hostname or "",
        "vendor_data": "#cloud-config\ndisable_root: false\nmanage_etc_hosts: true\n",
        "public_keys": list(instance.ssh_keys),
        "region": "nyc3",
        "interfaces": {"private": [], "public": _interfaces("ip_address", instance)},
        "floating_ip": {"ipv4": {"active": False}},
        "dns": {"nameservers": ["2001:4860:4860::8844", "2001:4860:4860::8888", "8.8.8.8"]},
        "features": {"dhcp_enabled": True},
    }
    if instance.user_data is not None:
        document["user_data"] = instance.user_data.decode("utf-8", "replace")
    return document


def _vultr(instance: Instance, request: Request) -> Mapping[str, Any]:
    document: dict[str, Any] = {
        "hostname": instance.hostname or "",
        "instanceid": "a747bfz6385e",
        "instance-v2-id": instance.instance_id,
        "interfaces": _interfaces("address", instance),
        "public-keys": list(instance.ssh_keys),
        "region": {"regioncode": "EWR", "countrycode": "US"},
    }
    if request.header("Metadata-Token") == "cloudinit":
        document["user-data"] = [] if instance.user_data is None else instance.user_data.decode("utf-8", "replace")
        document["vendor-data"] = "#cloud-config\npackage_upgrade: true\ndisable_root: 0\n"
    return document


def _interfaces(name: str, instance: Instance) -> list[dict[str, Any]]:
    return [{"ipv4": {name: instance.local_ipv4}, "mac": "04:01:2a:0f:2a:01"}] if instance.local_ipv4 else []


def _page(status: int) -> Response:
    return Response(status, error_page(status), headers=(("Content-Type", "text/html"), ("Date", http_date())))
