"""The metadata tree that EC2 made common: an item is a URL, a directory a list of lines, and a token may be asked for.

Its imitators change the addresses, the names and the form of the lists: a Dialect says how.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from dataclasses import dataclass
from urllib.parse import quote

from guestseal.errors import Absent, Denied, Malformed
from guestseal.firstboot import validation
from guestseal.firstboot.metadata import Endpoint, Metadata
from guestseal.firstboot.public_keys import MOST_KEYS, ssh_keys
from guestseal.firstboot.reading import USER_DATA_LIMIT, Reading
from guestseal.firstboot.service import ServiceSource
from guestseal.machine.clock import Deadline
from guestseal.machine.http import Http

TOKEN_PATH = "/latest/api/token"
TOKEN_LIFE = "300"
"""Seconds. More than any budget, and short for a secret that lies about."""


@dataclass(frozen=True)
class Dialect:
    """How one platform's tree differs from another's."""

    roots: tuple[str, ...]
    """Directories of versions, the first that has an instance-id is used; without a slash at the end."""
    session_header: str | None = None
    """What a session token is sent in; its life is asked for in the same with ``-ttl-seconds``. None: no tokens."""
    token_required: bool = False
    hostnames: tuple[str, ...] = ("local-hostname", "hostname")
    """Items with the host name, the best one first."""
    hostname_from_ipv4: bool = False
    """An address in the place of the name means ip-10-0-0-1."""
    keys: str | None = None
    """A pattern for the lines of the list of keys: its group is the name of a directory. None: public-keys is no
    list but the keys themselves."""


INDEXED = r"([0-9]{1,4})="
"""``index=name``: a name may hold anything, so only the index is used."""
NAMED = r"((?!\.{1,2}(?:/|$))[^/=\x00-\x1f\x7f]{1,256})/?$"
"""``name`` or ``name/``."""


class TreeSource(ServiceSource):
    """A source that is nothing but such a tree."""

    @property
    @abstractmethod
    def dialect(self) -> Dialect:
        """What sets this platform's tree apart."""

    def read(self, http: Http, endpoint: Endpoint, deadline: Deadline) -> Metadata:
        """See ServiceSource.read."""
        return _Conversation(self, http, endpoint, deadline).metadata()


class _Conversation:
    """One conversation with the service at one address."""

    def __init__(self, source: TreeSource, http: Http, endpoint: Endpoint, deadline: Deadline) -> None:
        self._http, self._endpoint, self._deadline = http, endpoint, deadline
        self._source, self._dialect = source, source.dialect
        self._address = str(endpoint)
        self._token: dict[str, str] = {}
        self._reading = Reading(self._address)

    def metadata(self) -> Metadata:
        """Everything the service says. Raises a SourceError."""
        self._renew()
        root, body = self._root()
        instance = validation.instance_id(self._address, body)
        return Metadata(
            self._source.name,
            self._address,
            instance_id=instance,
            hostname=self._hostname(root),
            ssh_keys=self._keys(f"{root}/meta-data/public-keys"),
            user_data=self._user_data(root) if self._source.settings.wants_user_data else None,
            remarks=tuple(self._reading.remarks),
        )

    def _renew(self) -> None:
        """Get a token, or go on without. Raises Denied (403: the service is switched off) or Unreachable."""
        name, self._token = self._dialect.session_header, {}
        if name is None:
            return
        headers, request = {f"{name}-ttl-seconds": TOKEN_LIFE}, f"PUT {TOKEN_PATH}"
        try:
            answer = self._http.ask(self._endpoint, request, deadline=self._deadline, limit=1024, headers=headers)
            found = re.fullmatch(rb"[\x21-\x3b\x3d-\x7e]+", answer.accepted().body)
            why = "its answer is none"
        except (Absent, Malformed) as error:
            found, why = None, error.why
        if found is not None:
            self._token = {name: found[0].decode("ascii")}
        elif self._dialect.token_required:
            raise Malformed(self._address, f"no session token, which ec2-token requires: {why}")

    def _get(self, path: str, limit: int = validation.TEXT_LIMIT) -> bytes | None:
        ask = f"GET {path}"
        answer = self._http.ask(self._endpoint, ask, deadline=self._deadline, limit=limit, headers=self._token)
        if answer.status == 401 and self._token:  # the token has expired, or the service has forgotten it
            self._renew()
            answer = self._http.ask(self._endpoint, ask, deadline=self._deadline, limit=limit, headers=self._token)
        return None if answer.status in (404, 410) else answer.accepted().body

    def _root(self) -> tuple[str, bytes]:
        for root in self._dialect.roots:
            body = self._get(f"{root}/meta-data/instance-id")
            if body is not None:
                return root, body
        raise Absent(self._address, "a server without an instance-id")

    def _hostname(self, root: str) -> str | None:
        first, *others = self._dialect.hostnames
        try:
            body = self._get(f"{root}/meta-data/{first}") or b""
            for item in others:
                body = body or self._get(f"{root}/meta-data/{item}") or b""
            name, remarks = validation.hostname(self._address, body, from_ipv4=self._dialect.hostname_from_ipv4)
        except Malformed as error:
            name, remarks = None, (f"{first}: {error.why}",)
        self._reading.remarks += remarks
        return name

    def _keys(self, path: str) -> tuple[str, ...] | None:
        try:
            found = self._sent_keys(path)
            if found is None:
                return None
            keys, remarks = ssh_keys(self._address, b"\n".join(filter(None, found)))
        except Malformed as error:
            self._reading.remarks.append(f"public-keys: {error.why}")
            return None
        self._reading.remarks += remarks
        return keys

    def _sent_keys(self, path: str) -> list[bytes | None] | None:
        if self._dialect.keys is None:
            return [self._get(path, validation.KEYS_LIMIT)]
        return self._listed_keys(f"{path}/", self._dialect.keys)

    def _listed_keys(self, path: str, pattern: str) -> list[bytes | None] | None:
        """What lies behind the lines of the list, None, and a remark, where nothing does."""
        listing = (self._get(path, validation.KEYS_LIMIT) or b"").decode("utf-8", "replace")
        matches = [re.match(pattern, line) for line in re.split(r"\r?\n", listing)]
        names = list(dict.fromkeys(match[1] for match in matches if match))[:MOST_KEYS]
        found = [self._get(f"{path}{quote(name, safe='')}/openssh-key", validation.KEYS_LIMIT) for name in names]
        if listing.strip() and not any(found):
            self._reading.remarks.append("public-keys: a list without a key behind it")
            return None
        return found

    def _user_data(self, root: str) -> bytes | None:
        try:
            body = self._get(f"{root}/user-data", USER_DATA_LIMIT)
        except (Denied, Malformed) as error:
            self._reading.remarks.append(f"user data: {error.why}")
            return None
        return self._reading.user_data(body)
