"""Version control of /etc."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

CONF = File("[core]\n")

CASES = (
    Case("git", DEBIAN, {"/etc/.git/config": CONF, "/etc/.etckeeper": File("mkdir -p './x'\n")}, found=("/etc/.git",)),
    Case("Mercurial", REDHAT, {"/etc/.hg/hgrc": CONF}, found=("/etc/.hg",)),
    Case(
        "Bazaar and darcs",
        SUSE,
        {"/etc/.bzr/README": CONF, "/etc/_darcs/format": CONF},
        found=("/etc/.bzr", "/etc/_darcs"),
    ),
    Case("installed only", ALPINE, {"/etc/etckeeper/etckeeper.conf": CONF, "/srv/.git": Dir()}),
)
