"""The metadata service of Akamai Cloud (Linode).

Sources: "Use the Metadata service API" in the Akamai documentation (endpoints, tokens, plain text unless JSON is
asked for), linode/py-metadata (fields, errors). An instance's keys are those of the user root; `extra` is further
fields of the Linode. What no document says: the status of user data that there is none of (here 200, and empty).
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from guestseal.simulate.clones import Clones
from guestseal.simulate.documents import number_or_text
from guestseal.simulate.instance import Instance
from guestseal.simulate.service import Request, Response, http_date

TOKEN_PATH = "/v1/token"
TOKEN_HEADER = "Metadata-Token"
LIFE_HEADER = "Metadata-Token-Expiry-Seconds"
LONGEST_LIFE = 86400


class MetadataService:
    """The service for the clone at the request's source address; `clock` counts the seconds of a token's life."""

    def __init__(self, instances: Mapping[str, Instance], *, clock: Callable[[], float] = time.monotonic) -> None:
        self.clones = Clones(instances)
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: dict[str, tuple[str, float]] = {}  # token to instance id and end of life

    def answer(self, request: Request) -> Response:
        """The answer to `request`."""
        instance = self.clones.find(request.source)
        if instance is None:
            return _error(404, "Not found")
        asks_token = request.path == TOKEN_PATH
        if request.method not in (("PUT",) if asks_token else ("GET", "HEAD")):
            return _error(405, "Method not allowed")
        if asks_token:
            return self._issue(request, instance)
        return _told(request, instance) if self._admitted(request, instance) else _error(401, "Invalid token")

    def revoke_tokens(self) -> None:
        """Forget all tokens: the next request with one gets 401."""
        with self._lock:
            self._tokens.clear()

    def _issue(self, request: Request, instance: Instance) -> Response:
        wanted = request.header(LIFE_HEADER) or ""
        if not re.fullmatch("[0-9]{1,5}", wanted) or not 1 <= int(wanted) <= LONGEST_LIFE:
            return _error(400, "Invalid expiry")
        token = secrets.token_hex(32)
        with self._lock:
            self._tokens[token] = (instance.instance_id, self._clock() + int(wanted))
        if _wants_json(request):
            return _ok("application/json; charset=utf-8", json.dumps([token]).encode())
        return _ok("text/plain; charset=utf-8", token.encode())

    def _admitted(self, request: Request, instance: Instance) -> bool:
        with self._lock:
            owner, end = self._tokens.get(request.header(TOKEN_HEADER) or "", ("", 0.0))
        return owner == instance.instance_id and self._clock() < end


def _told(request: Request, instance: Instance) -> Response:
    if request.path == "/v1/instance":
        return _content(request, _linode(instance))
    if request.path == "/v1/ssh-keys":
        return _content(request, {"users": {"root": list(instance.ssh_keys)}})
    if request.path == "/v1/user-data":
        return _ok("text/plain; charset=utf-8", base64.b64encode(instance.user_data or b""))
    return _error(404, "Not found")


def _linode(instance: Instance) -> dict[str, Any]:
    return {
        "id": number_or_text(instance.instance_id),
        "host_uuid": "a631b16d14534d84e2830da16d1b28e1d08d24df",
        "label": instance.hostname or "",
        "region": "us-iad",
        "type": "g6-standard-1",
        "tags": [],
        "specs": {"vcpus": 1, "memory": 2048, "gpus": 0, "transfer": 2000, "disk": 51200},
        "backups": {"enabled": False, "status": None},
        **instance.extra,
    }


def _content(request: Request, document: Mapping[str, Any]) -> Response:
    if _wants_json(request):
        return _ok("application/json; charset=utf-8", json.dumps(document).encode())
    return _ok("text/plain; charset=utf-8", "".join(f"{line}\n" for line in _lines("", document)).encode())


def _lines(name: str, value: Any) -> list[str]:
    """The plain text of a document: `a.b: value`, once for each of several values."""
    if isinstance(value, Mapping):
        return [line for key, item in value.items() for line in _lines(f"{name}.{key}".lstrip("."), item)]
    if isinstance(value, list):
        return [line for item in value for line in _lines(name, item)]
    return [f"{name}: {value}"]


def _wants_json(request: Request) -> bool:
    return "application/json" in (request.header("Accept") or "")


def _ok(kind: str, body: bytes) -> Response:
    return Response(200, body, headers=(("Content-Type", kind), ("Date", http_date())))


def _error(status: int, reason: str) -> Response:
    body = json.dumps({"errors": [{"reason": reason}]}).encode()
    return Response(status, body, headers=(("Content-Type", "application/json; charset=utf-8"), ("Date", http_date())))
