"""cloud-init's word on passwords goes where cloud-init says it again."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, SYSTEMD, Case
from support.trees import Entry, File, Link

PATH = "/etc/ssh/sshd_config.d/50-cloud-init.conf"
FILE: dict[str, Entry] = {PATH: File("PasswordAuthentication yes\n", 0o600)}
STAYS: dict[str, Entry] = {
    "/etc/ssh/sshd_config.d/60-cloudimg-settings.conf": File("PasswordAuthentication no\n"),
    "/etc/ssh/sshd_config": File("Include /etc/ssh/sshd_config.d/*.conf\n"),
}
CLOUD_INIT: dict[str, Entry] = {
    **SYSTEMD,
    "/usr/bin/cloud-init": File("#!/usr/bin/python3\n", 0o755),
    "/usr/lib/systemd/system/cloud-init.target": File("[Unit]\n"),
}
OPENRC: dict[str, Entry] = {
    "/usr/bin/cloud-init": File("#!/usr/bin/python3\n", 0o755),
    "/etc/init.d/cloud-init": File("#!/sbin/openrc-run\n", 0o755),
    "/etc/runlevels/default/cloud-init": Link("/etc/init.d/cloud-init"),
}
ALONE = True  # other cases have cloud-init disabled

CASES = (
    Case("Debian", DEBIAN, {**FILE, **STAYS, **CLOUD_INIT}, {**STAYS, **CLOUD_INIT}, alone=ALONE),
    Case("SUSE", SUSE, {**FILE, **STAYS, **CLOUD_INIT}, {**STAYS, **CLOUD_INIT}, alone=ALONE),
    Case("Alpine", ALPINE, {**FILE, **STAYS, **OPENRC}, {**STAYS, **OPENRC}, alone=ALONE),
    Case("cloud-init was removed", REDHAT, {**FILE, **STAYS}, kept="cloud-init is not enabled"),
    Case(
        "cloud-init is disabled",
        DEBIAN,
        {**FILE, **CLOUD_INIT, "/etc/cloud/cloud-init.disabled": File()},
        kept="cloud-init is not enabled",
    ),
    Case("no such file", REDHAT, {**STAYS, **CLOUD_INIT}, alone=ALONE),
)
