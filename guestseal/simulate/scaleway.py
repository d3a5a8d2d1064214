"""The metadata service of Scaleway Instances: the document, and user data for those who ask from a port below 1024.

Sources: "User data" in the Scaleway API documentation (the ports), scaleway-sdk-go's instance_metadata_sdk.go (fields),
cloud-init's DataSourceScaleway (paths, 404 where nothing is set). The document is told in JSON only, not as shell
variables. An instance's `extra` is further items of the document; a text for `tags` is one tag.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from guestseal.simulate.clones import Clones
from guestseal.simulate.instance import Instance
from guestseal.simulate.service import Request, Response, http_date

FIRST_UNPRIVILEGED = 1024


class MetadataService:
    """The service for the clone at the request's source address."""

    def __init__(self, instances: Mapping[str, Instance]) -> None:
        self.clones = Clones(instances)

    def answer(self, request: Request) -> Response:
        """The answer to `request`."""
        instance = self.clones.find(request.source)
        if instance is None:
            return _error(404)
        if request.method not in ("GET", "HEAD"):
            return _error(405)
        if request.path == "/conf" and parse_qs(urlsplit(request.target).query).get("format") == ["json"]:
            return _ok("application/json", json.dumps(_document(instance)).encode())
        if request.path == "/user_data/cloud-init":
            if request.source_port >= FIRST_UNPRIVILEGED:
                return _error(403)
            return _error(404) if instance.user_data is None else _ok("text/plain", instance.user_data)
        return _error(404)


def _document(instance: Instance) -> dict[str, Any]:
    extra: dict[str, Any] = dict(instance.extra)
    tags = [extra.pop("tags")] if "tags" in extra else []
    return {
        "id": instance.instance_id,
        "name": instance.hostname or "",
        "hostname": instance.hostname or "",
        "commercial_type": "DEV1-S",
        "tags": tags,
        "ssh_public_keys": [{"key": key, "fingerprint": "256 SHA256:none (ED25519)"} for key in instance.ssh_keys],
        "private_ip": None,
        "public_ips": [],
        "state_detail": "booting",
        "timezone": "UTC",
        "zone": "fr-par-1",
        **extra,
    }


def _ok(kind: str, body: bytes) -> Response:
    return Response(200, body, headers=(("Content-Type", kind), ("Date", http_date())))


def _error(status: int) -> Response:
    body = json.dumps({"type": "error", "message": "not told"}).encode()
    return Response(status, body, headers=(("Content-Type", "application/json"), ("Date", http_date())))
