"""Report what lets everybody into a Vagrant box

A Vagrant box has the account vagrant, whose password is known, with sudo without a password
and an SSH key whose private half is published (hashicorp/vagrant, keys/). In a template it is
root for everybody who reaches a clone. Nothing is removed: a box needs it, and an account is
not a seal's to take away.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

# The beginnings of the RSA and the Ed25519 key, enough to tell them from any other.
_PUBLISHED = (
    rb"AAAAB3NzaC1yc2EAAAABIwAAAQEA6NF8iallvQVp22WDkTkyrtvp9eWW6A8YVr"
    rb"|AAAAC3NzaC1lZDI1NTE5AAAAIN1YdxBpNlzxDqfJyw/QKow1F\+wvG9hXGoqiysfJOn5Y"
)

OPERATION = Operation(
    kind=Kind.SECRET,
    findings=signs(
        Sign(
            ("{home}/.ssh/authorized_keys*",),
            "lets in a key whose private half everybody can download",
            "remove that line, unless this is to be a Vagrant box",
            holds=_PUBLISHED,
        ),
        Sign(
            ("/etc/passwd",),
            "has the account vagrant, whose password everybody knows",
            "remove the account, or lock its password",
            holds=rb"^vagrant:",
        ),
        Sign(("/etc/sudoers.d/*vagrant*",), "makes the account vagrant root", "remove it with the account"),
    ),
)
