"""Is sshd there, started at boot, and content with its configuration?"""

from __future__ import annotations

from support.check_cases import CHECKS, CheckCase, looked
from support.machine import FakeCommands, machine
from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SYSTEMD
from support.trees import File, Link, Tree, build

from guestseal.guest.tree import Tree as GuestTree
from guestseal.machine.commands import Completed
from guestseal.machine.host import Machine

SSHD: Tree = {"/usr/sbin/sshd": File(mode=0o755)}
CONFIG = "/etc/ssh/sshd_config"
KEY: Tree = {"/etc/ssh/ssh_host_ed25519_key": File(mode=0o600), CONFIG: File("PermitRotLogin no\n")}


def unit(name: str) -> Tree:
    path = f"/usr/lib/systemd/system/{name}"
    return {**SYSTEMD, path: File("[Service]\n"), f"/etc/systemd/system/multi-user.target.wants/{name}": Link(path)}


def says(status: int, stderr: bytes = b"") -> Machine:
    return machine(commands=FakeCommands({"/usr/sbin/sshd": Completed(status, b"", stderr)}))


WRONG = b"/etc/ssh/sshd_config: line 1: Bad configuration option: PermitRotLogin\n"
DEBIANS: Tree = {**SSHD, **unit("ssh.service"), **KEY}

CASES = (
    CheckCase("Debian", DEBIAN, {**SSHD, **unit("ssh.service")}),
    CheckCase("a socket", DEBIAN, {**SSHD, **unit("ssh.socket")}),
    CheckCase("RHEL", REDHAT, {**SSHD, **unit("sshd.service")}),
    CheckCase("Arch", ARCH, {**unit("sshd.service"), "/usr/bin/sshd": File(mode=0o755)}),
    CheckCase("Alpine", ALPINE, {**SSHD, "/etc/runlevels/default/sshd": File()}),
    CheckCase("links of a SysV init", DEBIAN, {**SSHD, "/etc/rc3.d/S01ssh": File()}),
    CheckCase("content", DEBIAN, DEBIANS, machine=lambda: says(0)),
    CheckCase(
        "not started yet",
        DEBIAN,
        DEBIANS,
        machine=lambda: says(255, b"Missing privilege separation directory: /run/sshd\n"),
    ),
    CheckCase(
        "sealed: it has no host keys",
        DEBIAN,
        {**SSHD, **unit("ssh.service")},
        machine=lambda: says(1, b"sshd: no hostkeys available -- exiting.\n"),
    ),
    CheckCase("none", DEBIAN, {}, ("no SSH server",), fails=False, mended={**SSHD, **unit("ssh.service")}),
    CheckCase(
        "not enabled",
        REDHAT,
        {**SYSTEMD, **SSHD, "/usr/lib/systemd/system/sshd.service": File("[Service]\n")},
        ("nothing starts it",),
        mended=unit("sshd.service"),
    ),
    CheckCase(
        "masked",
        DEBIAN,
        {**SSHD, **unit("ssh.service"), "/etc/systemd/system/ssh.service": Link("/dev/null")},
        ("nothing starts it",),
        mended={"/etc/systemd/system/ssh.service": None},
    ),
    CheckCase(
        "in no runlevel",
        ALPINE,
        {**SSHD, "/etc/init.d/sshd": File(mode=0o755)},
        ("nothing starts it",),
        mended={"/etc/runlevels/default/sshd": Link("/etc/init.d/sshd")},
    ),
    CheckCase(
        "a word that it does not know",
        DEBIAN,
        DEBIANS,
        ("does not take its configuration",),
        machine=lambda: says(255, WRONG),
        mended_machine=lambda: says(0),
    ),
    CheckCase("dropbear", ALPINE, {"/etc/runlevels/default/dropbear": File()}, skipped="dropbear is the SSH server"),
    CheckCase("TinySSH beside an idle sshd", DEBIAN, {**SSHD, **unit("tinysshd.socket")}, skipped="tinysshd"),
)


def test_it_says_the_line_and_nothing_of_what_stands_there(tmp_path):
    (case,) = (case for case in CASES if case.machine and case.problems)
    build(tmp_path, case.start)
    with GuestTree(str(tmp_path)) as tree:
        (problem,) = looked(CHECKS["sshd"].value, case.subject(tree))
    assert (problem.path, problem.line) == (CONFIG, 1)
    assert "PermitRotLogin" not in f"{problem}"
