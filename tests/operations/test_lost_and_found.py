"""What a filesystem check has found."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

CASES = (
    Case(
        "files and directories",
        DEBIAN,
        {"/lost+found/#1234": File("x"), "/lost+found/#1235": Dir()},
        found=("/lost+found/#1234", "/lost+found/#1235"),
    ),
    Case("of another filesystem", REDHAT, {"/boot/lost+found/#12": File("x")}, found=("/boot/lost+found/#12",)),
    Case("empty", SUSE, {"/lost+found": Dir(0o700)}),
    Case("a file of that name", ALPINE, {"/srv/lost+found.txt": File("x")}),
)
