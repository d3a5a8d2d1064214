"""The four trees (and a small one of Arch): accounts, and what each distribution makes again at boot."""

from __future__ import annotations

from dataclasses import dataclass, field

from support.trees import Dir, Entry, File, Link

UNITS = "/usr/lib/systemd/system"
HOMES = {
    "/root": (0, 0),
    "/home/kim": (1000, 1000),
    "/srv/build/packer": (1001, 1001),
    "/var/lib/jenkins": (112, 118),
    "/home/left behind": (1009, 1009),
    "/etc/skel": (0, 0),
}
PASSWD = (
    "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
    "jenkins:x:112:118::/var/lib/jenkins:/bin/bash\nkim:x:1000:1000:Kim:/home/kim:/bin/bash\n"
    "packer:x:1001:1001::/srv/build/packer:/bin/sh\nguest:x:1003:1003::/nonexistent:/bin/sh\n"
)
GROUP = "root:x:0:\nadm:x:4:\nsudo:x:27:kim\nkim:x:1000:\n"


def unit(*lines: str) -> File:
    """A unit with these lines in [Service]."""
    return File("[Unit]\nDescription=x\n\n[Service]\nType=oneshot\n" + "".join(f"{line}\n" for line in lines))


def wanted(target: str, name: str) -> dict[str, Entry]:
    """The link by which a unit is enabled."""
    return {f"/etc/systemd/system/{target}.wants/{name}": Link(f"{UNITS}/{name}")}


