"""Somebody can log in to a clone

A clone that nobody can log in to is lost. One way in is enough: guestseal-firstboot.service,
cloud-init or a platform's agent is enabled and brings keys or a password; an account has a
password and there is a getty, or an sshd that takes it; an account has keys that an enabled sshd
takes. What the seal makes of root's password is considered (setting root_password). Where accounts
come from a directory (sssd with a domain, LDAP, winbind), the guest's files do not tell.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.guest.accounts import ways_in
from guestseal.guest.services.own_units import NETWORK_STAGE
from guestseal.guest.services.provisioning import brings_keys


def _look(subject: Subject) -> Iterator[Problem]:
    guest = subject.guest
    if not guest.accounts:
        raise Inapplicable("/etc/passwd has no account")
    if brings_keys(guest.tree):
        return
    if ways_in.asks_a_directory(guest):
        raise Inapplicable("accounts come from a directory")
    if not ways_in.somebody(guest):
        yield Problem(
            "nobody can log in to a clone: no account has a password or a key that would be taken",
            f"`systemctl enable {NETWORK_STAGE}`, or give root or another account a password or an SSH key",
        )


CHECK = Check(_look, source="shadow(5); sshd_config(5); nsswitch.conf(5)")
