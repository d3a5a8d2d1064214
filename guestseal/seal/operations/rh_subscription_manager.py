"""Remove the registration with Red Hat, Satellite or Katello

All clones would be one consumer: they use up its entitlements and overwrite each other's
facts. Removed is what ``subscription-manager clean`` removes: the consumer's certificate and
key, the entitlements, the caches, and redhat.repo where subscription-manager wrote it, which
is there again once a clone is registered. Nothing is unregistered at the server: that would
be the original's registration.

This is for every distribution that subscription-manager runs on, not for RHEL alone. Left
on purpose: productid.js, which says what is installed, rhsm.conf and custom facts. Reported
of them are a server other than Red Hat's own, a password for a proxy, and a host name.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.regular_files import regular_files
from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation


def _repositories(guest: Guest) -> Iterator[Action]:
    for path in regular_files(guest.tree, ("/etc/yum.repos.d/redhat.repo",)):
        if b"subscription-manager" in (guest.tree.read(path) or b""):
            yield Remove(path, secret=True)


RHSM = ("/etc/rhsm/rhsm.conf",)

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(
        *("/etc/pki/consumer/*.pem", "/etc/pki/entitlement/*.pem"),
        *("/var/lib/rhsm/cache/*", "/var/lib/rhsm/facts/*", "/var/lib/rhsm/packages/*"),
    ),
    also=_repositories,
    findings=signs(
        Sign(
            RHSM,
            "names a subscription server of the site",
            "run subscription-manager config, unless clones use the same",
            holds=rb"^\s*hostname\s*=[ \t]*(?!subscription\.rhsm\.redhat\.com\b|\s)",
        ),
        Sign(
            ("/etc/rhsm/facts/*.facts",),
            "gives every clone the same host name",
            "remove network.hostname-override",
            holds=rb"hostname-override",
        ),
        Sign(RHSM, "holds a password for a proxy", "remove it", holds=rb"^\s*proxy_password\s*=[ \t]*\S"),
    ),
)
