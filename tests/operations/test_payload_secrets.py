"""Secrets in what a template is for."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

TOKEN = File('[remote "origin"]\n\turl = https://kim:ghp_0123456789@github.com/x/y.git\n')
CLEAN = File('[remote "origin"]\n\turl = https://github.com/x/y.git\n')
BY_SSH = File('[remote "origin"]\n\turl = git@github.com:x/y.git\n')
DUMP = File("INSERT INTO users VALUES ('kim', 'hunter2');\n")

CASES = (
    Case(
        "clones of repositories",
        DEBIAN,
        {
            "/var/www/html/.git/config": TOKEN,
            "/usr/local/src/y/.git/config": TOKEN,
            "/srv/y/.git/config": CLEAN,
            "/opt/y/.git/config": BY_SSH,
        },
        found=("/var/www/html/.git/config", "/usr/local/src/y/.git/config"),
    ),
    Case(
        "dumps",
        REDHAT,
        {"/srv/backup/all.sql.gz": DUMP, "/opt/app/data.sql": DUMP, "/srv/backup/all.sql.sha256": DUMP},
        found=("/srv/backup/all.sql.gz", "/opt/app/data.sql"),
    ),
    Case("an empty one", SUSE, {"/srv/backup/none.sql": File("")}),
    Case("elsewhere", ALPINE, {"/usr/share/doc/x/schema.sql": DUMP}),
)
