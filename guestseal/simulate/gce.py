"""The metadata server of Google Compute Engine, version 1.

Sources: "About VM metadata", "View and query VM metadata" (headers, recursive contents, statuses) and "Predefined
metadata keys". An instance's `extra` is custom metadata by its path: `instance/attributes/NAME` and
`project/attributes/NAME`. Its SSH keys are those of the user root on the instance.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from guestseal.simulate.clones import Clones
from guestseal.simulate.documents import number_or_text
from guestseal.simulate.instance import Instance
from guestseal.simulate.service import Request, Response, error_page, http_date

ROOT = "/computeMetadata/v1/"
FLAVOR = ("Metadata-Flavor", "Google")


class MetadataServer:
    """The server for the clone at the request's source address; an address that is no clone's gets 404."""

    def __init__(self, instances: Mapping[str, Instance]) -> None:
        self.clones = Clones(instances)

    def answer(self, request: Request) -> Response:
        """The answer to `request`. Without the flavor, or through a proxy, it is 403."""
        instance = self.clones.find(request.source)
        if request.header(FLAVOR[0]) != FLAVOR[1] or request.header("X-Forwarded-For") is not None:
            return _page(403)
        if instance is None or not request.path.startswith(ROOT):
            return _page(404)
        if request.method not in ("GET", "HEAD"):
            return _page(405)
        found: Any = _tree(instance)
        for name in filter(None, request.path[len(ROOT) :].split("/")):
            if not isinstance(found, dict) or name not in found:
                return _page(404)
            found = found[name]
        return _content(found, parse_qs(urlsplit(request.target).query))


def _tree(instance: Instance) -> dict[str, Any]:
    attributes: dict[str, str] = {}
    if instance.ssh_keys:
        attributes["ssh-keys"] = "\n".join(f"root:{key}" for key in instance.ssh_keys)
    if instance.user_data is not None:
        attributes["user-data"] = instance.user_data.decode("utf-8", "replace")
    name = instance.hostname or "vm"
    machine = {
        "attributes": attributes,
        "cpuPlatform": "Intel Broadwell",
        "hostname": f"{name}.us-central1-a.c.my-project.internal",
        "id": number_or_text(instance.instance_id),
        "name": name,
        "zone": "projects/739419398126/zones/us-central1-a",
    }
    project = {"attributes": {}, "numericProjectId": 739419398126, "projectId": "my-project"}
    tree: dict[str, Any] = {"instance": machine, "project": project}
    for path, value in instance.extra.items():
        place, _, name = path.partition("/attributes/")
        tree[place]["attributes"][name] = value
    return tree


def _content(found: Any, query: Mapping[str, list[str]]) -> Response:
    """A directory as a whole, in JSON, or as the list of its names; a value as text."""
    if query.get("recursive", [""])[0].lower() == "true":
        return _ok("application/json", json.dumps(found))
    if isinstance(found, dict):
        return _ok(
            "application/text",
            "".join(f"{name}/\n" if isinstance(at, dict) else f"{name}\n" for name, at in found.items()),
        )
    return _ok("application/text", str(found))


def _ok(kind: str, text: str) -> Response:
    return Response(200, text.encode(), headers=_headers(kind))


def _page(status: int) -> Response:
    return Response(status, error_page(status), headers=_headers("text/html; charset=UTF-8"))


def _headers(kind: str) -> tuple[tuple[str, str], ...]:
    server = ("Server", "Metadata Server for VM")
    return (FLAVOR, ("Content-Type", kind), ("Date", http_date()), server, ("X-Frame-Options", "SAMEORIGIN"))
