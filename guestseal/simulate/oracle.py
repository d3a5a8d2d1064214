"""The metadata service of Oracle Cloud Infrastructure, version 1 and 2.

Sources: "Getting Instance Metadata" in the OCI documentation (versions, headers, that a disabled version 1 is 404), and
the document that cloud-init's tests of DataSourceOracle record. That a refusal is 403 is a guess: the documentation
says "rejected". An instance's `extra` is further items of its owner's metadata.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from guestseal.simulate.clones import Clones
from guestseal.simulate.instance import Instance
from guestseal.simulate.service import Request, Response, error_page, http_date

AUTHORIZATION = "Bearer Oracle"
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host")


class MetadataService:
    """The service for the clone at the request's source address; `versions` are those that are switched on."""

    def __init__(self, instances: Mapping[str, Instance], *, versions: tuple[int, ...] = (1, 2)) -> None:
        self.clones = Clones(instances)
        self._versions = versions

    def answer(self, request: Request) -> Response:
        """The answer to `request`."""
        instance = self.clones.find(request.source)
        version = {"/opc/v1/instance": 1, "/opc/v2/instance": 2}.get(request.path.rstrip("/"))
        if instance is None or version not in self._versions:
            return _page(404)
        if version == 2 and not _admitted(request):
            return _page(403)
        if request.method not in ("GET", "HEAD"):
            return _page(405)
        body = json.dumps(_document(instance), indent=2).encode()
        return Response(200, body, headers=(("Content-Type", "application/json"), ("Date", http_date())))


def _admitted(request: Request) -> bool:
    return request.header("Authorization") == AUTHORIZATION and not any(map(request.header, FORWARDED))


def _document(instance: Instance) -> dict[str, Any]:
    owners: dict[str, str] = {}
    if instance.ssh_keys:
        owners["ssh_authorized_keys"] = "\n".join(instance.ssh_keys)
    if instance.user_data is not None:
        owners["user_data"] = base64.b64encode(instance.user_data).decode()
    document: dict[str, Any] = {
        "availabilityDomain": "qIZq:PHX-AD-1",
        "faultDomain": "FAULT-DOMAIN-2",
        "displayName": "instance-20200320-1400",
        "id": instance.instance_id,
        "metadata": {**owners, **instance.extra},
        "region": "phx",
        "canonicalRegionName": "us-phoenix-1",
        "ociAdName": "phx-ad-3",
        "shape": "VM.Standard2.1",
        "state": "Running",
        "timeCreated": 1584727285318,
    }
    if instance.hostname is not None:
        document["hostname"] = instance.hostname
    return document


def _page(status: int) -> Response:
    return Response(status, error_page(status), headers=(("Content-Type", "text/html"), ("Date", http_date())))
