"""No account has anything in ~/.ssh

Whatever lies there was made for the template: public keys name people, settings name other machines.
The image checker of DigitalOcean reports every file but authorized_keys and known_hosts, of which
the operations authorized-keys and ssh-known-hosts tell, and looks into /root only: its search in
other home directories never matches. Here every account's is looked at. A warning.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Problem, Subject
from guestseal.guest.accounts.people import listed

_OTHERS = frozenset(("authorized_keys", "authorized_keys2", "known_hosts", "known_hosts.old"))


def _look(subject: Subject) -> Iterator[Problem]:
    for home in subject.guest.homes:
        path = f"{home}/.ssh"
        names = [name for name in subject.tree.names(path) if name not in _OTHERS]
        if names:
            remedy = "look at what is there, and remove what clones must not have"
            yield Problem(f"holds {listed(names)}", remedy, path, fails=False)


CHECK = Check(
    _look, source="digitalocean/marketplace-partners, scripts/99-img-check.sh, checkUsers", profiles=("digitalocean",)
)
