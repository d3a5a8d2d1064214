"""The passwords of people's accounts: reported, or locked where a clone gets keys."""

from __future__ import annotations

from pathlib import Path

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, SYSTEMD, Case
from support.trees import Entry, File, Link, build

from guestseal.guest.facts import Guest
from guestseal.guest.tree import Tree
from guestseal.seal.operations.user_passwords import OPERATION

LOCK = {"user-passwords": "lock"}
HASH = "$y$j9T$kimsalt$kimhash"
PASSWD: dict[str, Entry] = {
    "/etc/passwd": File(
        "root:x:0:0:root:/root:/bin/bash\nkim:x:1000:1000::/home/kim:/bin/bash\n"
        "db:x:110:110::/var/lib/db:/bin/bash\nweb:x:1001:1001::/srv:/usr/sbin/nologin\n"
    )
}
FIRST_BOOT: dict[str, Entry] = {
    **SYSTEMD,
    "/usr/lib/systemd/system/guestseal-firstboot.service": File("[Service]\n"),
    "/etc/systemd/system/multi-user.target.wants/guestseal-firstboot.service": Link(
        "/usr/lib/systemd/system/guestseal-firstboot.service"
    ),
}


def shadow(kim: str) -> dict[str, Entry]:
    """A shadow file with that password field for kim."""
    return {
        "/etc/shadow": File(
            f"root:$6$r$h:19000:0:99999:7:::\nkim:{kim}:19000:0:99999:7:::\n"
            "db:$6$d$h:19000::::::\nweb:$6$w$h:19000::::::\n",
            0o640,
            (0, 42),
        )
    }


CASES = (
    Case("reported by default", DEBIAN, {**PASSWD, **shadow(HASH)}, found=("/etc/shadow",)),
    Case("expired is a password, too", SUSE, {**PASSWD, **shadow("$1$a$b")}, found=("/etc/shadow",)),
    Case(
        "locked on demand",
        REDHAT,
        {**PASSWD, **FIRST_BOOT, **shadow(HASH)},
        {**PASSWD, **FIRST_BOOT, **shadow("*")},
        LOCK,
    ),
    Case(
        "no hash stays behind a lock",
        DEBIAN,
        {**PASSWD, **FIRST_BOOT, **shadow(f"!{HASH}")},
        {**PASSWD, **FIRST_BOOT, **shadow("*")},
        LOCK,
    ),
    Case("locked already", SUSE, {**PASSWD, **FIRST_BOOT, **shadow("!")}, choices=LOCK),
    Case(
        "nothing would bring keys",
        ALPINE,
        {**PASSWD, **shadow(HASH)},
        choices=LOCK,
        kept="nothing in this guest would bring a clone SSH keys",
    ),
    Case("no password is asked", DEBIAN, {**PASSWD, **shadow("")}),
    Case("none", ALPINE, {**PASSWD, **shadow("!")}),
)


def test_no_hash_is_in_what_people_see(tmp_path: Path) -> None:
    build(tmp_path, {**PASSWD, **shadow(HASH)})
    with Tree(str(tmp_path)) as tree:
        (action,) = OPERATION.plan(Guest(tree, choices=LOCK))
    assert action.describe() == "edit /etc/shadow: lock the passwords of people's accounts"
    assert HASH not in repr(action)
