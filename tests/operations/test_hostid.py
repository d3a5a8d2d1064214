"""The host id goes, and stays where ZFS would miss it."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

ID = {"/etc/hostid": File(b"\x01\x02\x03\x04")}
ALONE = True  # beside a guest with ZFS it is kept

CASES = (
    Case("RHEL", REDHAT, {**ID, "/etc/hostid.conf": File("x\n")}, {"/etc/hostid.conf": File("x\n")}, alone=ALONE),
    Case("SUSE", SUSE, ID, {"/etc": Dir()}, alone=ALONE),
    Case("ZFS is installed", DEBIAN, {**ID, "/usr/sbin/zpool": File("ELF", 0o755)}, kept="ZFS"),
    Case("pools are known", DEBIAN, {**ID, "/etc/zfs/zpool.cache": File(b"\0pools")}, kept="zgenhostid -f"),
    Case("none", ALPINE, {"/etc/hosts": File("127.0.0.1 localhost\n")}),
)
