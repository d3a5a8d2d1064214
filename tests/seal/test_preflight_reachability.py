"""Will a clone get host keys, a login and no second first-boot agent? Read from the guest's files."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.trees import File, Link, Tree, build

from guestseal.guest import tree as guest_tree
from guestseal.guest.facts import Guest
from guestseal.machine.host import Machine
from guestseal.seal.preflight import Concern, preflights

UNITS = "/lib/systemd/system"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1rLrR0mPzJkVqnrNVZ8wVGKOiSNrM2nlcyJ0p1Zzzz ada\n"
ROOT = "root:x:0:0:root:/root:/bin/bash\n"
ADA = "ada:x:1000:1000::/home/ada:/bin/bash\n"
GETTY: Tree = {"/lib/systemd/systemd": File(), f"{UNITS}/getty@.service": File("[Service]\n")}


def unit(name: str, text: str = "[Service]\nExecStart=/bin/true\n") -> Tree:
    """A unit that multi-user.target wants."""
    path = f"{UNITS}/{name}"
    return {path: File(text), f"/etc/systemd/system/multi-user.target.wants/{name}": Link(path)}


SSHD: Tree = {**unit("ssh.service"), "/usr/sbin/sshd": File(mode=0o755)}
CLOUD_INIT: Tree = {"/usr/bin/cloud-init": File(), f"{UNITS}/cloud-init.target": File("[Unit]\n")}
FIRSTBOOT = unit("guestseal-firstboot.service")


def look(name: str, root: Path, tree: Tree, **choices: str) -> list[Concern]:
    build(root, tree)
    with guest_tree.Tree(str(root)) as opened:
        return list(preflights()[name].value.look(Guest(opened, choices=choices, live=True), Machine()))


@pytest.mark.parametrize(
    "tree",
    [
        {},
        CLOUD_INIT,
        FIRSTBOOT,
        {**CLOUD_INIT, **FIRSTBOOT, "/etc/cloud/cloud-init.disabled": File()},
        {**CLOUD_INIT, **FIRSTBOOT, "/etc/default/grub": File('GRUB_CMDLINE_LINUX="cloud-init=disabled"\n')},
        {**CLOUD_INIT, **FIRSTBOOT, "/etc/systemd/system/cloud-init.target": Link("/dev/null")},
    ],
    ids=["neither", "cloud-init alone", "guestseal alone", "disabled", "off on the command line", "masked"],
)
def test_one_agent(tmp_path, tree):
    assert look("cloud-init", tmp_path, tree) == []


@pytest.mark.parametrize(
    "cloud_init",
    [CLOUD_INIT, {"/usr/bin/cloud-init": File(), "/etc/runlevels/boot/cloud-init": File()}],
    ids=["systemd", "openrc"],
)
def test_two_agents(tmp_path, cloud_init):
    (concern,) = look("cloud-init", tmp_path, {**cloud_init, **FIRSTBOOT})
    assert concern.what.startswith("cloud-init is enabled, too: it would take the clone's password first")
    assert "`touch /etc/cloud/cloud-init.disabled`" in concern.remedy
    assert "`systemctl disable guestseal-firstboot.service`" in concern.remedy
    assert concern.forcible


@pytest.mark.parametrize(
    "tree",
    [
        {},
        {"/usr/sbin/sshd": File(mode=0o755)},
        {**SSHD, **unit("guestseal-local.service")},
        {**SSHD, **GETTY, "/usr/bin/ssh-keygen": File(mode=0o755)},
    ],
    ids=["no sshd", "sshd is not enabled", "guestseal makes them", "a drop-in can make them"],
)
def test_host_keys_are_made(tmp_path, tree):
    assert look("host-keys", tmp_path, tree) == []


@pytest.mark.parametrize("tree", [{**SSHD, **GETTY}, {**SSHD, "/etc/runlevels/default/sshd": File()}])
def test_host_keys_are_not_made(tmp_path, tree):
    (concern,) = look("host-keys", tmp_path, tree)
    assert concern.what.startswith("nothing would make SSH host keys for a clone")
    assert "`systemctl enable guestseal-local.service`" in concern.remedy
    assert "`ssh-keygen -A`" in concern.remedy
    assert concern.forcible


def accounts(shadow: str, passwd: str = ROOT) -> Tree:
    return {"/etc/passwd": File(passwd), "/etc/shadow": File(shadow, mode=0o640)}


LOCKED = accounts("root:!*:20000::::::\n")
PASSWORD = accounts("root:$y$j9T$salt$hash:20000::::::\n")
ADAS_KEYS: Tree = {"/home/ada/.ssh/authorized_keys": File(KEY, owner=(1000, 1000))}
ADAS = accounts("root:!*:20000::::::\nada:!:20000::::::\n", ROOT + ADA)


@pytest.mark.parametrize(
    "tree",
    [
        {},
        {**LOCKED, **FIRSTBOOT},
        {**LOCKED, **CLOUD_INIT},
        {**PASSWORD, **GETTY},
        {**PASSWORD, "/etc/inittab": File("tty1::respawn:/sbin/getty 38400 tty1\n")},
        {**PASSWORD, **SSHD, "/etc/ssh/sshd_config": File("PermitRootLogin yes\n")},
        {**ADAS, **ADAS_KEYS, **SSHD},
        {**LOCKED, "/etc/nsswitch.conf": File("passwd: files sss\n"), "/etc/sssd/sssd.conf": File("[sssd]\n")},
        {**LOCKED, "/etc/nsswitch.conf": File("passwd: compat ldap # ours\n")},
    ],
    ids=[
        *("cannot tell", "guestseal", "cloud-init", "console", "inittab"),
        *("password by ssh", "key", "domain", "directory"),
    ],
)
def test_a_way_in(tmp_path, tree):
    assert look("login", tmp_path, tree) == []


@pytest.mark.parametrize(
    "tree",
    [
        {**LOCKED, **GETTY, **SSHD},
        {**PASSWORD, **SSHD, "/etc/systemd/system/getty@.service": Link("/dev/null")},
        {**PASSWORD, "/etc/inittab": File("#tty1::respawn:/sbin/getty 38400 tty1\n")},
        {**ADAS, **ADAS_KEYS},
        {**ADAS, **SSHD, "/home/ada/.ssh/authorized_keys": File("# none yet\n", owner=(1000, 1000))},
        {**ADAS, **SSHD, "/home/ada/.ssh/authorized_keys": File(KEY, mode=0o666, owner=(1000, 1000))},
        {**ADAS, **SSHD, "/home/ada/.ssh": Link("/etc", owner=(1000, 1000)), "/etc/authorized_keys": File(KEY)},
        {**LOCKED, "/etc/nsswitch.conf": File("passwd: files sss systemd\n")},
        accounts("daemon:$y$j9T$salt$hash:20000::::::\n", "daemon:x:1:1::/:/usr/sbin/nologin\n"),
    ],
    ids=[
        *("locked", "no getty", "getty off", "no sshd", "no key"),
        *("writable keys", "another's keys", "no domain", "no shell"),
    ],
)
def test_no_way_in(tmp_path, tree):
    (concern,) = look("login", tmp_path, tree)
    assert concern.what.startswith("nobody could log in to a clone")
    assert "`systemctl enable guestseal-firstboot.service`" in concern.remedy
    assert "a password or an SSH key" in concern.remedy
    assert concern.forcible


def test_a_password_that_the_seal_locks_is_no_way_in(tmp_path):
    tree = {**PASSWORD, **GETTY}
    assert look("login", tmp_path, tree, **{"root-password": "expire"}) == []
    with guest_tree.Tree(str(tmp_path)) as opened:
        guest = Guest(opened, choices={"root-password": "lock"}, live=True)
        assert len(list(preflights()["login"].value.look(guest, Machine()))) == 1
