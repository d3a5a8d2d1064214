"""Copies of configuration files, removed when that is asked for."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File, Link

OLD = File("password=hunter2\n", 0o600)
NAMES = (
    *("my.cnf.bak", "my.cnf~", "my.cnf.orig", ".my.cnf.swp", ".#my.cnf", "my.cnf.rpmsave", "my.cnf.dpkg-old"),
    *("my.cnf.ucf-dist", "my.cnf.pacsave", "my.cnf.apk-new", "._cfg0000_my.cnf", "sources.list.curtin.old"),
)
KEPT = {"/etc/my.cnf": OLD, "/etc/bak": OLD, "/etc/my.bak.cnf": OLD, "/root/old": OLD}

CASES = (
    Case(
        "in /etc", DEBIAN, {**KEPT, **{f"/etc/deep/er/{name}": OLD for name in NAMES}}, {**KEPT, "/etc/deep/er": Dir()}
    ),
    Case("in /root", REDHAT, {**KEPT, **{f"/root/{name}": OLD for name in NAMES}}, KEPT),
    Case(
        "what is protected, a link, and version control",
        SUSE,
        {
            "/etc/pam.d/login.rpmnew": OLD,
            "/etc/selinux/config.bak": OLD,
            "/etc/motd.bak": Link("/etc/my.cnf"),
            "/etc/.git/refs/heads/x.orig": OLD,
        },
    ),
    Case("elsewhere", ALPINE, {"/srv/db.bak": OLD, "/home/kim/x~": OLD, "/etc/x.bak.d/y": OLD}),
)
