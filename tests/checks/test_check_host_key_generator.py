"""Does something make a clone's host keys?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, SYSTEMD, UBUNTU
from support.trees import File, Link, Tree

UNITS = "/usr/lib/systemd/system"
DROP_IN = "/etc/systemd/system/ssh.service.d/guestseal-host-keys.conf"
WRITTEN = (
    "# Written by guestseal: a clone makes the host keys it lacks before sshd starts.\n"
    "[Service]\nExecStartPre=\nExecStartPre=-/usr/bin/ssh-keygen -A\nExecStartPre=/usr/sbin/sshd -t\n"
)
SSH = "[Service]\nExecStartPre=/usr/sbin/sshd -t\nExecStart=/usr/sbin/sshd -D\n"
SSHD: Tree = {"/usr/sbin/sshd": File(mode=0o755)}
KEYGEN: Tree = {"/usr/bin/ssh-keygen": File(mode=0o755)}
KEY: Tree = {"/etc/ssh/ssh_host_rsa_key": File("key", 0o600)}
LOCAL = "guestseal-local.service"


def unit(name: str, text: str = SSH) -> Tree:
    path = f"{UNITS}/{name}"
    return {path: File(text), f"/etc/systemd/system/multi-user.target.wants/{name}": Link(path)}


DEBIANS: Tree = {**SYSTEMD, **SSHD, **unit("ssh.service")}
SUSES = {**SYSTEMD, **SSHD, **unit("sshd.service", "[Service]\nExecStartPre=/usr/sbin/sshd-gen-keys-start\n")}
ALPINES: Tree = {**SSHD, "/etc/runlevels/default/sshd": File(), "/etc/init.d/sshd": File("ssh-keygen -A\n", 0o755)}
REFUSED = {"/etc/conf.d/sshd": File("sshd_disable_keygen=yes\n")}

CASES = (
    CheckCase("guestseal", DEBIAN, {**DEBIANS, **unit(LOCAL)}),
    CheckCase("cloud-init", UBUNTU, {**DEBIANS, "/usr/bin/cloud-init": File(), f"{UNITS}/cloud-init.target": File()}),
    CheckCase("SUSE's own", SUSE, SUSES),
    CheckCase(
        "RHEL's own",
        REDHAT,
        {
            **SYSTEMD,
            **SSHD,
            **unit("sshd.service", "[Unit]\nWants=sshd-keygen.target\n"),
            f"{UNITS}/sshd-keygen.target": File("[Unit]\nWants=sshd-keygen@rsa.service\n"),
            f"{UNITS}/sshd-keygen@.service": File("[Service]\nExecStart=/usr/libexec/openssh/sshd-keygen %i\n"),
        },
    ),
    CheckCase("Alpine's own", ALPINE, ALPINES),
    CheckCase("not sealed yet", DEBIAN, {**DEBIANS, **KEYGEN, **KEY}),
    CheckCase("the seal's drop-in", DEBIAN, {**DEBIANS, **KEYGEN, DROP_IN: File(WRITTEN)}),
    CheckCase(
        "keys removed by hand", DEBIAN, {**DEBIANS, **KEYGEN}, ("no SSH host keys",), mended={DROP_IN: File(WRITTEN)}
    ),
    CheckCase(
        "Debian 13's runs on first boots only",
        DEBIAN,
        {
            **DEBIANS,
            **KEYGEN,
            **unit("sshd-keygen.service", "[Unit]\nConditionFirstBoot=yes\n[Service]\nExecStart=ssh-keygen -A\n"),
            "/etc/systemd/system/ssh.service.wants/sshd-keygen.service": Link(f"{UNITS}/sshd-keygen.service"),
        },
        ("no SSH host keys",),
        mended={DROP_IN: File(WRITTEN)},
    ),
    CheckCase("no ssh-keygen", DEBIAN, {**DEBIANS, **KEY}, ("nothing makes SSH host keys",), mended=unit(LOCAL)),
    CheckCase(
        "Alpine's switched off",
        ALPINE,
        {**ALPINES, **REFUSED},
        ("nothing makes SSH host keys",),
        mended={"/etc/conf.d/sshd": None},
    ),
    CheckCase(
        "guestseal masked",
        DEBIAN,
        {**DEBIANS, **KEY, **unit(LOCAL), f"/etc/systemd/system/{LOCAL}": Link("/dev/null")},
        ("nothing makes SSH host keys",),
        mended={f"/etc/systemd/system/{LOCAL}": None},
    ),
    CheckCase("sshd is not started", DEBIAN, SSHD, skipped="not started"),
    CheckCase("only its configuration is left", DEBIAN, {"/etc/ssh/sshd_config": File()}, skipped="not started"),
)
