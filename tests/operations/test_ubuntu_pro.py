"""A machine with a subscription, and one without."""

from __future__ import annotations

from support.operation_cases import UBUNTU, Case
from support.trees import Dir, File

ONLY = (UBUNTU,)  # ubuntu-pro-client

STATE, LISTS = "/var/lib/ubuntu-advantage", "/etc/apt/sources.list.d"
KEPT = {
    f"{LISTS}/ubuntu.sources": File("URIs: http://archive.ubuntu.com/ubuntu/\n"),
    f"{LISTS}/ubuntu-toolchain-r.list": File("deb https://ppa.launchpadcontent.net/x/ubuntu noble main\n"),
    f"{STATE}/apt-esm/etc/apt/trusted.gpg.d/ubuntu-pro-esm-apps.gpg": File(b"\x99key"),
    f"{STATE}/private": Dir(0o700),
    f"{STATE}/messages": Dir(),
    "/etc/ubuntu-advantage/uaclient.conf": File("contract_url: https://contracts.canonical.com\n"),
    "/etc/apt/auth.conf.d": Dir(),
}
TOKEN = File('{"machineToken": "hunter2"}', 0o600)

CASES = (
    Case(
        "attached",
        UBUNTU,
        {
            **KEPT,
            f"{STATE}/private/machine-token.json": TOKEN,
            f"{STATE}/private/machine-access-esm-infra.json": TOKEN,
            f"{STATE}/machine-token.json": TOKEN,
            f"{STATE}/machine-access-fips.json": TOKEN,
            f"{STATE}/machine-id": File("0123"),
            f"{STATE}/status.json": File("{}"),
            f"{STATE}/jobs-status.json": File("{}"),
            f"{STATE}/messages/motd-esm-announce": File("12 updates\n"),
            "/etc/apt/auth.conf.d/90ubuntu-advantage": File("machine esm.ubuntu.com/ login bearer password x\n", 0o600),
            f"{LISTS}/ubuntu-esm-infra.list": File("deb https://esm.ubuntu.com/infra/ubuntu jammy-infra main\n"),
            f"{LISTS}/ubuntu-esm-apps.sources": File("URIs: https://esm.ubuntu.com/apps/ubuntu/\n"),
        },
        KEPT,
    ),
    Case("not attached", UBUNTU, KEPT),
)
