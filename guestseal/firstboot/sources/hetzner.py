"""The metadata service of Hetzner Cloud servers.

The items `instance-id`, `hostname` and `public-keys` are asked for one by one: the
document that has all of them is YAML (`Server Metadata` in the Hetzner Cloud API
documentation). Hetzner gives the keys to root; here the `account` gets them. A server
that was created without keys has a root password, which Hetzner writes into its own
images and does not tell here.
"""

from __future__ import annotations

import re

from guestseal.documents import parse
from guestseal.errors import Malformed
from guestseal.firstboot import validation
from guestseal.firstboot.metadata import Endpoint, Metadata
from guestseal.firstboot.reading import USER_DATA_LIMIT, Reading
from guestseal.firstboot.service import ServiceSource
from guestseal.machine.clock import Deadline
from guestseal.machine.http import Http
from guestseal.settings import Settings

ROOT = "/hetzner/v1"


class Hetzner(ServiceSource):
    """The link-local metadata service."""

    name = "hetzner"
    urls = ("http://169.254.169.254", "http://[fe80::a9fe:a9fe%25if]")

    def read(self, http: Http, endpoint: Endpoint, deadline: Deadline) -> Metadata:
        """See ServiceSource.read."""
        return _Service(http, endpoint, deadline).metadata(self.settings)


class _Service:
    """One conversation with the service at one address."""

    def __init__(self, http: Http, endpoint: Endpoint, deadline: Deadline) -> None:
        self._http, self._endpoint, self._deadline = http, endpoint, deadline
        self._reading = Reading(str(endpoint))

    def metadata(self, settings: Settings) -> Metadata:
        """Everything the service says. Raises a SourceError."""
        path, limit = f"{ROOT}/metadata/instance-id", validation.TEXT_LIMIT
        identity = self._http.get(self._endpoint, path, deadline=self._deadline, limit=limit).body
        instance_id = validation.instance_id(self._reading.address, identity)
        hostname = _text(self._item("metadata/hostname", limit))
        keys = _text(self._item("metadata/public-keys", validation.KEYS_LIMIT))
        return Metadata(
            Hetzner.name,
            self._reading.address,
            instance_id=instance_id,
            hostname=self._reading.hostname(hostname),
            ssh_keys=self._reading.ssh_keys(keys if keys is None else _listed(keys)),
            user_data=self._item("userdata", USER_DATA_LIMIT) if settings.wants_user_data else None,
            remarks=tuple(self._reading.remarks),
        )

    def _item(self, name: str, limit: int) -> bytes | None:
        """An item without which the others are still good; None: there is none (404, or 204 for user data)."""
        ask = f"GET {ROOT}/{name}"
        try:
            answer = self._http.ask(self._endpoint, ask, deadline=self._deadline, limit=limit)
            return None if answer.status in (204, 404, 410) else answer.accepted().body
        except Malformed as error:
            self._reading.remarks.append(f"{name.rpartition('/')[2]}: {error.why}")
            return None


def _text(body: bytes | None) -> str | None:
    return None if body is None else body.decode("utf-8", "replace")


def _listed(text: str) -> object:
    """The keys in a JSON list, which Hetzner sends (afterburn: providers/hetzner), or in the lines of a YAML one."""
    try:
        return parse(text)
    except ValueError:
        return re.sub(r"^- +", "", text, flags=re.MULTILINE)


SOURCE = Hetzner
