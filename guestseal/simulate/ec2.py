"""The EC2 instance metadata service (IMDS), version 1 and 2.

Sources: the EC2 User Guide, "Use the Instance Metadata Service", and the golden files of
aws/amazon-ec2-metadata-mock. Differences between platforms are parameters, not guesses: Nova has no tokens.
"""

from __future__ import annotations

import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from enum import Enum

from guestseal.simulate.clones import Clones
from guestseal.simulate.instance import Instance
from guestseal.simulate.service import Request, Response, error_page, http_date

VERSIONS = ("1.0", "2007-01-19", "2008-02-01", "2009-04-04", "2011-01-01", "2012-01-12", "2014-02-25", "2014-11-05",
            "2016-06-30", "2016-09-02", "2018-03-28", "2018-09-24", "2019-10-01", "2020-10-27", "2021-01-03",
            "2021-03-23", "2021-07-15", "2022-09-24", "latest")  # fmt: skip
"""Version directories, in the order in which EC2 lists them."""

TOKEN_PATH = "/latest/api/token"
TOKEN_HEADER = "X-aws-ec2-metadata-token"
LONGEST_TTL = 21600


class Tokens(Enum):
    """What an instance's options say about IMDSv2."""

    OPTIONAL = "optional"  # without a token is version 1; a wrong token is still 401
    REQUIRED = "required"
    ABSENT = "absent"  # as Nova: the token path is 404 and token headers mean nothing


