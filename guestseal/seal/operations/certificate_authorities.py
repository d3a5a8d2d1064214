"""Report the private keys of certificate authorities

Whoever has the key of an authority can pretend to be every machine that its users trust: it
must never be in a template. It is reported and stays, because nobody could make it again.

Looked at are OpenSSL's CA.pl and Enterprise Linux's /etc/pki/CA, /etc/ssl/CA, easy-rsa of both
generations, in /etc, /usr/share and home directories, and ~/ca.
"""

from __future__ import annotations

from guestseal.guest.services.certificates import PRIVATE_KEY
from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    findings=signs(
        Sign(
            (
                *("/etc/pki/CA/private/*", "/etc/ssl/CA/private/*", "/etc/ssl/CA/*.key", "/etc/ssl/demoCA/private/*"),
                *("/etc/easy-rsa/pki/private/*", "/etc/openvpn/easy-rsa/pki/private/*"),
                *("/etc/openvpn/easy-rsa/keys/*.key", "/usr/share/easy-rsa/pki/private/*"),
                *("{home}/ca/private/*", "{home}/ca/*.key", "{home}/demoCA/private/*", "{home}/pki/private/*"),
                *("{home}/easy-rsa/pki/private/*", "{home}/openvpn-ca/pki/private/*", "{home}/openvpn-ca/keys/*.key"),
            ),
            "is a private key in the directory of a certificate authority",
            "move it to a machine of its own before the template is sealed",
            holds=PRIVATE_KEY,
        )
    ),
)
