"""Alpine's Tiny Cloud starts again."""

from __future__ import annotations

from support.operation_cases import ALPINE, Case
from support.trees import Dir, File

ONLY = (ALPINE,)
USER_DATA = File("#!/bin/sh\n# -----BEGIN PRIVATE KEY-----\n", 0o600)
CONF = File("CLOUD=aws\n")

CASES = (
    Case(
        "bootstrapped",
        ALPINE,
        {
            "/var/lib/cloud/.bootstrap-complete": File(""),
            "/var/lib/cloud/user-data": USER_DATA,
            "/var/lib/cloud/user-data.a1B2c3": USER_DATA,
            "/etc/tiny-cloud.conf": CONF,
        },
        {"/var/lib/cloud": Dir(), "/etc/tiny-cloud.conf": CONF},
    ),
    Case("not yet", ALPINE, {"/etc/tiny-cloud.conf": CONF, "/var/lib/cloud/scripts/user-data": USER_DATA}),
)
