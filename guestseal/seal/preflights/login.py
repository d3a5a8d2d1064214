"""Somebody can log in to a clone

A clone that nobody can log in to is lost. One way in is enough: guestseal-firstboot.service,
cloud-init or a platform's agent is enabled and brings the platform's keys and password; an
account has a password and there is a getty, or an sshd that takes it; an account has
authorized keys that an enabled sshd takes. What becomes of root's password is considered
(root-password). Where accounts come from a directory (sssd, LDAP, winbind) nothing is said.

Remedy: enable guestseal-firstboot.service, or give an account a password or a key.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.accounts import ways_in
from guestseal.guest.facts import Guest
from guestseal.guest.services.own_units import NETWORK_STAGE
from guestseal.guest.services.provisioning import brings_keys
from guestseal.machine.host import Machine
from guestseal.seal.preflight import Concern, Preflight


def _look(guest: Guest, _: Machine) -> Iterator[Concern]:
    if not guest.accounts or brings_keys(guest.tree) or ways_in.asks_a_directory(guest):
        return
    if not ways_in.somebody(guest):
        yield Concern(
            "nobody could log in to a clone: no account has a password or a key that would be taken",
            f"`systemctl enable {NETWORK_STAGE}`, or give root or another account a password or an SSH key",
        )


PREFLIGHT = Preflight(_look)
