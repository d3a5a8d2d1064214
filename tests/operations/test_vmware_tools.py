"""Keys and trust of VMware Tools."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

TOOLS = "/etc/vmware-tools"
KEY = File("-----BEGIN PRIVATE KEY-----\n", 0o600)
CERT = File("-----BEGIN CERTIFICATE-----\n")
CONF = File("[logging]\n")
ALIAS = "/var/lib/vmware/VGAuth/aliasStore"

CASES = (
    Case(
        "a guest proxy",
        DEBIAN,
        {
            f"{TOOLS}/GuestProxyData/server/key.pem": KEY,
            f"{TOOLS}/GuestProxyData/server/cert.pem": CERT,
            f"{TOOLS}/tools.conf": CONF,
        },
        {f"{TOOLS}/GuestProxyData/server": Dir(), f"{TOOLS}/tools.conf": CONF},
    ),
    Case(
        "a customization that did not end",
        REDHAT,
        {
            "/root/.customization/customize.sh": File("echo root:hunter2 | chpasswd\n", 0o700),
            "/.guest-customization-post-reboot-pending": File(""),
            "/root/customize.sh": File("#!/bin/sh\n"),
        },
        {"/root/customize.sh": File("#!/bin/sh\n")},
    ),
    Case(
        "trust",
        SUSE,
        {f"{ALIAS}/user-root.xml": File("<userAlias/>\n"), f"{TOOLS}/GuestProxyData/trusted/host.pem": CERT},
        found=(f"{ALIAS}/user-root.xml", f"{TOOLS}/GuestProxyData/trusted/host.pem"),
    ),
    Case("fresh", ALPINE, {f"{TOOLS}/tools.conf": CONF, ALIAS: Dir()}),
)
