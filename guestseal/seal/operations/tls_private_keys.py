"""Report private keys of TLS services below /etc

A private key in a template is the same in every clone, and whoever has one clone can read what
the others send or pretend to be them. Reported are files below /etc with a name that ends in
.key, .pem, .crt or .cert and a private key in them, and PKCS #12 and Java key stores by their
names.

They stay: a site's certificate may have been put there on purpose, and services do not start
without it. Keys that a clone can make for itself are removed by operations of their own
(tls-snakeoil, tls-localhost, dovecot-certificate ...), others are reported by
certificate-authorities, service-tls-keys and acme-accounts.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.guest.services.certificates import PRIVATE_KEY
from guestseal.guest.signs import Sign, signs
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation

REMEDY = "have each clone given a key of its own, or share it knowingly"
ELSEWHERE = (  # what other operations report or remove
    *("/etc/ssl/private/ssl-cert-snakeoil.key", "/etc/unbound/unbound_", "/etc/ssh/", "/etc/letsencrypt/"),
    *("/etc/pki/CA/", "/etc/ssl/CA/", "/etc/easy-rsa/", "/etc/openvpn/easy-rsa/", "/etc/webmin/", "/etc/usermin/"),
    *("/etc/stunnel/stunnel.pem", "/etc/exim4/exim.", "/etc/postfix/smtpd.", "/etc/pki/tls/private/postfix."),
    *("/etc/dovecot/private/", "/etc/ssl/dovecot/", "/etc/pki/libvirt", "/etc/pki/akmods/", "/etc/pki/consumer/"),
    *("/etc/pki/entitlement/", "/etc/pacman.d/"),
)

_keys = signs(
    Sign(
        ("/etc/**/*.key", "/etc/**/*.pem", "/etc/**/*.crt", "/etc/**/*.cert"),
        "holds a private key that every clone would share",
        REMEDY,
        holds=PRIVATE_KEY,
    ),
    Sign(("/etc/**/*.p12", "/etc/**/*.pfx", "/etc/**/*.jks"), "is a key store that every clone would share", REMEDY),
)


def _found(guest: Guest) -> Iterator[Finding]:
    return (finding for finding in _keys(guest) if not finding.path.startswith(ELSEWHERE))


OPERATION = Operation(kind=Kind.IDENTITY, findings=_found)  # after those that remove keys
