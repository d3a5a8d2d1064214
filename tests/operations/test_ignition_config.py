"""Copies of Ignition's configuration."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

CONFIG = File('{"ignition": {"version": "3.4.0"}, "passwd": {}}\n', 0o600)

CASES = (
    Case(
        "OpenShift",
        REDHAT,
        {
            "/etc/ignition-machine-config-encapsulated.json": CONFIG,
            "/etc/ignition-machine-config-encapsulated.json.bak": CONFIG,
            "/etc/ignition-notes": CONFIG,
        },
        found=(
            "/etc/ignition-machine-config-encapsulated.json",
            "/etc/ignition-machine-config-encapsulated.json.bak",
        ),
    ),
    Case(
        "an OEM partition and a live installation",
        SUSE,  # MicroOS takes Ignition
        {"/usr/share/oem/config.ign": CONFIG, "/oem/config.ign": CONFIG, "/boot/ignition/config.ign": CONFIG},
        found=("/usr/share/oem/config.ign", "/oem/config.ign", "/boot/ignition/config.ign"),
    ),
    Case("empty", DEBIAN, {"/oem/config.ign": File("")}),
    Case("none", ALPINE, {"/srv/config.ign": CONFIG}),
)
