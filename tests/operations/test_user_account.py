"""Named accounts go with what is theirs; other accounts, and the last way in, stay."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, SYSTEMD, Case
from support.trees import Dir, Entry, File, Link, build

from guestseal.errors import GuestError
from guestseal.guest.facts import Guest
from guestseal.guest.tree import Tree
from guestseal.seal.operations.user_account import OPERATION

REMOVE = {"remove-users": "packer"}
PACKER = (1000, 1000)
OLD = File("x\n", 0o600, PACKER)
SHADOW = File("root:$6$r$h:1::::::\nkim:!:1::::::\n", 0o640, (0, 42))


def accounts(packer: bool, home: str = "/home/packer", more: str = "") -> dict[str, Entry]:
    """The account files, with packer or without."""

    def with_packer(before: str, line: str, after: str = "") -> str:
        return before + (line if packer else "") + after

    return {
        "/etc/passwd": File(
            with_packer(
                "root:x:0:0::/root:/bin/sh\n",
                f"packer:x:1000:1000:,,,:{home}:/bin/bash\n",
                f"kim:x:1001:1001::/home/kim:/bin/sh\n{more}",
            )
        ),
        "/etc/shadow": File(
            with_packer("root:$6$r$h:1::::::\n", "packer:$6$p$h:1::::::\n", "kim:!:1::::::\n"), 0o640, (0, 42)
        ),
        "/etc/group": File(
            "root:x:0:\n"
            + with_packer("sudo:x:27:", "packer,", "kim\n")
            + with_packer("docker:x:999:", "packer", "\n")
            + with_packer("", "packer:x:1000:\n", "kim:x:1001:\n")
        ),
        "/etc/gshadow": File(
            with_packer("sudo:*:", "packer", ":")
            + with_packer("", "packer,", "kim\n")
            + with_packer("", "packer:!::\n", "kim:!::\n")
        ),
    }


KIMS: Mapping[str, Entry] = {
    "/home/kim/notes": File("packer\n", 0o600, (1001, 1001)),
    "/var/spool/cron/crontabs/kim": File("@daily true\n", 0o600, (1001, 1001)),
    "/etc/sudoers.d/kim": File("kim ALL=(ALL) ALL\n", 0o440),
    "/srv/work/packer.json": File("{}\n", 0o644, PACKER),
}
PLACES = (
    *("/var/mail/packer", "/var/spool/mail/packer", "/var/spool/cron/crontabs/packer", "/var/spool/cron/tabs/packer"),
    *("/var/spool/cron/packer", "/var/lib/AccountsService/users/packer", "/var/lib/AccountsService/icons/packer"),
    "/var/lib/systemd/linger/packer",
)
HOME: dict[str, Entry] = {"/home/packer": Dir(0o700, PACKER), "/home/packer/.ssh/id_rsa": OLD}

CASES = (
    Case(
        "with everything that is kept under its name",
        DEBIAN,
        {
            **accounts(True),
            **KIMS,
            **HOME,
            **dict.fromkeys(PLACES, OLD),
            "/etc/subuid": File("packer:100000:65536\n1000:300000:65536\nkim:165536:65536\n"),
            "/etc/subgid": File("packer:100000:65536\n"),
            "/etc/sudoers.d/packer": File(
                "# of the build\nDefaults:packer !requiretty\npacker ALL=(ALL) NOPASSWD: ALL\n"
            ),
            "/etc/sudoers.d/both": File("packer ALL=(ALL) ALL\nkim ALL=(ALL) ALL\n"),
            "/etc/sudoers.d/list": File("packer, kim ALL=(ALL) ALL\n"),
        },
        {
            **accounts(False),
            **KIMS,
            **{path.rpartition("/")[0]: Dir() for path in PLACES},
            "/etc/subuid": File("kim:165536:65536\n"),
            "/etc/subgid": File("\n"),
            "/etc/sudoers.d/both": File("packer ALL=(ALL) ALL\nkim ALL=(ALL) ALL\n"),
            "/etc/sudoers.d/list": File("packer, kim ALL=(ALL) ALL\n"),
        },
        REMOVE,
        found=("/etc/sudoers.d/both", "/etc/sudoers.d/list"),
    ),
    Case(
        "two at once",
        SUSE,
        {
            "/etc/passwd": File(
                "root:x:0:0::/root:/bin/sh\na:x:1000:1000::/home/a:/bin/sh\nb:x:1001:1000::/home/b:/bin/sh\n"
            ),
            "/etc/group": File("a:x:1000:b\nusers:x:100:a,b,root\n"),
            "/etc/shadow": SHADOW,
        },
        {
            "/etc/passwd": File("root:x:0:0::/root:/bin/sh\n"),
            "/etc/group": File("users:x:100:root\n"),
            "/etc/shadow": SHADOW,
        },
        {"remove-users": "a b"},
    ),
    Case(
        "a home that is another's as well",
        REDHAT,
        {
            **accounts(True, more="two:x:1002:1002::/home/packer/two:/bin/sh\n"),
            **HOME,
            "/home/packer/two": Dir(0o700, (1002, 1002)),
        },
        {
            **accounts(False, more="two:x:1002:1002::/home/packer/two:/bin/sh\n"),
            **HOME,
            "/home/packer/two": Dir(0o700, (1002, 1002)),
        },
        REMOVE,
    ),
    Case(
        "a home that is not its own",
        REDHAT,
        {**accounts(True, "/srv/data"), "/srv/data/payload": File("x\n")},
        {**accounts(False, "/srv/data"), "/srv/data/payload": File("x\n")},
        REMOVE,
    ),
    Case(
        "a home of the system's",
        ALPINE,
        {**accounts(True, "/usr/games"), "/usr/games": Dir(0o755, PACKER)},
        {**accounts(False, "/usr/games"), "/usr/games": Dir(0o755, PACKER)},
        REMOVE,
    ),
    Case("nobody is named", DEBIAN, {**accounts(True), **HOME, **KIMS}),
    Case("somebody who is not there", SUSE, {**accounts(True), **HOME}, choices={"remove-users": "vagrant"}),
    Case(
        "the last way in",
        DEBIAN,
        {
            **accounts(True),
            "/etc/shadow": File("root:!:1::::::\npacker:$6$p$h:1::::::\nkim:!:1::::::\n", 0o640),
            **HOME,
            "/root/.ssh/authorized_keys": File("", 0o600),
        },
        choices=REMOVE,
        kept="nobody could log in to a clone",
    ),
    Case(
        "root's password will be locked",
        DEBIAN,
        {**accounts(True), **HOME},
        choices={**REMOVE, "root-password": "lock"},
        kept="nobody could log in to a clone",
    ),
    Case(
        "another has keys",
        REDHAT,
        {
            **accounts(True),
            "/etc/shadow": File("root:!:1::::::\npacker:$6$p$h:1::::::\n", 0o640),
            "/root/.ssh/authorized_keys": File("ssh-rsa AAAA\n", 0o600),
        },
        {
            **accounts(False),
            "/etc/shadow": File("root:!:1::::::\n", 0o640),
            "/root/.ssh/authorized_keys": File("ssh-rsa AAAA\n", 0o600),
        },
        REMOVE,
    ),
    Case(
        "the platform brings keys",
        SUSE,
        {
            **SYSTEMD,
            "/usr/bin/cloud-init": File("#!/usr/bin/python3\n", 0o755),
            "/usr/lib/systemd/system/cloud-init.target": File("[Unit]\n"),
            "/etc/passwd": File("packer:x:1000:1000::/home/packer:/bin/sh\nbin:x:1:1::/bin:/bin/false\n"),
        },
        {
            **SYSTEMD,
            "/usr/bin/cloud-init": File("#!/usr/bin/python3\n", 0o755),
            "/usr/lib/systemd/system/cloud-init.target": File("[Unit]\n"),
            "/etc/passwd": File("bin:x:1:1::/bin:/bin/false\n"),
        },
        REMOVE,
    ),
)


@pytest.mark.parametrize("name", ["root", "toor"])
def test_an_account_of_roots_uid_is_refused(name: str, tmp_path: Path) -> None:
    build(
        tmp_path, {"/etc/passwd": File("root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\n"), "/root/x": File("x")}
    )
    with Tree(str(tmp_path)) as tree, pytest.raises(GuestError, match="never removed"):
        list(OPERATION.plan(Guest(tree, choices={"remove-users": name})))


def test_a_home_behind_a_link_is_not_followed_out_of_the_account(tmp_path: Path) -> None:
    build(tmp_path, {**accounts(True, "/home/packer"), "/home/packer": Link("/srv"), "/srv/payload": File("x\n")})
    with Tree(str(tmp_path)) as tree:
        paths = [action.path for action in OPERATION.plan(Guest(tree, choices=REMOVE))]
    assert [path for path in paths if not path.startswith("/etc/")] == []
