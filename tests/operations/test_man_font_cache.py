"""Caches that only cost time."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

CACHES = {"/var/cache/man": Dir(0o755, (6, 12)), "/var/cache/fontconfig": Dir()}
X = File("x\n")

CASES = (
    Case(
        "both",
        DEBIAN,
        {
            **CACHES,
            "/var/cache/man/index.db": X,
            "/var/cache/man/de/cat1/ls.1.gz": X,
            "/var/cache/fontconfig/a.cache-7": X,
        },
        CACHES,
    ),
    Case("manual pages", REDHAT, {"/var/cache/man/index.db": X}, {"/var/cache/man": Dir()}),
    Case("fonts", SUSE, {"/var/cache/fontconfig/b.cache-7": X}, {"/var/cache/fontconfig": Dir()}),
    Case("empty, and another cache", ALPINE, {**CACHES, "/var/cache/misc/x": X}),
)
