"""Databases of file names."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

DB = File(b"\x00plocate\x00/root/.aws/credentials", 0o640, (0, 102))
LIB = "/var/lib/plocate"

CASES = (
    Case(
        "plocate and the locate of findutils",
        DEBIAN,
        {
            f"{LIB}/plocate.db": DB,
            f"{LIB}/CACHEDIR.TAG": File("Signature: 8a477f597d28d172789f06886806bc55\n"),
            "/var/cache/locate/locatedb": DB,
        },
        {
            f"{LIB}/CACHEDIR.TAG": File("Signature: 8a477f597d28d172789f06886806bc55\n"),
            "/var/cache/locate": Dir(),
        },
    ),
    Case(
        "mlocate and slocate",
        REDHAT,
        {
            "/var/lib/mlocate/mlocate.db": DB,
            "/var/lib/mlocate/daily.lock": File(""),
            "/var/lib/slocate/slocate.db": DB,
        },
        {"/var/lib/mlocate": Dir(), "/var/lib/slocate": Dir()},
    ),
    Case("SUSE", SUSE, {"/var/lib/locatedb": DB}, {"/var/lib": Dir()}),
    Case("not built", ALPINE, {"/etc/updatedb.conf": File("PRUNEFS=nfs\n")}),
)
