"""ZFS's list of pools and its keys."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

CACHE, KEY = "/etc/zfs/zpool.cache", "/etc/zfs/keys/rpool.key"

CASES = (
    Case("pools", DEBIAN, {CACHE: File(b"\x01\x02")}, found=(CACHE,)),
    Case("a key", ALPINE, {KEY: File("hunter22\n", 0o600)}, found=(KEY,)),
    Case("no pools", REDHAT, {CACHE: File(), "/etc/zfs/keys": Dir(0o700)}),
    Case("other configuration", SUSE, {"/etc/zfs/zed.d/zed.rc": File("ZED_EMAIL_ADDR=root\n")}),
)
