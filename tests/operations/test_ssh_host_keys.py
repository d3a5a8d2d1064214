"""Host keys go only where new ones come, and nothing beside them goes."""

from __future__ import annotations

from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE, SYSTEMD, Case
from support.trees import Dir, Entry, File, Link

SSHD = {"/usr/sbin/sshd": File("ELF", 0o755), "/usr/bin/ssh-keygen": File("ELF", 0o755)}
PRIVATE, PUBLIC = File("-----BEGIN OPENSSH PRIVATE KEY-----\n", 0o600), File("ssh-ed25519 AAAA root@golden\n")
KEYS: dict[str, Entry] = {
    "/etc/ssh/ssh_host_rsa_key": PRIVATE,
    "/etc/ssh/ssh_host_rsa_key.pub": PUBLIC,
    "/etc/ssh/ssh_host_ecdsa_key": PRIVATE,
    "/etc/ssh/ssh_host_ecdsa_key.pub": PUBLIC,
    "/etc/ssh/ssh_host_ed25519_key": PRIVATE,
    "/etc/ssh/ssh_host_ed25519_key.pub": PUBLIC,
}
KEPT: dict[str, Entry] = {
    "/etc/ssh/sshd_config": File("Include /etc/ssh/sshd_config.d/*.conf\nUsePAM yes\n"),
    "/etc/ssh/moduli": File("2023 2 6 100 2047 2 F0\n"),
    "/etc/ssh/revoked_keys": File(""),
    "/etc/ssh/authorized_keys": PUBLIC,
    "/etc/ssh/sshd_config.d/50-keys.conf": File("X11Forwarding no\n"),
}

SSH_SERVICE = File(
    "[Unit]\nAfter=network.target auditd.service\n"
    "[Service]\nEnvironmentFile=-/etc/default/ssh\nExecStartPre=/usr/sbin/sshd -t\n"
    "ExecStart=/usr/sbin/sshd -D $SSHD_OPTS\n"
    "[Install]\nWantedBy=multi-user.target\nAlias=sshd.service\n"
)
SSH_AT_SERVICE = File("[Service]\nExecStart=-/usr/sbin/sshd -i $SSHD_OPTS\nStandardInput=socket\n")
DEBIAN_UNITS: dict[str, Entry] = {
    "/lib/systemd/system/ssh.service": SSH_SERVICE,
    "/etc/systemd/system/sshd.service": Link("/lib/systemd/system/ssh.service"),
    "/etc/systemd/system/multi-user.target.wants/ssh.service": Link("/lib/systemd/system/ssh.service"),
}
ONLY_AT_FIRST_BOOT: dict[str, Entry] = {
    "/usr/lib/systemd/system/sshd-keygen.service": File(
        "[Unit]\nConditionFirstBoot=yes\n[Service]\nExecStart=/usr/bin/ssh-keygen -A\n"
    ),
    "/etc/systemd/system/ssh.service.wants/sshd-keygen.service": Link("/usr/lib/systemd/system/sshd-keygen.service"),
}
DROP_IN = "/etc/systemd/system/ssh.service.d/guestseal-host-keys.conf"
HEADER = "# Written by guestseal: a clone makes the host keys it lacks before sshd starts.\n[Service]\nExecStartPre=\n"
MAKES = File(f"{HEADER}ExecStartPre=-/usr/bin/ssh-keygen -A\nExecStartPre=/usr/sbin/sshd -t\n")
LOCAL_STAGE: dict[str, Entry] = {
    "/lib/systemd/system/guestseal-local.service": File("[Service]\nExecStart=/usr/bin/guestseal firstboot\n"),
    "/etc/systemd/system/sysinit.target.wants/guestseal-local.service": Link(
        "/lib/systemd/system/guestseal-local.service"
    ),
}
RHEL_UNITS: dict[str, Entry] = {
    "/usr/lib/systemd/system/sshd.service": File(
        "[Unit]\nWants=sshd-keygen.target\n[Service]\nExecStart=/usr/sbin/sshd -D $OPTIONS\n"
    ),
    "/usr/lib/systemd/system/sshd@.service": File(
        "[Unit]\nWants=sshd-keygen.target\n[Service]\nExecStart=-/usr/sbin/sshd -i\nStandardInput=socket\n"
    ),
    "/usr/lib/systemd/system/sshd-keygen.target": File(
        "[Unit]\nWants=sshd-keygen@rsa.service\nWants=sshd-keygen@ed25519.service\nPartOf=sshd.service\n"
    ),
    "/usr/lib/systemd/system/sshd-keygen@.service": File(
        "[Unit]\nConditionFileNotEmpty=|!/etc/ssh/ssh_host_%i_key\n"
        "[Service]\nType=oneshot\nExecStart=/usr/libexec/openssh/sshd-keygen %i\n"
    ),
}
SUSE_UNITS: dict[str, Entry] = {
    "/usr/lib/systemd/system/sshd.service": File(
        "[Service]\nExecStartPre=/usr/sbin/sshd-gen-keys-start\nExecStartPre=/usr/sbin/sshd -t $SSHD_OPTS\n"
        "ExecStart=/usr/sbin/sshd -D $SSHD_OPTS\n"
    )
}
ARCH_UNITS: dict[str, Entry] = {
    "/usr/lib/systemd/system/sshd.service": File(
        "[Unit]\nWants=sshdgenkeys.service\n[Service]\nExecStart=/usr/bin/sshd -D\n"
    ),
    "/usr/lib/systemd/system/sshdgenkeys.service": File("[Service]\nExecStart=/usr/bin/ssh-keygen -A\n"),
}
ALPINE_INIT: dict[str, Entry] = {
    "/etc/init.d/sshd": File("#!/sbin/openrc-run\ncheckconfig() {\n\t/usr/bin/ssh-keygen -A || return 1\n}\n", 0o755)
}
DEBIAN_GUEST: dict[str, Entry] = {**SYSTEMD, **SSHD, **DEBIAN_UNITS, **KEPT}
NO_DSA: dict[str, Entry] = {"/etc/ssh/ssh_host_dsa_key": Link("/dev/null"), "/dev/null": File("a device\n")}
NO_HELP = "nothing in this guest would make new ones"

