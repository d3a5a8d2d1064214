"""What user-secrets reports goes on request."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File, Link
from support.user_secrets import DECOYS, DIRECTORIES, EVERY

CASES = (
    Case("every file", DEBIAN, EVERY, {path: Dir() for path in DIRECTORIES}),
    Case("files that hold none", REDHAT, DECOYS),
    Case("an empty one, and a link", SUSE, {"/root/.pgpass": File(), "/root/.my.cnf": Link("/srv/my.cnf")}),
    Case("nothing", ALPINE, {"/root/.profile": File("PATH=/bin\n")}),
)
