"""Would sshd take the keys that a clone receives?"""

from __future__ import annotations

from support.check_cases import CHECKS, CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, SYSTEMD, UBUNTU
from support.trees import Dir, File, Link, Tree, build

from guestseal.check.check import Subject
from guestseal.check.readiness import profiles
from guestseal.guest.facts import Guest
from guestseal.guest.tree import Tree as GuestTree
from guestseal.seal.profiles import choices
from guestseal.settings import Settings

UNITS = "/usr/lib/systemd/system"
CONFIG, DROP_IN = "/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d/50-own.conf"
VENDOR = "/usr/etc/ssh/sshd_config"
PASSWD = "root:x:0:0:root:/root:/bin/bash\nada:x:1000:1000::/home/ada:/bin/bash\n"
GROUP = "root:x:0:\nwheel:x:10:root,ada\nada:x:1000:\n"


def unit(name: str) -> Tree:
    path = f"{UNITS}/{name}"
    return {path: File("[Service]\n"), f"/etc/systemd/system/multi-user.target.wants/{name}": Link(path)}


BASE: Tree = {
    **SYSTEMD,
    **unit("ssh.service"),
    "/usr/sbin/sshd": File(mode=0o755),
    "/etc/passwd": File(PASSWD),
    "/etc/group": File(GROUP),
    "/root": Dir(0o700),
}
FIRSTBOOT = {**BASE, **unit("guestseal-firstboot.service")}
CLOUD_INIT: Tree = {**BASE, "/usr/bin/cloud-init": File(), f"{UNITS}/cloud-init.target": File("[Unit]\n")}


def sshd(text: str, base: Tree = FIRSTBOOT, path: str = CONFIG) -> Tree:
    return {**base, path: File(text)}


NO_PASSWORD = "PasswordAuthentication no\n"

