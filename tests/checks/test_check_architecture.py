"""Is the guest a system of 64 bits?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE
from support.trees import File, Link

WIDE, NARROW = File(b"\x7fELF\2\1\1" + bytes(57), 0o755), File(b"\x7fELF\1\1\1" + bytes(45), 0o755)
INIT = "/lib/systemd/systemd"

CASES = (
    CheckCase("systemd", DEBIAN, {"/sbin/init": Link("../lib/systemd/systemd"), INIT: WIDE}, profile="azure"),
    CheckCase("busybox", ALPINE, {"/sbin/init": Link("/bin/busybox"), "/bin/busybox": WIDE}, profile="gcp"),
    CheckCase("init is a script", SUSE, {"/sbin/init": File("#!/bin/sh\n", 0o755), "/bin/sh": WIDE}, profile="aws"),
    CheckCase("nothing says", DEBIAN, {"/sbin/init": File(b"\x7fELF")}, skipped="no program", profile="azure"),
    CheckCase(
        "32 bits",
        REDHAT,
        {"/sbin/init": Link("../lib/systemd/systemd"), INIT: NARROW},
        ("32 bits",),
        mended={INIT: WIDE},
        profile="azure",
    ),
    CheckCase(
        "32 bits behind a script",
        DEBIAN,
        {"/sbin/init": File("#!/bin/sh\n"), "/bin/sh": NARROW},
        ("32 bits",),
        mended={"/bin/sh": WIDE},
        profile="digitalocean",
    ),
)
