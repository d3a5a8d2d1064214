"""Report private keys that services made once and nothing makes again

Some packages and administrators' tools make a key and a self-signed certificate when a service
is set up: Postfix on Enterprise Linux (postfix.spec, %post), Exim on Debian (exim-gencert),
Dovecot on Alpine and elsewhere, Webmin, Usermin, stunnel, PostgreSQL. Every clone has the same ones.

They are reported and stay: nothing makes them again, and the services do not start, or refuse
TLS, without them. Links are no keys: Debian's lead to the certificate of tls-snakeoil.
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
                *("/etc/postfix/smtpd.key", "/etc/pki/tls/private/postfix.key", "/etc/exim4/exim.key"),
                *("/etc/dovecot/private/*", "/etc/ssl/dovecot/*.key", "/etc/webmin/miniserv.pem"),
                *("/etc/usermin/miniserv.pem", "/etc/stunnel/stunnel.pem"),
                *("/var/lib/postgresql/*/*/server.key", "/var/lib/pgsql/data/server.key"),
                "/var/lib/pgsql/*/data/server.key",
            ),
            "is a service's private key that every clone would share",
            "make another pair on each clone before the service starts there",
            holds=PRIVATE_KEY,
        )
    ),
)
