"""Can somebody log in to a clone?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, SYSTEMD, UBUNTU
from support.trees import File, Link, Tree

UNITS = "/usr/lib/systemd/system"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1rLrR0mPzJkVqnrNVZ8wVGKOiSNrM2nlcyJ0p1Zzzz ada\n"
KEYS = "/home/ada/.ssh/authorized_keys"
SHADOW = "/etc/shadow"
LOCKED, SET = "root:!*:20000::::::\nada:!:20000::::::\n", "root:$y$j9T$salt$hash:20000::::::\n"


def unit(name: str) -> Tree:
    path = f"{UNITS}/{name}"
    return {path: File("[Service]\n"), f"/etc/systemd/system/multi-user.target.wants/{name}": Link(path)}


def guest(shadow: str, *more: Tree) -> Tree:
    passwd = File("root:x:0:0:root:/root:/bin/bash\nada:x:1000:1000::/home/ada:/bin/bash\n")
    found = {"/etc/passwd": passwd, SHADOW: File(shadow, 0o640)}
    for each in more:
        found.update(each)
    return found


GETTY: Tree = {**SYSTEMD, f"{UNITS}/getty@.service": File("[Service]\n")}
SSHD: Tree = {**unit("sshd.service"), "/usr/sbin/sshd": File(mode=0o755)}
FIRSTBOOT = unit("guestseal-firstboot.service")
ADAS: Tree = {KEYS: File(KEY, 0o600, (1000, 1000))}
NOBODY = ("nobody can log in",)
GIVEN: Tree = {SHADOW: File(SET, 0o640)}

CASES = (
    CheckCase("guestseal", DEBIAN, guest(LOCKED, FIRSTBOOT)),
    CheckCase(
        "cloud-init", UBUNTU, guest(LOCKED, {"/usr/bin/cloud-init": File(), f"{UNITS}/cloud-init.target": File()})
    ),
    CheckCase("Azure's agent", REDHAT, guest(LOCKED, unit("waagent.service"))),
    CheckCase("a password at the console", DEBIAN, guest(SET, GETTY)),
    CheckCase(
        "a password on Alpine", ALPINE, guest(SET, {"/etc/inittab": File("tty1::respawn:/sbin/getty 38400 tty1\n")})
    ),
    CheckCase("a password by SSH", SUSE, guest(SET, SSHD, {"/etc/ssh/sshd_config": File("PermitRootLogin yes\n")})),
    CheckCase("a key", REDHAT, guest(LOCKED, SSHD, ADAS)),
    CheckCase("everybody is locked", DEBIAN, guest(LOCKED, GETTY, SSHD), NOBODY, mended=GIVEN),
    CheckCase(
        "no getty",
        ALPINE,
        guest(SET, {"/etc/inittab": File("#tty1::respawn:/sbin/getty 38400 tty1\n")}),
        NOBODY,
        mended=FIRSTBOOT,
    ),
    CheckCase("a key and no sshd", REDHAT, guest(LOCKED, ADAS), NOBODY, mended=SSHD),
    CheckCase(
        "a key for an account that is not let in",
        REDHAT,
        guest(LOCKED, SSHD, ADAS, {"/etc/ssh/sshd_config": File("AllowUsers root\n")}),
        NOBODY,
        mended={"/etc/ssh/sshd_config": None},
    ),
    CheckCase(
        "a key in a link to elsewhere",
        DEBIAN,
        guest(LOCKED, SSHD, {"/home/ada/.ssh": Link("/etc", (1000, 1000)), "/etc/authorized_keys": File(KEY)}),
        NOBODY,
        mended=FIRSTBOOT,
    ),
    CheckCase(
        "a domain",
        REDHAT,
        guest(LOCKED, {"/etc/nsswitch.conf": File("passwd: files sss\n"), "/etc/sssd/sssd.conf": File("[sssd]\n")}),
        skipped="a directory",
    ),
    CheckCase("no accounts", DEBIAN, {}, skipped="no account"),
)
