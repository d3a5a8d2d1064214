"""What Ubuntu says about updates, and what belongs to packages."""

from __future__ import annotations

from support.operation_cases import UBUNTU, Case
from support.trees import Dir, File

ONLY = (UBUNTU,)  # update-notifier, ubuntu-release-upgrader, ubuntu-report

NOTIFIER = "/var/lib/update-notifier"
KEPT = {
    f"{NOTIFIER}/package-data-downloads/partial": Dir(),
    f"{NOTIFIER}/package-data-downloads/ttf-mscorefonts-installer": File("Url: http://x\n"),
    f"{NOTIFIER}/user.d/reboot": File("Name: x\n"),
    "/etc/update-motd.d/90-updates-available": File("#!/bin/sh\n", 0o755),
}

CASES = (
    Case(
        "the message of the day",
        UBUNTU,
        {
            **KEPT,
            f"{NOTIFIER}/updates-available": File("12 updates can be applied immediately.\n"),
            f"{NOTIFIER}/fsck-at-reboot": File(""),
            f"{NOTIFIER}/hwe-eol": File(""),
            "/var/lib/ubuntu-release-upgrader/release-upgrade-available": File("New release\n"),
            "/var/cache/motd-news": File(" * news\n"),
            "/root/.cache/ubuntu-report/ubuntu.24.04": File('{"Version": "24.04"}\n'),
            "/root/.cache/other": File("x"),
        },
        {**KEPT, "/var/lib/ubuntu-release-upgrader": Dir(), "/var/cache": Dir(), "/root/.cache/other": File("x")},
    ),
    Case("nothing pending", UBUNTU, KEPT),
)
