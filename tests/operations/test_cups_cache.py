"""What cupsd writes again."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

CACHE = "/var/cache/cups"
DIRECTORIES = {CACHE: Dir(0o770, (0, 7)), f"{CACHE}/rss": Dir(0o775, (0, 7))}
FILES = {
    f"{CACHE}/{name}": File("of the template\n", 0o640)
    for name in (
        *("job.cache", "job.cache.O", "remote.cache", "help.index", "ppds.dat"),
        *("laser.data", "laser.ipp", "rss/jobs.rss"),
    )
}
PRINTERS = {"/etc/cups/printers.conf": File("<Printer laser>\n", 0o600), "/var/cache/cups-browsed/x": File("x")}

CASES = (
    Case("Debian", DEBIAN, {**DIRECTORIES, **FILES, **PRINTERS}, {**DIRECTORIES, **PRINTERS}),
    Case("Enterprise Linux", REDHAT, {**DIRECTORIES, **FILES}, DIRECTORIES),
    Case("SUSE", SUSE, PRINTERS),
    Case("Alpine", ALPINE, DIRECTORIES),
)
