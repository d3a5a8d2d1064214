"""The Azure Instance Metadata Service (IMDS): its category `instance`. The wire server is a module of its own.

Sources: "Azure Instance Metadata Service" (parameters, errors, versions, the sample of a Linux VM), and the answers
that cloud-init's and Azure's own tests record. An instance's `extra` is further items of `compute`, as text.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from guestseal.simulate.azure_wire_server import WireServer, is_for_wire_server
from guestseal.simulate.clones import Clones
from guestseal.simulate.instance import Instance
from guestseal.simulate.service import Request, Response, http_date

VERSIONS = ("2017-04-02", "2018-04-02", "2019-06-01", "2020-07-15", "2021-01-01", "2021-02-01", "2021-12-13")
NAMED_SINCE, USER_DATA_SINCE = "2020-07-15", "2021-01-01"
"""Versions from which there are osProfile.computerName and userData."""
PATH = "/metadata/instance"


class Azure:
    """IMDS and the wire server at one address, which on Azure are at two: `metadata` and `wire_server`.

    Their paths tell them apart, so that one address serves a machine that is sent here for both.
    """

    def __init__(self, instances: Mapping[str, Instance]) -> None:
        self.metadata = InstanceMetadata(instances)
        self.wire_server = WireServer(instances)

    def answer(self, request: Request) -> Response:
        """The answer of the service that `request` is for."""
        return (self.wire_server if is_for_wire_server(request) else self.metadata).answer(request)


class InstanceMetadata:
    """IMDS for the clone at the request's source address; `versions` are those that this region knows."""

    def __init__(self, instances: Mapping[str, Instance], *, versions: Sequence[str] = VERSIONS) -> None:
        self.clones = Clones(instances)
        self._versions = tuple(versions)

    def answer(self, request: Request) -> Response:
        """The answer to `request`; refusals are JSON as well."""
        instance = self.clones.find(request.source)
        if request.header("X-Forwarded-For") is not None:
            return _json(400, {"error": "Bad request. X-Forwarded-For is not allowed"})
        if (request.header("Metadata") or "").lower() != "true":
            return _json(400, {"error": "Bad request. Required metadata header not specified"})
        if instance is None or request.path.rstrip("/") != PATH:
            return _json(404, {"error": "Not found"})
        if request.method not in ("GET", "HEAD"):
            return _json(405, {"error": "Method Not Allowed"})
        version = parse_qs(urlsplit(request.target).query).get("api-version", [""])[0]
        if version not in self._versions:
            why = "Bad request. api-version is invalid or was not specified in the request."
            return _json(400, {"error": why, "newest-versions": list(reversed(self._versions[-3:]))})
        return _json(200, {"compute": {**_compute(instance, version), **instance.extra}, "network": _network(instance)})


def _compute(instance: Instance, version: str) -> dict[str, Any]:
    path = "/home/azureuser/.ssh/authorized_keys"
    compute: dict[str, Any] = {
        "azEnvironment": "AzurePublicCloud",
        "location": "westus",
        "name": instance.hostname or "vm",
        "osType": "Linux",
        "provider": "Microsoft.Compute",
        "publicKeys": [{"keyData": key, "path": path} for key in instance.ssh_keys],
        "vmId": instance.instance_id,
        "vmSize": "Standard_A1_v2",
    }
    if version >= NAMED_SINCE and instance.hostname is not None:
        compute["osProfile"] = {
            "adminUsername": "azureuser",
            "computerName": instance.hostname,
            "disablePasswordAuthentication": "true",
        }
    if version >= USER_DATA_SINCE:
        compute["userData"] = base64.b64encode(instance.user_data or b"").decode()
    return compute


def _network(instance: Instance) -> dict[str, Any]:
    addresses = [{"privateIpAddress": instance.local_ipv4, "publicIpAddress": ""}] if instance.local_ipv4 else []
    return {"interface": [{"ipv4": {"ipAddress": addresses}, "ipv6": {"ipAddress": []}, "macAddress": "0011AAFFBB22"}]}


def _json(status: int, document: Mapping[str, Any]) -> Response:
    headers = (("Content-Type", "application/json; charset=utf-8"), ("Date", http_date()))
    return Response(status, json.dumps(document).encode(), headers=headers)
