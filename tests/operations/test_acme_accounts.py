"""Accounts and certificates of ACME clients are reported."""

from __future__ import annotations

from support.certificates import ISSUED, PRIVATE_KEY
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Entry, File, Link

LE = "/etc/letsencrypt"
CADDY = "/var/lib/caddy/.local/share/caddy"
ACCOUNTS = {
    path: File('{"n": "of the account"}\n', 0o400)
    for path in (
        f"{LE}/accounts/acme-v02.api.letsencrypt.org/directory/0a/private_key.json",
        *("/var/lib/dehydrated/accounts/aHR0/account_key.pem", "/root/.acme.sh/ca/acme.zerossl.com/v2/account.key"),
        *(f"{CADDY}/acme/acme-v02/users/me/me.key", "/var/lib/acme/keys/0a/privkey"),
        *("/root/.lego/accounts/acme-v02/me/keys/me.key", "/etc/lego/accounts/acme-v02/me/keys/me.key"),
        *("/etc/traefik/acme.json", "/var/lib/traefik/acme.json", "/opt/traefik/acme.json"),
    )
}
CERTIFICATES = {
    path: File(PRIVATE_KEY, 0o600)
    for path in (
        *(f"{LE}/archive/www.example.com/privkey1.pem", f"{LE}/keys/0000_key-certbot.pem"),
        *(
            "/var/lib/dehydrated/certs/www.example.com/privkey-1.pem",
            "/root/.acme.sh/www.example.com/www.example.com.key",
        ),
        *(f"{CADDY}/certificates/acme-v02/www.example.com/www.example.com.key", "/root/.lego/certificates/www.key"),
        "/etc/lego/certificates/www.key",
    )
}
DNS = {"/root/.acme.sh/account.conf": File("ACCOUNT_EMAIL='a@example.com'\nSAVED_CF_Token='hunter2'\n", 0o600)}
PUBLIC: dict[str, Entry] = {
    f"{LE}/archive/www.example.com/cert1.pem": File(ISSUED),
    f"{LE}/live/www.example.com/privkey.pem": Link("../../archive/www.example.com/privkey1.pem"),
    f"{LE}/accounts/acme-v02.api.letsencrypt.org/directory/0a/meta.json": File("{}\n"),
    "/root/.acme.sh/acme.sh": File("#!/usr/bin/env sh\n"),
    "/etc/traefik/traefik.yml": File("log:\n"),
    "/var/lib/traefik/acme.json": File("", 0o600),
}

CASES = (
    Case("every client", DEBIAN, {**PUBLIC, **ACCOUNTS, **CERTIFICATES}, found=(*ACCOUNTS, *CERTIFICATES)),
    Case("a login to a provider of DNS", DEBIAN, DNS, found=tuple(DNS)),
    Case("nothing secret", REDHAT, PUBLIC),
    Case("SUSE", SUSE, {f"{LE}/cli.ini": File("x = y\n"), "/root/.acme.sh/account.conf": File("SAVED_CF_Key=''\n")}),
    Case("Alpine", ALPINE, {"/etc/caddy/Caddyfile": File(":80\n")}),
)
