"""Is there anything in an account's ~/.ssh?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT
from support.trees import Dir, File, Link, Tree

DO = "digitalocean"
PASSWD: Tree = {
    "/etc/passwd": File(
        "root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\ngit:x:997:997::/var/lib/git:/bin/sh\n"
    )
}

CASES = (
    CheckCase("none", DEBIAN, PASSWD, profile=DO),
    CheckCase("empty", REDHAT, {**PASSWD, "/root/.ssh": Dir(0o700)}, profile=DO),
    CheckCase(
        "what operations tell of",
        DEBIAN,
        {
            **PASSWD,
            "/root/.ssh/authorized_keys": File("ssh-ed25519 AAAA x\n"),
            "/home/ada/.ssh/known_hosts": File("x\n"),
        },
        profile=DO,
    ),
    CheckCase(
        "another account's, which the script does not see",
        DEBIAN,
        {**PASSWD, "/home/ada/.ssh/id_ed25519.pub": File("x\n", owner=(1000, 1000)), "/home/ada/.ssh/.hidden": File()},
        ("holds .hidden, id_ed25519.pub",),
        fails=False,
        mended={"/home/ada/.ssh/id_ed25519.pub": None, "/home/ada/.ssh/.hidden": None},
        profile=DO,
    ),
    CheckCase(
        "root's and a service's",
        ALPINE,
        {**PASSWD, "/root/.ssh/config": File(), "/var/lib/git/.ssh/id_rsa": File()},
        ("holds config", "holds id_rsa"),
        fails=False,
        mended={"/root/.ssh/config": None, "/var/lib/git/.ssh/id_rsa": None},
        profile=DO,
    ),
    CheckCase(
        "a name that would change a terminal",
        DEBIAN,
        {**PASSWD, "/root/.ssh/a\x1b[2J": File()},
        (r"holds a\x1b[2J",),
        fails=False,
        mended={"/root/.ssh/a\x1b[2J": None},
        profile=DO,
    ),
    CheckCase("a link elsewhere", DEBIAN, {**PASSWD, "/root/.ssh": Link("/srv")}, profile=DO),
)