COMMON: dict[str, Entry] = {
    "/etc/passwd": File(PASSWD),
    "/etc/group": File(GROUP),
    "/usr/bin/ssh-keygen": File("ELF", 0o755),
    "/usr/sbin/sshd": File("ELF", 0o755),
    "/usr/bin/python3": File("ELF", 0o755),
    "/tmp": Dir(0o1777),
    "/etc/login.defs": File("UID_MIN 1000\nUID_MAX 60000\n"),
}
SYSTEMD: dict[str, Entry] = {
    "/usr/sbin/init": Link("../lib/systemd/systemd"),
    "/sbin/init": Link("../lib/systemd/systemd"),
    "/lib/systemd/systemd": File("ELF", 0o755),
    "/usr/lib/systemd/systemd": File("ELF", 0o755),
}
CLOUD_INIT: dict[str, Entry] = {
    "/usr/bin/cloud-init": File("#!/usr/bin/python3\n", 0o755),
    "/usr/lib/systemd/system-generators/cloud-init-generator": File("#!/bin/sh\n", 0o755),
    f"{UNITS}/cloud-init.target": File("[Unit]\nDescription=Cloud-init target\n"),
    **{
        f"{UNITS}/{name}.service": unit(f"ExecStart=/usr/bin/{name}")
        for name in ("cloud-init", "cloud-init-local", "cloud-config", "cloud-final")
    },
    **{
        path: entry
        for name in ("cloud-init", "cloud-init-local", "cloud-config", "cloud-final")
        for path, entry in wanted("cloud-init.target", f"{name}.service").items()
    },
}
AZURE: dict[str, Entry] = {
    "/usr/sbin/waagent": File("#!/usr/bin/python3\n", 0o755),
    f"{UNITS}/waagent.service": unit("ExecStart=/usr/sbin/waagent -daemon"),
    **wanted("multi-user.target", "waagent.service"),
}
DEBIAN: dict[str, Entry] = {
    **SYSTEMD,
    **CLOUD_INIT,
    **AZURE,
    "/usr/bin/guestseal": File("#!/usr/bin/python3\n", 0o755),
    **{
        f"{UNITS}/guestseal-{name}.service": unit(f"ExecStart=/usr/bin/guestseal firstboot --stage {stage}")
        for name, stage in (("local", "local"), ("firstboot", "network"))
    },
    **wanted("multi-user.target", "guestseal-local.service"),
    **wanted("multi-user.target", "guestseal-firstboot.service"),
    f"{UNITS}/ssh.service": unit("ExecStart=/usr/sbin/sshd -D"),
    **wanted("multi-user.target", "ssh.service"),
    "/usr/sbin/make-ssl-cert": File("#!/bin/bash\n", 0o755),
    f"{UNITS}/iscsid.service": unit("ExecStartPre=/lib/open-iscsi/startup-checks.sh", "ExecStart=/sbin/iscsid"),
    "/lib/open-iscsi/startup-checks.sh": File(
        '#!/bin/sh\nif grep -q "^GenerateName=yes" $NAMEFILE; then iscsi-iname; fi\n', 0o755
    ),
    "/usr/sbin/iscsi-iname": File("ELF", 0o755),
    f"{UNITS}/consul.service": unit("ExecStart=/usr/bin/consul agent"),
}
REDHAT: dict[str, Entry] = {
    **SYSTEMD,
    **CLOUD_INIT,
    **AZURE,
    f"{UNITS}/sshd.service": File(
        "[Unit]\nWants=sshd-keygen.target\nAfter=sshd-keygen.target\n\n[Service]\nExecStart=/usr/sbin/sshd -D\n"
        "\n[Install]\nWantedBy=multi-user.target\n"
    ),
    f"{UNITS}/sshd-keygen.target": File(
        "[Unit]\nWants=sshd-keygen@rsa.service\nWants=sshd-keygen@ecdsa.service\n"
        "Wants=sshd-keygen@ed25519.service\nPartOf=sshd.service\n"
    ),
    f"{UNITS}/sshd-keygen@.service": File(
        "[Unit]\nConditionFileNotEmpty=|!/etc/ssh/ssh_host_%i_key\n\n[Service]\nType=oneshot\n"
        "ExecStart=/usr/libexec/openssh/sshd-keygen %i\n\n[Install]\nWantedBy=sshd-keygen.target\n"
    ),
    "/usr/libexec/openssh/sshd-keygen": File("#!/bin/bash\n", 0o755),
    **wanted("multi-user.target", "sshd.service"),
    f"{UNITS}/httpd-init.service": File(
        "[Unit]\nDescription=One-time temporary TLS key generation for httpd.service\n"
        "ConditionPathExists=|!/etc/pki/tls/certs/localhost.crt\n"
        "ConditionPathExists=|!/etc/pki/tls/private/localhost.key\n\n[Service]\nType=oneshot\n"
        "ExecStart=/usr/libexec/httpd-ssl-gencerts\n"
    ),
    f"{UNITS}/httpd.service": File(
        "[Unit]\nWants=httpd-init.service\nAfter=network.target httpd-init.service\n\n[Service]\n"
        "ExecStart=/usr/sbin/httpd\n"
    ),
    "/usr/libexec/httpd-ssl-gencerts": File("#!/bin/bash\n", 0o755),
    "/usr/bin/sscg": File("ELF", 0o755),
    "/etc/httpd/conf.d/ssl.conf": File(
        "SSLCertificateFile /etc/pki/tls/certs/localhost.crt\n"
        "SSLCertificateKeyFile /etc/pki/tls/private/localhost.key\n"
    ),
    "/usr/share/Pegasus/scripts/genOpenPegasusSSLCerts": File("#!/bin/bash\n", 0o755),
    f"{UNITS}/dovecot-init.service": File(
        "[Unit]\nDescription=One-time Dovecot init service\n"
        "ConditionPathExists=|!/etc/pki/dovecot/certs/dovecot.pem\n\n[Service]\nType=oneshot\n"
        "ExecStart=/bin/sh -c '/usr/libexec/dovecot/mkcert.sh'\n"
    ),
    f"{UNITS}/dovecot.service": File(
        "[Unit]\nRequires=dovecot-init.service\n\n[Service]\nExecStart=/usr/sbin/dovecot -F\n"
    ),
    "/usr/libexec/dovecot/mkcert.sh": File("#!/bin/sh\n", 0o755),
    f"{UNITS}/named-setup-rndc.service": File(
        "[Unit]\nDescription=Generate rndc key for BIND (DNS)\n\n[Service]\nType=oneshot\n"
        "ExecStart=/usr/libexec/generate-rndc-key.sh\n"
    ),
    "/usr/libexec/generate-rndc-key.sh": File("#!/bin/bash\n[ -s /etc/rndc.key ] || rndc-confgen -a\n", 0o755),
    f"{UNITS}/named.service": File(
        "[Unit]\nWants=named-setup-rndc.service\nAfter=named-setup-rndc.service\n\n[Service]\n"
        "ExecStart=/usr/sbin/named\n"
    ),
    f"{UNITS}/unbound-keygen.service": File(
        "[Unit]\nDescription=Unbound Control Key And Certificate Generator\n"
        "ConditionPathExists=!/etc/unbound/unbound_control.key\n\n[Service]\nType=oneshot\n"
        "ExecStart=/usr/sbin/unbound-control-setup -d /etc/unbound/\n"
    ),
    f"{UNITS}/unbound.service": File(
        "[Unit]\nWants=unbound-keygen.service\nAfter=unbound-keygen.service\n\n[Service]\nExecStart=/usr/sbin/unbound\n"
    ),
    "/usr/sbin/unbound-control-setup": File("#!/bin/sh\n", 0o755),
    **wanted("multi-user.target", "httpd.service"),
    **wanted("multi-user.target", "dovecot.service"),
    **wanted("multi-user.target", "named.service"),
    **wanted("multi-user.target", "unbound.service"),
    f"{UNITS}/iscsi-init.service": File(
        "[Unit]\nDescription=One time configuration for iscsi.service\n"
        "ConditionPathExists=!/etc/iscsi/initiatorname.iscsi\n\n[Service]\nType=oneshot\n"
        "ExecStart=/usr/bin/sh -c 'echo \"InitiatorName=`/usr/sbin/iscsi-iname`\" > /etc/iscsi/initiatorname.iscsi'\n"
    ),
    f"{UNITS}/iscsid.service": File(
        "[Unit]\nRequires=iscsi-init.service\nAfter=iscsi-init.service\n\n[Service]\nExecStart=/usr/sbin/iscsid -f\n"
    ),
    "/usr/sbin/iscsi-iname": File("ELF", 0o755),
}
SUSE: dict[str, Entry] = {
    **SYSTEMD,
    **CLOUD_INIT,
    **AZURE,
    f"{UNITS}/sshd.service": unit("ExecStartPre=/usr/sbin/sshd-gen-keys-start", "ExecStart=/usr/sbin/sshd -D"),
    "/usr/sbin/sshd-gen-keys-start": File("#!/bin/sh\nssh-keygen -A\n", 0o755),
    **wanted("multi-user.target", "sshd.service"),
    **{path: entry for path, entry in REDHAT.items() if "iscsi" in path},
    "/usr/bin/SUSEConnect": File("#!/usr/bin/ruby\n", 0o755),
}
ALPINE: dict[str, Entry] = {
    "/sbin/init": Link("/bin/busybox"),
    "/bin/busybox": File("ELF", 0o755),
    "/sbin/openrc": File("ELF", 0o755),
    "/etc/init.d/sshd": File(
        "#!/sbin/openrc-run\ngenerate_host_keys() {\n\tssh-keygen -A\n}\nstart_pre() {\n\tgenerate_host_keys\n}\n",
        0o755,
    ),
    "/etc/runlevels/default/sshd": Link("/etc/init.d/sshd"),
    "/etc/init.d/dropbear": File(
        "#!/sbin/openrc-run\nstart() {\n\tdropbearkey -t rsa -f /etc/dropbear/dropbear_rsa_host_key\n}\n", 0o755
    ),
    "/etc/runlevels/default/dropbear": Link("/etc/init.d/dropbear"),
    "/etc/init.d/iscsid": File(
        '#!/sbin/openrc-run\nstart_pre() {\n\tcheckconfig\n\techo "InitiatorName=$(iscsi-iname)" > $INITIATORNAME\n}\n',
        0o755,
    ),
    "/sbin/tiny-cloud": File("#!/bin/sh\n", 0o755),
    "/etc/tiny-cloud.conf": File("CLOUD=nocloud\n"),
    **{
        f"/etc/init.d/tiny-cloud-{stage}": File("#!/sbin/openrc-run\n", 0o755)
        for stage in ("boot", "early", "main", "final")
    },
    **{
        f"/etc/runlevels/{level}/tiny-cloud-{stage}": Link(f"/etc/init.d/tiny-cloud-{stage}")
        for stage, level in (("boot", "boot"), ("early", "sysinit"), ("main", "default"), ("final", "default"))
    },
}
ARCH: dict[str, Entry] = {
    **SYSTEMD,
    f"{UNITS}/sshd.service": File(
        "[Unit]\nWants=sshdgenkeys.service\nAfter=sshdgenkeys.service\n\n[Service]\nExecStart=/usr/bin/sshd -D\n"
    ),
    f"{UNITS}/sshdgenkeys.service": unit("ExecStart=/usr/bin/ssh-keygen -A"),
    **wanted("multi-user.target", "sshd.service"),
    "/etc/systemd/system/pacman-init.service": File(
        "[Unit]\nDescription=Initializes Pacman keyring\nConditionFirstBoot=yes\n\n[Service]\nType=oneshot\n"
        "RemainAfterExit=yes\nExecStart=/usr/bin/pacman-key --init\nExecStart=/usr/bin/pacman-key --populate\n\n"
        "[Install]\nWantedBy=multi-user.target\n"
    ),
    "/etc/systemd/system/multi-user.target.wants/pacman-init.service": Link("/etc/systemd/system/pacman-init.service"),
    "/usr/bin/pacman-key": File("#!/bin/bash\n", 0o755),
}


@dataclass(frozen=True)
class Soil:
    """A distribution before anything is planted in it."""

    letter: str
    name: str
    os_release: str
    entries: dict[str, Entry]
    homes: dict[str, tuple[int, int]] = field(default_factory=lambda: dict(HOMES))

    @property
    def base(self) -> dict[str, Entry]:
        """What every tree of the distribution has."""
        homes: dict[str, Entry] = {
            home: Dir(0o755 if home == "/etc/skel" else 0o700, owner) for home, owner in self.homes.items()
        }
        return {"/etc/os-release": File(self.os_release), **COMMON, **self.entries, **homes}


SOILS = (
    Soil("D", "Debian", 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n', DEBIAN),
    Soil("R", "RHEL", 'NAME="Rocky Linux"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.3"\n', REDHAT),
    Soil("S", "SUSE", 'NAME="openSUSE Leap"\nID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.6"\n', SUSE),
    Soil("A", "Alpine", 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.19.1\n', ALPINE),
    Soil("X", "Arch", 'NAME="Arch Linux"\nID=arch\n', ARCH),
)
