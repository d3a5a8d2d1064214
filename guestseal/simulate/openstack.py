"""The OpenStack half of Nova's metadata service. Its EC2 half is `guestseal.simulate.ec2` without tokens.

Sources: nova/api/metadata/base.py (versions, which file appeared in which) and handler.py, and the example in
"Metadata", Nova's user guide. An instance's password is `admin_pass`; its `extra` is `meta`, the properties that the
user gave, except for a name that ends in `.json`, which is a file of that name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from guestseal.simulate.clones import Clones
from guestseal.simulate.instance import Instance
from guestseal.simulate.service import Request, Response, error_page, http_date

VERSIONS = ("2012-08-10", "2013-04-04", "2013-10-17", "2015-10-15", "2016-06-30", "2016-10-06", "2017-02-22",
            "2018-08-27", "latest")  # fmt: skip
NETWORK_SINCE = "2015-10-15"
"""Liberty: from here on there is network_data.json. As text, `latest` comes after every date."""


class OpenStackService:
    """The service for the clone at the request's source address; an address that is no clone's gets 404."""

    def __init__(self, instances: Mapping[str, Instance], *, versions: Sequence[str] = VERSIONS) -> None:
        self.clones = Clones(instances)
        self._versions = tuple(versions)

    def answer(self, request: Request) -> Response:
        """The answer to `request`."""
        instance = self.clones.find(request.source)
        top, version, *rest = [*request.path.strip("/").split("/"), ""]
        if instance is None or top != "openstack" or (version and version not in self._versions):
            return _page(404)
        if request.method not in ("GET", "HEAD"):
            return _page(405)
        if not version:
            return _ok("text/plain", "\n".join(self._versions).encode())
        files = _files(instance, version)
        name = "/".join(rest).strip("/")
        if not name:
            return _ok("text/plain", "\n".join(files).encode())
        kind = "application/json" if name.endswith(".json") else "text/plain"
        return _ok(kind, files[name]) if name in files else _page(404)


def _files(instance: Instance, version: str) -> dict[str, bytes]:
    """The files of one version, in the order in which Nova lists them."""
    files = {"meta_data.json": json.dumps(_metadata(instance)).encode()}
    if instance.user_data is not None:
        files["user_data"] = instance.user_data
    files["vendor_data.json"] = b"{}"
    if version >= NETWORK_SINCE:
        files["network_data.json"] = b'{"links": [], "networks": [], "services": []}'
    files.update({name: text.encode() for name, text in instance.extra.items() if name.endswith(".json")})
    return files


def _metadata(instance: Instance) -> dict[str, Any]:
    keys = {f"key-{number}": key for number, key in enumerate(instance.ssh_keys)}
    document: dict[str, Any] = {
        "uuid": instance.instance_id,
        "availability_zone": "nova",
        "launch_index": 0,
        "project_id": "f7ac731cc11f40efbc03a9f9e1d1d21f",
        "devices": [],
    }
    if keys:
        document["public_keys"] = keys
        document["keys"] = [{"name": name, "type": "ssh", "data": key} for name, key in keys.items()]
    if instance.hostname is not None:
        document.update({"hostname": instance.hostname, "name": instance.hostname.partition(".")[0]})
    if instance.password is not None:
        document["admin_pass"] = instance.password
    meta = {name: text for name, text in instance.extra.items() if not name.endswith(".json")}
    return {**document, "meta": meta} if meta else document


def _ok(kind: str, body: bytes) -> Response:
    return Response(200, body, headers=(("Content-Type", f"{kind}; charset=UTF-8"), ("Date", http_date())))


def _page(status: int) -> Response:
    headers = (("Content-Type", "text/html; charset=UTF-8"), ("Date", http_date()))
    return Response(status, error_page(status), headers=headers)
