"""The EC2 metadata service, also as OpenStack, Eucalyptus, ZStack and others offer it.

A session token (IMDSv2) is asked for first. A service that knows no tokens is asked
without one, unless `ec2-token` requires it; one that forbids the token is switched off
and asked nothing more. The IPv4 and the IPv6 address of the service are asked at the same
time. There is no password here.
"""

from __future__ import annotations

from guestseal.firstboot.ec2_tree import INDEXED, Dialect, TreeSource

VERSIONS = ("/2009-04-04", "/latest")
"""A version's meaning never changes. The first has all that is needed and is old enough for every service to have
it; the second is for those that have no other. Asking for the list of versions would tell nothing more."""


class Ec2(TreeSource):
    """The link-local metadata service."""

    name = "ec2"
    urls = ("http://169.254.169.254", "http://[fd00:ec2::254]")

    @property
    def dialect(self) -> Dialect:
        """EC2's own, with the administrator's word on tokens."""
        return Dialect(
            roots=VERSIONS,
            session_header="X-aws-ec2-metadata-token",
            token_required=self.settings.ec2_token == "require",
            hostname_from_ipv4=True,
            keys=INDEXED,
        )


SOURCE = Ec2
