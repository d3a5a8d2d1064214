"""Report ACME accounts and the certificates issued to them

certbot, acme.sh, dehydrated, lego, Caddy and Traefik keep the key of an account at Let's Encrypt
or another authority, and keys of certificates for names that a clone does not own. Clones that
renew them use up one limit together, and whoever has one clone can revoke or order certificates.
acme.sh also saves what it logs in to a provider of DNS with (SAVED_… in account.conf).

They are reported and stay: services do not start TLS without them.
"""

from __future__ import annotations

from guestseal.guest.services.certificates import PRIVATE_KEY
from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

CADDY = "/var/lib/caddy/.local/share/caddy"

OPERATION = Operation(
    kind=Kind.SECRET,
    findings=signs(
        Sign(
            (
                *("/etc/letsencrypt/accounts/**/private_key.json", "/var/lib/dehydrated/accounts/*/account_key.pem"),
                *("{home}/.acme.sh/ca/**/account.key", f"{CADDY}/acme/*/users/*/*.key", "/var/lib/acme/keys/*/privkey"),
                *("{home}/.lego/accounts/**/*.key", "/etc/lego/accounts/**/*.key"),
                *("/etc/traefik/acme.json", "/var/lib/traefik/acme.json", "/opt/traefik/acme.json"),
            ),
            "is the key of an ACME account",
            "remove it, and have each clone register an account of its own",
        ),
        Sign(
            (
                *("/etc/letsencrypt/archive/*/privkey*.pem", "/etc/letsencrypt/keys/*"),
                *("/var/lib/dehydrated/certs/*/privkey*.pem", "{home}/.acme.sh/*/*.key"),
                *(f"{CADDY}/certificates/*/*/*.key", "{home}/.lego/certificates/*.key", "/etc/lego/certificates/*.key"),
            ),
            "is the key of a certificate for a name that clones do not own",
            "remove the certificate, and have each clone order one for its own name",
            holds=PRIVATE_KEY,
        ),
        Sign(
            ("{home}/.acme.sh/account.conf",),
            "holds a login to a provider of DNS",
            "remove the lines SAVED_…, and give it to the machine that orders certificates only",
            holds=rb"^SAVED_(?!\w+='?'?$)\w+=",
        ),
    ),
)
