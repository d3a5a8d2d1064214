"""Remove private keys for signing Alpine packages

abuild-keygen(1) makes a pair of keys, and its public half belongs into /etc/apk/keys. A
private one that was copied there with it lets everybody who gets a clone make packages
that all clones install.

A key in ~/.abuild, where abuild uses it, is reported: a template for builders may need it.
Left on purpose: the public keys (*.rsa.pub), without which apk trusts no repository.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=("/etc/apk/keys/*.rsa",),
    findings=signs(
        Sign(
            ("{home}/.abuild/*.rsa",),
            "is a private key for signing packages",
            "remove it, unless clones are to sign packages",
        )
    ),
)
