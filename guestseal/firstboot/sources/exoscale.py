"""The metadata service and the password server of Exoscale instances.

The tree is EC2's, but for the SSH keys, which are one file of lines. Beside it, on the
`password-ports`, is the password server of Apache CloudStack, from which Exoscale's platform
comes: a password is asked for at every boot, because a reset is delivered at the next one. It
is believed when the server says it twice, and acknowledged after it is set.
"""

from __future__ import annotations

from dataclasses import replace

from guestseal.errors import Malformed, SourceError, Unreachable
from guestseal.firstboot.ec2_tree import Dialect, TreeSource
from guestseal.firstboot.metadata import Endpoint, Metadata, Secret
from guestseal.firstboot.password_server import PasswordServer, acknowledge
from guestseal.firstboot.source import Likelihood
from guestseal.machine.clock import Deadline
from guestseal.machine.http import Http
from guestseal.machine.parallel import Outcome, Parallel

PASSWORD_PATH = "/1.0/"  # cloud-init, DataSourceExoscale.get_password
GRACE = 1.0
"""Seconds that the password server gets once the metadata is here."""


class Exoscale(TreeSource):
    """The link-local metadata service, with the password server at the same address."""

    name = "exoscale"
    urls = ("http://169.254.169.254",)
    has_passwords = True
    # cloud-init, DataSourceExoscale.API_VERSION; afterburn's provider exoscale on public-keys.
    dialect = Dialect(roots=("/1.0",), keys=None)

    def read(self, http: Http, endpoint: Endpoint, deadline: Deadline) -> Metadata:
        """See TreeSource.read. The password server is asked at the same time."""
        asked: Parallel[Endpoint, Secret | None] = Parallel(self.machine.clock)
        servers = [endpoint.at(port) for port in self.settings.password_ports]
        for server in servers:
            asked.start(server, PasswordServer(http, server, deadline, PASSWORD_PATH).password)
        metadata = super().read(http, endpoint, deadline)
        outcomes = {outcome.key: outcome for outcome in asked.until(deadline.within(GRACE))}
        heard = [(server, outcomes.get(server)) for server in servers]
        metadata = _with_password(metadata, heard)
        # EC2 has a version 1.0 as well, and no password server: none is missing but where the firmware is Exoscale's.
        return metadata if self.detect() is Likelihood.LIKELY else replace(metadata, missing=())

    def confirm(self, metadata: Metadata, deadline: Deadline) -> None:
        """See Source.confirm."""
        acknowledge(self.machine, metadata.password_from, deadline, PASSWORD_PATH)


def _with_password(
    metadata: Metadata, heard: list[tuple[Endpoint, Outcome[Endpoint, Secret | None] | None]]
) -> Metadata:
    """``metadata`` with the first password that was offered, and with what may yet come."""
    offered: dict[Endpoint, Secret] = {}
    missing = []
    for server, outcome in heard:
        error = Unreachable(str(server), "timed out") if outcome is None else outcome.error
        if isinstance(error, (Unreachable, Malformed)):
            missing.append(f"{server}: no answer about a password: {error.why}")
        elif error is not None and not isinstance(error, SourceError):
            raise error
        elif outcome is not None and outcome.value is not None:
            offered[server] = outcome.value
    chosen = next(iter(offered.values()), None)
    others = [f"{server}: offers another password; not set" for server, secret in offered.items() if secret != chosen]
    return replace(
        metadata,
        password=chosen,
        password_from=tuple(server for server, secret in offered.items() if secret == chosen),
        passwords_refused=tuple(dict.fromkeys(secret for secret in offered.values() if secret != chosen)),
        missing=tuple(missing),
        remarks=(*metadata.remarks, *others),
    )


SOURCE = Exoscale
