"""libblkid's cache."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File, Link

TAB = File('<device UUID="x" TYPE="ext4">/dev/sda1</device>\n')
LED = {"/etc/blkid.tab": Link("/run/blkid/blkid.tab"), "/etc/blkid/blkid.tab": Link("/srv/tab"), "/srv/tab": TAB}

CASES = (
    Case(
        "RHEL 6",
        REDHAT,
        {"/etc/blkid/blkid.tab": TAB, "/etc/blkid/blkid.tab.old": TAB},
        {"/etc/blkid": Dir()},
        alone=True,
    ),
    Case(
        "SUSE 11",
        SUSE,
        {"/etc/blkid.tab": TAB, "/etc/blkid.tab.old": TAB, "/etc/blkid.conf": File("x\n")},
        {"/etc/blkid.conf": File("x\n")},
    ),
    Case("links", DEBIAN, LED),
    Case("none", ALPINE, {"/etc/blkid.conf": File("CACHE_FILE=/run/x\n")}),
)