CASES = (
    CheckCase("as installed", DEBIAN, FIRSTBOOT),
    CheckCase("keys only", DEBIAN, sshd(NO_PASSWORD)),
    CheckCase("root by name", REDHAT, sshd("AllowUsers ada ro?t@10.*\nDenyUsers root@192.0.2.*\n")),
    CheckCase("root by group", REDHAT, sshd("AllowGroups wheel\nDenyGroups nobody\n")),
    CheckCase("others are refused under Match", SUSE, sshd("Match User kim\nPubkeyAuthentication no\n", path=VENDOR)),
    CheckCase("cloud-init's own account", UBUNTU, sshd("PermitRootLogin no\n", CLOUD_INIT)),
    CheckCase(
        "keys in a directory of root's", DEBIAN, {**sshd("AuthorizedKeysFile /etc/ssh/keys/%u\n"), "/root": Dir(0o777)}
    ),
    CheckCase(
        "no keys at all",
        DEBIAN,
        sshd(f"PubkeyAuthentication no\n{NO_PASSWORD}"),
        ("PubkeyAuthentication no",),
        mended={CONFIG: File(NO_PASSWORD)},
    ),
    CheckCase(
        "root not at all",
        REDHAT,
        sshd("PermitRootLogin no\n"),
        ("PermitRootLogin no",),
        mended={CONFIG: File("PermitRootLogin prohibit-password\n")},
    ),
    CheckCase(
        "a drop-in forbids it",
        DEBIAN,
        {**sshd("Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\n"), DROP_IN: File("permitrootlogin no\n")},
        ("PermitRootLogin no",),
        mended={DROP_IN: None},
    ),
    CheckCase(
        "others are allowed",
        DEBIAN,
        sshd("AllowUsers ada\nAllowUsers kim\n"),
        ("AllowUsers names others only",),
        mended={CONFIG: File("AllowUsers ada\nAllowUsers root\n")},
    ),
    CheckCase(
        "root is denied", DEBIAN, sshd("DenyUsers r*\n"), ("DenyUsers",), mended={CONFIG: File("DenyUsers kim\n")}
    ),
    CheckCase(
        "another group is allowed",
        DEBIAN,
        sshd("AllowGroups sudo\n"),
        ("AllowGroups names others only",),
        mended={CONFIG: File("AllowGroups sudo wheel\n")},
    ),
    CheckCase("root's group is denied", DEBIAN, sshd("DenyGroups wheel\n"), ("DenyGroups",), mended={CONFIG: File("")}),
    CheckCase(
        "root's own group is denied",
        DEBIAN,
        sshd("AllowGroups root\nDenyGroups r?ot\n"),
        ("DenyGroups",),
        mended={CONFIG: File("AllowGroups root\n")},
    ),
    CheckCase(
        "no file of keys",
        ALPINE,
        sshd("AuthorizedKeysFile none\n"),
        ("AuthorizedKeysFile none",),
        mended={CONFIG: File("AuthorizedKeysFile .ssh/authorized_keys\n")},
    ),
    CheckCase(
        "the password is taken",
        DEBIAN,
        sshd("PubkeyAuthentication no\nPermitRootLogin yes\n"),
        ("PubkeyAuthentication no",),
        fails=False,
        mended={CONFIG: File("PermitRootLogin yes\n")},
    ),
    CheckCase(
        "the password is taken in a dialogue",
        DEBIAN,
        sshd(f"PubkeyAuthentication no\nPermitRootLogin yes\nUsePAM yes\n{NO_PASSWORD}"),
        ("PubkeyAuthentication no",),
        fails=False,
        mended={CONFIG: File("PermitRootLogin yes\n")},
    ),
    CheckCase(
        "no dialogue either",
        DEBIAN,
        sshd(
            "PubkeyAuthentication no\nPermitRootLogin yes\nUsePAM yes\n"
            f"ChallengeResponseAuthentication no\n{NO_PASSWORD}"
        ),
        ("PubkeyAuthentication no",),
        mended={CONFIG: File("PermitRootLogin yes\n")},
    ),
    CheckCase(
        "a home that others can write to",
        DEBIAN,
        {**FIRSTBOOT, "/root": Dir(0o777)},
        ("/root is writable for others",),
        mended={"/root": Dir(0o700)},
    ),
    CheckCase(
        "a home of another account",
        REDHAT,
        {**FIRSTBOOT, "/root": Dir(0o700, (1000, 1000))},
        ("/root belongs to another account",),
        mended={"/root": Dir(0o700)},
    ),
    CheckCase(
        "no root",
        DEBIAN,
        {**FIRSTBOOT, "/etc/passwd": File("ada:x:1000:1000::/home/ada:/bin/bash\n")},
        ("no account root",),
        mended={"/etc/passwd": File(PASSWD)},
    ),
    CheckCase(
        "nobody's keys with cloud-init",
        UBUNTU,
        sshd(f"PubkeyAuthentication no\n{NO_PASSWORD}", CLOUD_INIT),
        ("PubkeyAuthentication no",),
        mended={CONFIG: File(NO_PASSWORD)},
    ),
    CheckCase(
        "no file of keys with cloud-init",
        UBUNTU,
        sshd("AuthorizedKeysFile none\n", CLOUD_INIT),
        ("AuthorizedKeysFile none",),
        fails=False,
        mended={CONFIG: File("")},
    ),
    CheckCase(
        "nothing brings keys", DEBIAN, sshd("PubkeyAuthentication no\n", BASE), skipped="nothing brings a clone keys"
    ),
    CheckCase("no sshd", DEBIAN, unit("guestseal-firstboot.service"), skipped="sshd is not started"),
)


def test_the_setting_reaches_the_check():
    assert choices(Settings(account="ada"))["account"] == "ada"


def test_the_account_is_the_one_of_the_settings(tmp_path):
    home = {"/home/ada": Dir(0o755, (1000, 1000))}
    build(tmp_path, {**sshd("AllowUsers ada\n"), **home})
    with GuestTree(str(tmp_path)) as tree:
        for account, found in (("ada", 0), ("root", 1), ("kim", 1)):
            subject = Subject(Guest(tree, choices={"account": account}), profiles()["generic"].value)
            assert len(list(CHECKS["ssh-login"].value.look(subject))) == found
