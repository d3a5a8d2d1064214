"""The snakeoil certificate goes only where a clone makes another one."""

from __future__ import annotations

from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE, SYSTEMD, Case
from support.trees import Dir, Entry, File, Link

KEY = {"/etc/ssl/private/ssl-cert-snakeoil.key": File("-----BEGIN PRIVATE KEY-----\n", 0o640, (0, 111))}
CERTIFICATE = {"/etc/ssl/certs/ssl-cert-snakeoil.pem": File("-----BEGIN CERTIFICATE-----\n")}
HASH = {"/etc/ssl/certs/99bfda39.0": Link("ssl-cert-snakeoil.pem")}
ABSOLUTE_HASH = {"/etc/ssl/certs/99bfda39.1": Link("/etc/ssl/certs/ssl-cert-snakeoil.pem")}
OURS = {**KEY, **CERTIFICATE, **HASH, **ABSOLUTE_HASH}
MAKER = {"/usr/sbin/make-ssl-cert": File("#!/bin/bash -e\n", 0o755)}
LOCAL_STAGE: dict[str, Entry] = {
    **SYSTEMD,
    "/lib/systemd/system/guestseal-local.service": File("[Service]\nExecStart=/usr/bin/guestseal\n"),
    "/etc/systemd/system/multi-user.target.wants/guestseal-local.service": Link(
        "/lib/systemd/system/guestseal-local.service"
    ),
}
AUTHORITIES: dict[str, Entry] = {
    "/etc/ssl/private": Dir(0o710, (0, 111)),
    "/etc/ssl/private/www.example.com.key": File("-----BEGIN PRIVATE KEY-----\n", 0o600),
    "/etc/ssl/certs/www.example.com.pem": File("-----BEGIN CERTIFICATE-----\n"),
    "/etc/ssl/certs/ca-certificates.crt": File("-----BEGIN CERTIFICATE-----\n"),
    "/etc/ssl/certs/ISRG_Root_X1.pem": Link("/usr/share/ca-certificates/mozilla/ISRG_Root_X1.crt"),
    "/etc/ssl/certs/4042bcee.0": Link("ISRG_Root_X1.pem"),
    "/etc/ssl/openssl.cnf": File("[default]\n"),
}

CASES = (
    Case(
        "Debian with guestseal",
        DEBIAN,
        {**LOCAL_STAGE, **MAKER, **AUTHORITIES, **OURS},
        {**LOCAL_STAGE, **MAKER, **AUTHORITIES},
    ),
    Case(
        "the key alone", DEBIAN, {**LOCAL_STAGE, **MAKER, **AUTHORITIES, **KEY}, {**LOCAL_STAGE, **MAKER, **AUTHORITIES}
    ),
    Case("Debian without guestseal", DEBIAN, {**SYSTEMD, **MAKER, **AUTHORITIES, **OURS}, kept="make a new one"),
    Case(
        "ssl-cert is gone and its files are left", DEBIAN, {**LOCAL_STAGE, **AUTHORITIES, **OURS}, kept="make-ssl-cert"
    ),
    Case(
        "links to a real certificate",
        DEBIAN,
        {
            **LOCAL_STAGE,
            **MAKER,
            **AUTHORITIES,
            **HASH,
            "/etc/ssl/certs/ssl-cert-snakeoil.pem": Link("www.example.com.pem"),
            "/etc/ssl/private/ssl-cert-snakeoil.key": Link("www.example.com.key"),
        },
    ),
    Case("Debian without ssl-cert", DEBIAN, {**SYSTEMD, **AUTHORITIES}),
    Case("the same name on Enterprise Linux", REDHAT, {**LOCAL_STAGE, **OURS}, kept="make-ssl-cert"),
    Case("SUSE", SUSE, {**LOCAL_STAGE, "/etc/ssl/ca-bundle.pem": File("-----BEGIN CERTIFICATE-----\n")}),
    Case("Alpine", ALPINE, {"/etc/ssl/certs/ca-certificates.crt": File("-----BEGIN CERTIFICATE-----\n")}),
    Case("Arch", ARCH, {**LOCAL_STAGE, "/etc/ssl/openssl.cnf": File("[default]\n")}),
)
