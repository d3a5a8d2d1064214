"""Every file with a secret that somebody may need is reported, and none without."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File, Link
from support.user_secrets import DECOYS, EVERY, OTHER_STYLES

CASES = (
    Case("every file", DEBIAN, EVERY, found=tuple(EVERY)),
    Case("the same in another style", SUSE, OTHER_STYLES, found=tuple(OTHER_STYLES)),
    Case("files that hold none", REDHAT, DECOYS),
    Case("an empty one, and a link", SUSE, {"/root/.pgpass": File(), "/root/.my.cnf": Link("/srv/my.cnf")}),
    Case("nothing", ALPINE, {"/root/.profile": File("PATH=/bin\n")}),
)
