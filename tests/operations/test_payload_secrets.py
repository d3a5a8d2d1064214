"""Secrets in what a template is for."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

TOKEN = File('[remote "origin"]\n\turl = https://kim:ghp_0123456789@github.com/x/y.git\n')
CLEAN = File('[remote "origin"]\n\turl = https://github.com/x/y.git\n')
BY_SSH = File('[remote "origin"]\n\turl = git@github.com:x/y.git\n')
DUMP = File("INSERT INTO users VALUES ('kim', 'hunter2');\n")

PLACES = ("/srv", "/opt", "/usr/local", "/usr/local/src", "/var/www")

CASES = (
    Case(
        "at the top",
        SUSE,
        {f"{place}/.git/config": TOKEN for place in PLACES},
        found=tuple(f"{place}/.git/config" for place in PLACES),
    ),
    Case(
        "clones of repositories",
        DEBIAN,
        {
            "/var/www/html/.git/config": TOKEN,
            "/usr/local/src/y/.git/config": TOKEN,
            "/usr/local/w/.git/config": TOKEN,
            "/srv/w/.git/config": TOKEN,
            "/opt/w/.git/config": TOKEN,
            "/srv/y/.git/config": CLEAN,
            "/opt/y/.git/config": BY_SSH,
        },
        found=(
            *("/var/www/html/.git/config", "/usr/local/src/y/.git/config", "/usr/local/w/.git/config"),
            *("/srv/w/.git/config", "/opt/w/.git/config"),
        ),
    ),
    Case(
        "dumps",
        REDHAT,
        {
            f"{place}/{name}": DUMP
            for place in PLACES
            for name in ("a.sql", "a.pgdump", "all.sql.gz", "b.pgdump.xz", "a.sql.sum")
        },
        found=tuple(
            f"{place}/{name}" for place in PLACES for name in ("a.sql", "a.pgdump", "all.sql.gz", "b.pgdump.xz")
        ),
    ),
    Case("an empty one, and one deeper", SUSE, {"/srv/none.sql": File(""), "/srv/backup/all.sql": DUMP}),
    Case("elsewhere", ALPINE, {"/usr/share/doc/x/schema.sql": DUMP}),
)