# Keys under names of the administrator's: ssh-keygen -A does not make them.
ELSEWHERE: dict[str, Entry] = {
    "/etc/ssh/sshd_config": File(
        "HostKey /srv/keys/rsa\nHostKey=/srv/keys/mine\nHostCertificate /srv/keys/mine-cert.pub\n"
    )
}
ELSEWHERE_KEYS: dict[str, Entry] = {
    "/srv/keys/rsa": PRIVATE,
    "/srv/keys/rsa.pub": PUBLIC,
    "/srv/keys/mine": PRIVATE,
    "/srv/keys/mine.pub": PUBLIC,
    "/srv/keys/mine-cert.pub": PUBLIC,
}
MAKES_ELSEWHERE = (
    'ExecStartPre=-/bin/sh -c "[ -s /srv/keys/rsa ] || '
    "{ rm -f /srv/keys/rsa; /usr/bin/ssh-keygen -q -t rsa -N '' -f /srv/keys/rsa; }\"\n"
    'ExecStartPre=-/bin/sh -c "[ -s /srv/keys/mine ] || '
    "{ rm -f /srv/keys/mine; /usr/bin/ssh-keygen -q -t ed25519 -N '' -f /srv/keys/mine; }\"\n"
)

CASES = (
    Case("Debian 12", DEBIAN, {**DEBIAN_GUEST, **KEYS}, {**DEBIAN_GUEST, DROP_IN: MAKES}),
    Case(
        "Debian 13 with a unit for a first boot only",
        DEBIAN,
        {**DEBIAN_GUEST, **ONLY_AT_FIRST_BOOT, **KEYS},
        {**DEBIAN_GUEST, **ONLY_AT_FIRST_BOOT, DROP_IN: MAKES},
    ),
    Case(
        "Debian 13 where that condition was taken away",
        DEBIAN,
        {
            **DEBIAN_GUEST,
            **ONLY_AT_FIRST_BOOT,
            **KEYS,
            "/etc/systemd/system/sshd-keygen.service.d/any.conf": File("[Unit]\nConditionFirstBoot=\n"),
        },
        {
            **DEBIAN_GUEST,
            **ONLY_AT_FIRST_BOOT,
            "/etc/systemd/system/sshd-keygen.service.d/any.conf": File("[Unit]\nConditionFirstBoot=\n"),
        },
    ),
    Case("guestseal is installed", DEBIAN, {**DEBIAN_GUEST, **LOCAL_STAGE, **KEYS}, {**DEBIAN_GUEST, **LOCAL_STAGE}),
    Case(
        "guestseal is installed and masked",
        DEBIAN,
        {**DEBIAN_GUEST, **LOCAL_STAGE, "/etc/systemd/system/guestseal-local.service": Link("/dev/null"), **KEYS},
        {
            **DEBIAN_GUEST,
            **LOCAL_STAGE,
            "/etc/systemd/system/guestseal-local.service": Link("/dev/null"),
            DROP_IN: MAKES,
        },
    ),
    Case(
        "one instance for each connection",
        DEBIAN,
        {
            **DEBIAN_GUEST,
            "/lib/systemd/system/ssh@.service": SSH_AT_SERVICE,
            "/usr/bin/flock": File("ELF", 0o755),
            **KEYS,
        },
        {
            **DEBIAN_GUEST,
            "/lib/systemd/system/ssh@.service": SSH_AT_SERVICE,
            "/usr/bin/flock": File("ELF", 0o755),
            DROP_IN: MAKES,
            "/etc/systemd/system/ssh@.service.d/guestseal-host-keys.conf": File(
                f'{HEADER}ExecStartPre=-/bin/sh -c "exec >/dev/null 2>&1; '
                'exec 9</etc/ssh; flock 9; /usr/bin/ssh-keygen -A"\n'
            ),
        },
    ),
    Case(
        "other drop-ins keep what they say",
        DEBIAN,
        {
            **DEBIAN_GUEST,
            "/etc/systemd/system/ssh.service.d/10-first.conf": File("[Service]\nExecStartPre=/bin/first \\\n  arg\n"),
            "/etc/systemd/system/ssh.service.d/override.conf": File("[Service]\nExecStartPre=/bin/later\n"),
            **KEYS,
        },
        {
            **DEBIAN_GUEST,
            "/etc/systemd/system/ssh.service.d/10-first.conf": File("[Service]\nExecStartPre=/bin/first \\\n  arg\n"),
            "/etc/systemd/system/ssh.service.d/override.conf": File("[Service]\nExecStartPre=/bin/later\n"),
            DROP_IN: File(MAKES.content + b"ExecStartPre=/bin/first    arg\n"),
        },
    ),
    Case(
        "a later drop-in would undo ours",
        DEBIAN,
        {
            **DEBIAN_GUEST,
            "/etc/systemd/system/ssh.service.d/override.conf": File("[Service]\nExecStartPre=\nExecStartPre=/bin/x\n"),
            **KEYS,
        },
        kept=NO_HELP,
    ),
    Case(
        "an older drop-in of ours is renewed",
        DEBIAN,
        {**DEBIAN_GUEST, DROP_IN: File("x")},
        {**DEBIAN_GUEST, DROP_IN: MAKES},
        alone=True,  # beside a configuration that names other keys
    ),
    Case(
        "keys and a certificate elsewhere",
        DEBIAN,
        {**DEBIAN_GUEST, **ELSEWHERE, **ELSEWHERE_KEYS, **KEYS},
        {
            **DEBIAN_GUEST,
            **ELSEWHERE,
            "/srv/keys": Dir(),
            DROP_IN: File(
                f"{HEADER}ExecStartPre=-/usr/bin/ssh-keygen -A\n{MAKES_ELSEWHERE}ExecStartPre=/usr/sbin/sshd -t\n"
            ),
        },
    ),
    Case(
        "a key under a name that a unit cannot hold",
        DEBIAN,
        {
            **DEBIAN_GUEST,
            "/etc/ssh/sshd_config": File('HostKey "/srv/my keys/$x"\n'),
            "/srv/my keys/$x": PRIVATE,
            "/srv/my keys/$x.pub": PUBLIC,
        },
        kept=NO_HELP,
    ),
    Case(
        "leftovers, certificates, and a key that a link leads to",
        REDHAT,
        {
            **SYSTEMD,
            **SSHD,
            **RHEL_UNITS,
            **KEPT,
            "/etc/ssh/ssh_host_rsa_key": Link("/data/rsa"),
            "/data/rsa": PRIVATE,
            "/etc/ssh/ssh_host_rsa_key-cert.pub": PUBLIC,
            "/etc/ssh/ssh_host_rsa_key.Ab3dEfGhIj": PRIVATE,
            "/etc/ssh/ssh_host_key": PRIVATE,
        },
        {**SYSTEMD, **SSHD, **RHEL_UNITS, **KEPT, "/data": Dir()},
    ),
    Case(
        "RHEL",
        REDHAT,
        {**SYSTEMD, **SSHD, **RHEL_UNITS, **KEPT, "/etc/sysconfig/sshd": File("OPTIONS=\n"), **KEYS},
        {**SYSTEMD, **SSHD, **RHEL_UNITS, **KEPT, "/etc/sysconfig/sshd": File("OPTIONS=\n")},
    ),
    Case(
        "RHEL 7 told not to make keys",
        REDHAT,
        {
            **SYSTEMD,
            **{path: entry for path, entry in {**SSHD, **RHEL_UNITS, **KEPT}.items() if "sshd@" not in path},
            "/etc/sysconfig/sshd": File("AUTOCREATE_SERVER_KEYS=NO\n"),
            **KEYS,
        },
        {
            **SYSTEMD,
            **{path: entry for path, entry in {**SSHD, **RHEL_UNITS, **KEPT}.items() if "sshd@" not in path},
            "/etc/sysconfig/sshd": File("AUTOCREATE_SERVER_KEYS=NO\n"),
            "/etc/systemd/system/sshd.service.d/guestseal-host-keys.conf": File(
                f"{HEADER}ExecStartPre=-/usr/bin/ssh-keygen -A\n"
            ),
        },
    ),
    Case(
        "SUSE with the vendor's configuration",
        SUSE,
        {
            **SYSTEMD,
            **SSHD,
            **SUSE_UNITS,
            "/usr/etc/ssh/sshd_config": File("Include /etc/ssh/sshd_config.d/*.conf\n"),
            "/usr/etc/ssh/ssh_host_rsa_key": PRIVATE,
            **KEYS,
        },
        {
            **SYSTEMD,
            **SSHD,
            **SUSE_UNITS,
            "/usr/etc/ssh/sshd_config": File("Include /etc/ssh/sshd_config.d/*.conf\n"),
            "/etc/ssh": Dir(),
        },
    ),
    Case("Arch", ARCH, {**SYSTEMD, **SSHD, **ARCH_UNITS, **KEYS}, {**SYSTEMD, **SSHD, **ARCH_UNITS, "/etc/ssh": Dir()}),
    Case("Alpine", ALPINE, {**SSHD, **ALPINE_INIT, **KEPT, **KEYS}, {**SSHD, **ALPINE_INIT, **KEPT}),
    Case(
        "Alpine told not to make keys",
        ALPINE,
        {**SSHD, **ALPINE_INIT, "/etc/conf.d/sshd": File('sshd_disable_keygen="yes"\n'), **KEYS},
        kept=NO_HELP,
    ),
    Case("no ssh-keygen", DEBIAN, {**DEBIAN_GUEST, "/usr/bin/ssh-keygen": Dir(), **KEYS}, kept=NO_HELP),
    Case("sshd without a unit", SUSE, {**SYSTEMD, **SSHD, **KEYS}, kept=NO_HELP),
    Case(
        "a link to /dev/null, by which nobody makes a key of this kind",
        REDHAT,
        {**SYSTEMD, **SSHD, **RHEL_UNITS, **NO_DSA, **KEYS},
        {**SYSTEMD, **SSHD, **RHEL_UNITS, **NO_DSA},
    ),
    Case("ALT, where sshd was removed", REDHAT, {"/etc/openssh/ssh_host_rsa_key": PRIVATE}, {"/etc/openssh": Dir()}),
    Case("no keys, and something makes them", SUSE, {**SYSTEMD, **SSHD, **SUSE_UNITS, **KEPT}),
)
