"""The metadata service of Akamai Cloud (Linode).

A session token is asked for first, for without one the service tells nothing; then the
Linode's id, its label and the SSH keys ("Use the Metadata service API"), by IPv4 and IPv6 at
the same time. The label is the host name. Keys belong to users: those of the `account` are
taken. The root password is set on the disk while it is made, and not told here.
"""

from __future__ import annotations

import re

from guestseal.errors import Absent, Denied, Malformed
from guestseal.firstboot.metadata import Endpoint, Metadata
from guestseal.firstboot.reading import DOCUMENT_LIMIT, USER_DATA_LIMIT, Reading, json_object
from guestseal.firstboot.service import ServiceSource
from guestseal.machine.clock import Deadline
from guestseal.machine.http import Http

TOKEN_LIFE = "300"
"""Seconds. More than any budget, and short for a secret that lies about."""
JSON = {"Accept": "application/json"}  # without it, the answer is text: a line for each value


class Akamai(ServiceSource):
    """The link-local metadata service."""

    name = "akamai"
    urls = ("http://169.254.169.254", "http://[fd00:a9fe:a9fe::1]")

    def read(self, http: Http, endpoint: Endpoint, deadline: Deadline) -> Metadata:
        """See ServiceSource.read."""
        service = _Service(http, endpoint, deadline)
        return service.metadata(self.settings.account, with_user_data=self.settings.wants_user_data)


class _Service:
    """One conversation with the service at one address."""

    def __init__(self, http: Http, endpoint: Endpoint, deadline: Deadline) -> None:
        self._http, self._endpoint, self._deadline = http, endpoint, deadline
        self._reading = Reading(str(endpoint))
        self._token: dict[str, str] = {}

    def metadata(self, account: str, *, with_user_data: bool) -> Metadata:
        """Everything the service says. Raises a SourceError."""
        self._renew()
        reading = self._reading
        document = json_object(reading.address, self._get("/v1/instance", DOCUMENT_LIMIT, JSON))
        return Metadata(
            Akamai.name,
            reading.address,
            instance_id=reading.instance_id(document.get("id")),
            hostname=reading.hostname(document.get("label")),
            ssh_keys=self._keys(account),
            user_data=self._user_data() if with_user_data else None,
            remarks=tuple(reading.remarks),
        )

    def _renew(self) -> None:
        headers, request = {"Metadata-Token-Expiry-Seconds": TOKEN_LIFE}, "PUT /v1/token"
        answer = self._http.ask(self._endpoint, request, deadline=self._deadline, limit=1024, headers=headers)
        found = re.fullmatch(rb"([\x21-\x3b\x3d-\x7e]+)\n?", answer.accepted().body)
        if found is None:
            raise Malformed(self._reading.address, "no session token: its answer is none")
        self._token = {"Metadata-Token": found[1].decode("ascii")}

    def _get(self, path: str, limit: int, headers: dict[str, str] | None = None) -> bytes:
        for renewed in (False, True):
            fields = {**self._token, **(headers or {})}
            answer = self._http.ask(self._endpoint, f"GET {path}", deadline=self._deadline, limit=limit, headers=fields)
            if answer.status != 401 or renewed:  # the token has expired, or the service has forgotten it
                break
            self._renew()
        return answer.accepted().body

    def _keys(self, account: str) -> tuple[str, ...] | None:
        """The keys of one user; none where it has not any, None where the service does not say."""
        try:
            document = json_object(self._reading.address, self._get("/v1/ssh-keys", DOCUMENT_LIMIT, JSON))
        except (Absent, Denied, Malformed) as error:
            self._reading.remarks.append(f"ssh-keys: {error.why}")
            return None
        users = document.get("users")
        if not isinstance(users, dict):
            self._reading.remarks.append("ssh-keys: no users")
            return None
        return self._reading.ssh_keys([] if users.get(account) is None else users[account])

    def _user_data(self) -> bytes | None:
        try:
            return self._reading.user_data(self._get("/v1/user-data", USER_DATA_LIMIT * 4 // 3), encoded=True)
        except Absent:
            return None
        except (Denied, Malformed) as error:
            self._reading.remarks.append(f"user data: {error.why}")
            return None


SOURCE = Akamai