class MetadataService:
    """IMDS for the clone at the request's source address; an address that is no clone's gets 404 for everything.

    `token` is one of `Tokens` or its value (ValueError otherwise); `clock` counts the seconds of a token's life.
    A token is good for the instance that asked for it, from any of its addresses. What other platforms do otherwise
    is for their classes to say.
    """

    versions: tuple[str, ...] = VERSIONS
    token_header = TOKEN_HEADER
    """Takes the token; with -ttl-seconds behind, its life."""
    server = "EC2ws"
    """What it calls itself."""
    indexed: str | None = "meta-data/public-keys/"
    """The one directory whose listing is none: index=name, without a slash."""

    def __init__(
        self,
        instances: Mapping[str, Instance],
        *,
        token: Tokens | str = Tokens.OPTIONAL,
        versions: Sequence[str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.clones = Clones(instances)
        self._mode = Tokens(token)
        self._versions = self.versions if versions is None else tuple(versions)
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: dict[str, tuple[str, float]] = {}  # token to instance id and end of life

    def answer(self, request: Request) -> Response:
        """The answer to `request`, with the statuses and HTML pages of EC2."""
        instance = self.clones.find(request.source)
        if instance is None:
            return self._page(404)
        if self._mode is not Tokens.ABSENT:
            if request.path == TOKEN_PATH:
                return self._issue(request, instance)
            if not self._admitted(request, instance):
                return self._page(401)
        if request.method not in ("GET", "HEAD"):
            return self._page(404 if self._mode is Tokens.ABSENT else 405)
        content = self.content(request.path, instance)
        return self._page(404) if content is None else self._text(content)

    def revoke_tokens(self) -> None:
        """Forget all tokens: the next request with one gets 401, as after a restart of the service."""
        with self._lock:
            self._tokens.clear()

    def _issue(self, request: Request, instance: Instance) -> Response:
        if request.method != "PUT":
            # Seen on EC2: an empty 405 with Allow, and no HTML (aws/amazon-ec2-metadata-mock: an empty 200).
            return Response(
                405, headers=(("Allow", "OPTIONS, PUT"), *self._headers("text/plain")), reason="Not Allowed"
            )
        if request.header("X-Forwarded-For") is not None:
            return self._page(403)  # EC2 User Guide: such a PUT came through a proxy and gets no token
        ttl = f"{self.token_header}-ttl-seconds"
        wanted = request.header(ttl) or ""
        if not re.fullmatch("[0-9]{1,5}", wanted) or not 1 <= int(wanted) <= LONGEST_TTL:
            return self._page(400)
        token = secrets.token_urlsafe(40) + "=="
        now = self._clock()
        with self._lock:
            self._tokens = {known: item for known, item in self._tokens.items() if item[1] > now}
            self._tokens[token] = (instance.instance_id, now + int(wanted))
        return self._text(token, (ttl, wanted))

    def _admitted(self, request: Request, instance: Instance) -> bool:
        token = request.header(self.token_header)
        if token is None:
            return self._mode is Tokens.OPTIONAL
        with self._lock:
            owner, end = self._tokens.get(token, ("", 0.0))
        return owner == instance.instance_id and self._clock() < end

    def content(self, path: str, instance: Instance) -> str | bytes | None:
        """What lies at `path`, a file or a listing; None where there is nothing."""
        if path in ("", "/"):
            return "\n".join(self._versions)
        version, _, rest = path.lstrip("/").partition("/")
        if version not in self._versions:
            return None
        files = self.files(instance)
        return files[rest] if rest in files else _listing(files, rest, self.indexed)

    def files(self, instance: Instance) -> dict[str, str | bytes]:
        """All files below a version directory, by path."""
        files = own_files(instance)
        if instance.hostname is not None:
            files["meta-data/local-hostname"] = instance.hostname
        files["dynamic/instance-identity/document"] = _identity(instance)
        return {**files, **more_files(instance)}

    def _text(self, content: str | bytes, *more: tuple[str, str]) -> Response:
        if isinstance(content, bytes):
            return Response(200, content, headers=(*self._headers("application/octet-stream"), *more))
        return Response(200, content.encode(), headers=(*self._headers("text/plain"), *more))

    def _page(self, status: int) -> Response:
        return Response(status, error_page(status), headers=self._headers("text/html"))

    def _headers(self, kind: str) -> tuple[tuple[str, str], ...]:
        return (("Content-Type", kind), ("Accept-Ranges", "none"), ("Date", http_date()), ("Server", self.server))


def own_files(instance: Instance, *, address: str = "local-ipv4") -> dict[str, str | bytes]:
    """The instance's values by their paths, as in every tree like EC2's; ``address`` names that of its IPv4 address."""
    files: dict[str, str | bytes] = {"meta-data/instance-id": instance.instance_id}
    if instance.hostname is not None:
        files["meta-data/hostname"] = instance.hostname
    if instance.local_ipv4 is not None:
        files[f"meta-data/{address}"] = instance.local_ipv4
    for index, key in enumerate(instance.ssh_keys):
        files[f"meta-data/public-keys/{index}/openssh-key"] = key + "\n"
    if instance.user_data is not None:
        files["user-data"] = instance.user_data
    return files


def more_files(instance: Instance) -> dict[str, str]:
    """The items of an instance's `extra` by their paths below a version directory."""
    extra = instance.extra.items()
    return {name[1:] if name.startswith("/") else f"meta-data/{name}": value for name, value in extra}


def _identity(instance: Instance) -> str:
    known = {
        "instanceId": instance.instance_id,
        "privateIp": instance.local_ipv4,
        "region": instance.extra.get("placement/region"),
        "availabilityZone": instance.extra.get("placement/availability-zone"),
        "version": "2017-09-30",
    }
    return json.dumps({name: value for name, value in known.items() if value is not None}, indent=2)


def _listing(files: Mapping[str, str | bytes], directory: str, indexed: str | None) -> str | None:
    """The names in a directory, directories with a slash behind; None where there is no such directory."""
    prefix = f"{directory.rstrip('/')}/" if directory else ""
    names = set()
    for path in files:
        if path.startswith(prefix):
            name, slash, _ = path[len(prefix) :].partition("/")
            names.add(name + slash)
    if prefix == indexed:
        names = {f"{name.rstrip('/')}=key-{name.rstrip('/')}" for name in names}
    return "\n".join(sorted(names, key=_by_number)) if names else None


def _by_number(name: str) -> tuple[int, str]:
    number = name.partition("=")[0].rstrip("/")
    return (int(number) if number.isdecimal() else 0, name)
