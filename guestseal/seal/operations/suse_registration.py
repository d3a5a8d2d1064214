"""Remove the registration with SUSE's customer center

All clones would be one system there. Removed is what ``SUSEConnect --cleanup`` removes: the
credentials of an account SCC_…, the services that use them and their repositories; and what
cloud-regionsrv-client keeps of a registration in a public cloud (/var/cache/cloudregister,
/var/lib/cloudregister; its defaults.py), which registers each clone anew at its boot.

Without a registration there are no repositories of SUSE's. So all this is kept where neither
SUSEConnect nor registercloudguest is there to register a clone.

Left on purpose: regionserverclnt.cfg, and credentials of other repositories, which are
reported, as are a registration server of the site and its line in /etc/hosts.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.packages import zypp
from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Guard, Kind, Operation

CLIENTS = ("/usr/bin/SUSEConnect", "/usr/sbin/SUSEConnect", "/usr/bin/suseconnect", "/usr/sbin/registercloudguest")


def _registration(guest: Guest) -> Iterator[Action]:
    # The services first: which ones they are is known by the credentials.
    for path in (*zypp.subscribed(guest.tree), *zypp.credentials(guest.tree)):
        yield Remove(path, secret=True)


OPERATION = Operation(
    kind=Kind.SECRET,
    remove=("/var/cache/cloudregister/*", "/var/lib/cloudregister/*"),
    also=_registration,
    findings=signs(
        Sign(
            ("/etc/SUSEConnect",),
            "names a registration server",
            "remove it elsewhere",
            holds=rb"^\s*url[ \t]*:[ \t]*(?!https://scc\.suse\.com)\S",
        ),
        Sign(("/etc/hosts",), "names a registration server", "remove that line elsewhere", holds=rb"^# Added by SMT"),
        Sign(
            ("/etc/zypp/credentials.d/*",),
            "holds a password for a package repository",
            "remove it, or have each clone given its own",
            holds=rb"\A(?![\s\S]*^\s*username\s*=\s*SCC_)[\s\S]*^\s*password\s*=[ \t]*\S",
        ),
    ),
    needs=(
        Guard(
            lambda guest: not zypp.credentials(guest.tree) or any(map(guest.tree.exists, CLIENTS)),
            "nothing in this guest could register a clone, which would have no repositories: install SUSEConnect",
        ),
    ),
)
