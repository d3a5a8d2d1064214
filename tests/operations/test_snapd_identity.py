"""What snapd's store knows a machine by: reported, and never touched."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, UBUNTU, Case
from support.trees import Dir, File

SNAPD = "/var/lib/snapd"

CASES = (
    Case(
        "registered, with an account and a snapshot",
        UBUNTU,
        {
            f"{SNAPD}/device/private-keys-v1": Dir(0o700),
            f"{SNAPD}/device/private-keys-v1/0KGA2WKM": File("-----BEGIN PRIVATE KEY-----\n", 0o600),
            f"{SNAPD}/state.json": File('{"data":{"auth":{"device":{"serial":"0123"}}}}', 0o600),
            f"{SNAPD}/snapshots/1_lxd_5.zip": File("PK"),
            "/root/.snap/auth.json": File('{"macaroon":"hunter22"}', 0o600),
        },
        found=(
            "/root/.snap/auth.json",
            f"{SNAPD}/device/private-keys-v1/0KGA2WKM",
            f"{SNAPD}/snapshots/1_lxd_5.zip",
            f"{SNAPD}/state.json",
        ),
    ),
    Case(
        "not registered",
        DEBIAN,
        {
            f"{SNAPD}/device/private-keys-v1": Dir(0o700),
            f"{SNAPD}/state.json": File('{"data":{"auth":{"device":{"brand":"generic","model":"generic-classic"}}}}'),
        },
    ),
    Case("not used on RHEL", REDHAT, {f"{SNAPD}/snapshots": Dir()}),
    Case("not used on SUSE", SUSE, {f"{SNAPD}/snaps": Dir()}),
    Case("not there", ALPINE, {"/var/lib/apk": Dir()}),
)
