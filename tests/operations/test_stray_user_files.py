"""Leftovers of failed programs right in home directories, on request."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File, Link

STRAY = {
    f"/root/{name}": File("of the template\n", 0o600) for name in ("dead.letter", "nohup.out", "core", "core.1234")
}
KEPT = {
    "/root/src/core": File("a program's core\n"),
    "/root/core.c": File("int main;\n"),
    "/root/letter": File("to somebody\n"),
    "/opt/nohup.out": File("x\n"),
}
LOGS = {"/root/build.log": File("done\n"), "/root/src/deep.log": File("done\n")}

CASES = (
    Case("every kind", DEBIAN, {**STRAY, **KEPT}, KEPT),
    Case("logs are reported", REDHAT, {**LOGS, **KEPT}, found=("/root/build.log",)),
    Case(
        "directories and links", SUSE, {"/root/core": Dir(), "/root/core.1": Link("/srv/core"), "/srv/core": File("x")}
    ),
    Case("none", ALPINE, KEPT),
)
