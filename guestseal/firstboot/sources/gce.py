"""The metadata server of Google Compute Engine.

Keys stand there as `user:key`, for the instance and for its project. With `account =
root` those of every user count: Google makes each of them an administrator with sudo
("Managing Instance Access with SSH Key Pairs"), and its tools write the key of whoever
connects, not root's. With another account, only those of the user of that name count.

No key counts that has expired (`google-ssh`, expireOn) by the machine's clock, no
project's key where the instance has `block-project-ssh-keys`, and none at all with
`enable-oslogin`: then people log in with Google's accounts, and Google's agent must be
installed. Only the first label of the host name is used, as on Google's own images.
There is no password here.

A server that does not say `Metadata-Flavor: Google` is not believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from guestseal.documents import parse
from guestseal.errors import Absent, Denied, Malformed
from guestseal.firstboot.metadata import Endpoint, Metadata
from guestseal.firstboot.reading import DOCUMENT_LIMIT, Reading, at, json_object
from guestseal.firstboot.service import ServiceSource
from guestseal.machine.clock import Deadline
from guestseal.machine.http import Http

ROOT = "/computeMetadata/v1"
HEADERS = {"Metadata-Flavor": "Google"}


class Gce(ServiceSource):
    """The link-local metadata server, by address: metadata.google.internal would have to be resolved first."""

    name = "gce"
    urls = ("http://169.254.169.254", "http://[fd20:ce::254]")

    def read(self, http: Http, endpoint: Endpoint, deadline: Deadline) -> Metadata:
        """See ServiceSource.read."""
        reading = Reading(str(endpoint))
        document = _directory(http, endpoint, "instance", deadline)
        instance_id = reading.instance_id(document.get("id"))
        try:
            project = _directory(http, endpoint, "project/attributes", deadline)
        except (Absent, Denied, Malformed) as error:
            reading.remarks.append(f"project attributes: {error.why}")
            project = {}
        own = document.get("attributes")
        name = document.get("hostname")
        encoded = at(own, "user-data-encoding") == "base64"
        wanted = self.settings.wants_user_data
        return Metadata(
            self.name,
            reading.address,
            instance_id=instance_id,
            hostname=reading.hostname(name.partition(".")[0] if isinstance(name, str) else name),
            ssh_keys=reading.ssh_keys(self._keys(reading, own, project)),
            user_data=reading.user_data(at(own, "user-data"), encoded=encoded) if wanted else None,
            remarks=tuple(reading.remarks),
        )

    def _keys(self, reading: Reading, own: object, project: dict[str, Any]) -> list[str]:
        """The keys of those who may log in to the account."""
        if _on(at(own, "enable-oslogin") or project.get("enable-oslogin")):
            reading.remarks.append("SSH keys: none are used, because OS Login is enabled")
            return []
        # The old name on the instance hides all of the project's: google-guest-agent, and afterburn (providers/gcp).
        blocked = _on(at(own, "block-project-ssh-keys")) or bool(at(own, "sshKeys"))
        found = []
        nobodys = expired = 0
        for line in _lines(reading, (own,) if blocked else (own, project)):
            user, _, key = line.partition(":")
            if not user or not key or " " in user:
                nobodys += 1
            elif self.settings.account not in ("root", user):
                continue
            elif _expired(key, self.machine.clock.now()):
                expired += 1
            else:
                found.append(key)
        if nobodys:
            reading.remarks.append(f"SSH keys: {'a line names' if nobodys == 1 else f'{nobodys} lines name'} no user")
        if expired:
            reading.remarks.append(f"SSH keys: {'one has' if expired == 1 else f'{expired} have'} expired")
        return found


def _directory(http: Http, endpoint: Endpoint, name: str, until: Deadline) -> dict[str, Any]:
    """Everything in one directory. Raises as Http.get, and Malformed when it is not Google's server that answers."""
    path = f"{ROOT}/{name}/?recursive=true&alt=json"
    answer = http.get(endpoint, path, deadline=until, limit=DOCUMENT_LIMIT, headers=HEADERS)
    if answer.headers.get("Metadata-Flavor") != "Google":
        raise Malformed(str(endpoint), "not Google's metadata server: no Metadata-Flavor")
    return json_object(str(endpoint), answer.body)


def _lines(reading: Reading, places: Iterable[object]) -> Iterator[str]:
    """Every line of the attributes that hold keys."""
    for attributes in places:
        for text in (at(attributes, "ssh-keys"), at(attributes, "sshKeys")):
            if isinstance(text, str):
                yield from filter(None, map(str.strip, text.split("\n")))
            elif text is not None:
                reading.remarks.append("SSH keys: not a text")


def _on(value: object) -> bool:
    return str(value).lower() in ("true", "1", "y", "yes")


def _expired(key: str, now: float) -> bool:
    """Whether the key has come to its end, or speaks of one that cannot be read."""
    words = key.split(None, 3)
    if len(words) < 4 or words[2] != "google-ssh":
        return False
    from datetime import datetime

    try:
        end = at(parse(words[3]), "expireOn")
        return end is not None and datetime.strptime(end, "%Y-%m-%dT%H:%M:%S%z").timestamp() <= now
    except (TypeError, ValueError):
        return True


SOURCE = Gce
