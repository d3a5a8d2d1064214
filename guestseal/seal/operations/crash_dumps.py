"""Remove crash dumps

A dump of a program or of the kernel is a copy of memory, with the keys and passwords that
were in it. Overwritten and removed are those of kdump and apport (/var/crash), systemd
(coredump, pstore), abrt, and IBM Z's /var/log/dump.

Left on purpose: the directories, without which neither kdump nor apport stores anything; and
/var/lib/kdump, the kernel and initrd that take a dump. abrt's older place goes with tmp-files.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(
        *("/var/crash/*", "/var/lib/apport/coredump/*"),
        *("/var/lib/systemd/coredump/*", "/var/lib/systemd/pstore/*"),
        *("/var/spool/abrt/*", "/var/spool/abrt-upload/*", "/var/log/dump/*"),
    ),
    stop=("abrtd.service", "apport.service"),
)
