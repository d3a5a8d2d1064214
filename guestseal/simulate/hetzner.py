"""The metadata service of Hetzner Cloud: the YAML document, its items one by one, and user data.

Sources: "Server Metadata" in the Hetzner Cloud API documentation, hcloud-go's package metadata (items), afterburn's
tests (the list of keys is JSON where it is asked for alone), and the document that cloud-init's tests record. An
instance's `extra` is further items.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from guestseal.simulate.clones import Clones
from guestseal.simulate.instance import Instance
from guestseal.simulate.service import Request, Response, error_page, http_date

ROOT = "/hetzner/v1"


class MetadataService:
    """The service for the clone at the request's source address; an address that is no clone's gets 404."""

    def __init__(self, instances: Mapping[str, Instance]) -> None:
        self.clones = Clones(instances)

    def answer(self, request: Request) -> Response:
        """The answer to `request`; user data that does not exist is 204."""
        instance = self.clones.find(request.source)
        if instance is None:
            return _page(404)
        if request.method not in ("GET", "HEAD"):
            return _page(405)
        if request.path == f"{ROOT}/userdata":
            body = instance.user_data
            return Response(204, headers=(("Date", http_date()),)) if body is None else _ok("text/plain", body)
        if request.path == f"{ROOT}/metadata":
            return _ok("text/yaml", _document(instance).encode())
        item = _items(instance).get(request.path.removeprefix(f"{ROOT}/metadata/"))
        return _page(404) if item is None else _ok("text/plain", item.encode())


def _items(instance: Instance) -> dict[str, str]:
    return {
        "availability-zone": "hel1-dc2",
        "hostname": instance.hostname or "",
        "instance-id": instance.instance_id,
        "local-ipv4": "",
        "public-ipv4": instance.local_ipv4 or "",
        "public-keys": json.dumps(list(instance.ssh_keys)),
        "region": "eu-central",
        **instance.extra,
    }


def _document(instance: Instance) -> str:
    """The items in YAML; each is a scalar that needs no quotes, or the list of keys."""
    lines = []
    for name, value in _items(instance).items():
        if name == "public-keys" and instance.ssh_keys:
            lines += ["public-keys:", *(f"- {key}" for key in instance.ssh_keys)]
        else:
            quoted = value or "''"
            lines.append(f"{name}: {quoted}")
    return "\n".join(lines) + "\n"


def _ok(kind: str, body: bytes) -> Response:
    return Response(200, body, headers=(("Content-Type", kind), ("Date", http_date())))


def _page(status: int) -> Response:
    return Response(status, error_page(status), headers=(("Content-Type", "text/html"), ("Date", http_date())))
