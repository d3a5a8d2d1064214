"""The EC2 metadata service, also as OpenStack, Eucalyptus, ZStack and others offer it.

A session token (IMDSv2) is asked for first. A service that knows no tokens is asked
without one, unless `ec2-token` requires it; one that forbids the token is switched off
and asked nothing more. The IPv4 and the IPv6 address of the service are asked at the same
time. User data is not fetched. There is no password here.
"""

from __future__ import annotations

import re

from guestseal.errors import Absent, Malformed
from guestseal.firstboot import validation
from guestseal.firstboot.metadata import Endpoint, Metadata
from guestseal.firstboot.public_keys import MOST_KEYS, ssh_keys
from guestseal.firstboot.service import first_answer
from guestseal.firstboot.source import Source
from guestseal.machine.clock import Deadline
from guestseal.machine.http import Http
from guestseal.settings import Settings

TOKEN_LIFE = "300"
"""Seconds. More than any budget, and short for a secret that lies about."""
VERSIONS = ("2009-04-04", "latest")
"""A version's meaning never changes. The first has all that is needed and is old enough for every service to have
it; the second is for those that have no other. Asking for the list of versions would tell nothing more."""


class Ec2(Source):
    """The link-local metadata service."""

    name = "ec2"
    urls = ("http://169.254.169.254", "http://[fd00:ec2::254]")

    def fetch(self, deadline: Deadline) -> Metadata:
        """See Source.fetch."""

        def converse(http: Http, endpoint: Endpoint, until: Deadline) -> Metadata:
            return _Service(http, endpoint, until, self.settings).metadata()

        return first_answer(self, converse, deadline)


class _Service:
    """One conversation with the service at one address."""

    def __init__(self, http: Http, endpoint: Endpoint, deadline: Deadline, settings: Settings) -> None:
        self._http, self._endpoint, self._deadline = http, endpoint, deadline
        self._token_required = settings.ec2_token == "require"
        self._address = str(endpoint)
        self._token: dict[str, str] = {}
        self._remarks: list[str] = []

    def metadata(self) -> Metadata:
        """Everything the service says. Raises a SourceError."""
        self._renew()
        root, body = self._root()
        instance = validation.instance_id(self._address, body)
        hostname, keys = self._hostname(root), self._keys(f"{root}/public-keys/")
        return Metadata(Ec2.name, self._address, instance, hostname, keys, remarks=tuple(self._remarks))

    def _renew(self) -> None:
        """Get a token, or go on without. Raises Denied (403: the service is switched off) or Unreachable."""
        headers, self._token = {"X-aws-ec2-metadata-token-ttl-seconds": TOKEN_LIFE}, {}
        request, limit = "PUT /latest/api/token", 1024
        try:
            answer = self._http.ask(self._endpoint, request, deadline=self._deadline, limit=limit, headers=headers)
            found = re.fullmatch(rb"[\x21-\x3b\x3d-\x7e]+", answer.accepted().body)
            why = "its answer is none"
        except (Absent, Malformed) as error:
            found, why = None, error.why
        if found is not None:
            self._token = {"X-aws-ec2-metadata-token": found[0].decode("ascii")}
        elif self._token_required:
            raise Malformed(self._address, f"no session token, which ec2-token requires: {why}")

    def _get(self, path: str, limit: int = validation.TEXT_LIMIT) -> bytes | None:
        ask = f"GET {path}"
        answer = self._http.ask(self._endpoint, ask, deadline=self._deadline, limit=limit, headers=self._token)
        if answer.status == 401 and self._token:  # the token has expired, or the service has forgotten it
            self._renew()
            answer = self._http.ask(self._endpoint, ask, deadline=self._deadline, limit=limit, headers=self._token)
        return None if answer.status in (404, 410) else answer.accepted().body

    def _root(self) -> tuple[str, bytes]:
        for version in VERSIONS:
            body = self._get(f"/{version}/meta-data/instance-id")
            if body is not None:
                return f"/{version}/meta-data", body
        raise Absent(self._address, "a server without an instance-id")

    def _hostname(self, root: str) -> str | None:
        item = "local-hostname"
        body = self._get(f"{root}/{item}") or self._get(f"{root}/hostname") or b""
        try:
            name, remarks = validation.hostname(self._address, body, from_ipv4=True)
        except Malformed as error:
            name, remarks = None, (f"{item}: {error.why}",)
        self._remarks += remarks
        return name

    def _keys(self, path: str) -> tuple[str, ...] | None:
        """The keys of a list of ``index=name`` lines. A name may hold anything, so only the index is used."""
        listing = self._get(path, validation.KEYS_LIMIT) or b""
        indexes = list(dict.fromkeys(re.findall(rb"^(\d{1,4})=", listing, re.MULTILINE)))[:MOST_KEYS]
        found = [self._get(f"{path}{index.decode()}/openssh-key", validation.KEYS_LIMIT) for index in indexes]
        if listing.strip() and not any(found):
            self._remarks.append("public-keys: a list without a key behind it")
            return None
        try:
            keys, remarks = ssh_keys(self._address, b"\n".join(filter(None, found)))
        except Malformed as error:
            self._remarks.append(f"public-keys: {error.why}")
            return None
        self._remarks += remarks
        return keys


SOURCE = Ec2
