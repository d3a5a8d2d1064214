"""The keys that open root's and people's accounts go where a clone gets others."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, SYSTEMD, Case
from support.trees import Dir, Entry, File, Link

KEY, EMPTY = File("ssh-ed25519 AAAA packer@builder\n", 0o600), File("", 0o600)
PASSWD: dict[str, Entry] = {
    "/etc/passwd": File(
        "root:x:0:0::/root:/bin/bash\nkim:x:1000:1000::/home/kim:/bin/bash\n"
        "git:x:105:105::/var/lib/git:/bin/sh\nftp:x:1001:1001::/srv/ftp:/usr/sbin/nologin\nnobody:x:65534:65534::/:/bin/sh\n"
    )
}
SSH: dict[str, Entry] = {f"{home}/.ssh": Dir(0o700) for home in ("/root", "/home/kim", "/var/lib/git", "/srv/ftp")}
OTHERS: dict[str, Entry] = {
    "/var/lib/git/.ssh/authorized_keys": KEY,
    "/srv/ftp/.ssh/authorized_keys": KEY,
    "/root/.ssh/known_hosts.keep": File("x\n"),
}
OF_SERVICES = ("/var/lib/git/.ssh/authorized_keys", "/srv/ftp/.ssh/authorized_keys")
FIRST_BOOT: dict[str, Entry] = {
    **SYSTEMD,
    "/usr/lib/systemd/system/guestseal-firstboot.service": File("[Service]\n"),
    "/etc/systemd/system/multi-user.target.wants/guestseal-firstboot.service": Link(
        "/usr/lib/systemd/system/guestseal-firstboot.service"
    ),
}
WAAGENT: dict[str, Entry] = {
    **SYSTEMD,
    "/usr/lib/systemd/system/waagent.service": File("[Service]\n"),
    "/etc/systemd/system/multi-user.target.wants/waagent.service": Link("/usr/lib/systemd/system/waagent.service"),
}
TINY_CLOUD: dict[str, Entry] = {
    "/etc/init.d/tiny-cloud-main": File("#!/sbin/openrc-run\n", 0o755),
    "/etc/runlevels/default/tiny-cloud-main": Link("/etc/init.d/tiny-cloud-main"),
}
ALONE = True  # what brings other keys, and where keys are, is elsewhere in other cases
KEPT = "nothing in this guest would bring a clone other keys"

CASES = (
    Case(
        "guestseal brings others",
        DEBIAN,
        {
            **PASSWD,
            **SSH,
            **OTHERS,
            **FIRST_BOOT,
            "/root/.ssh/authorized_keys": KEY,
            "/root/.ssh/authorized_keys2": KEY,
            "/home/kim/.ssh/authorized_keys": KEY,
            "/etc/skel/.ssh/authorized_keys": KEY,
            "/etc/skel/.ssh/authorized_keys2": KEY,
            "/home/gone/.ssh/authorized_keys": KEY,
        },
        {
            **PASSWD,
            **SSH,
            **OTHERS,
            **FIRST_BOOT,
            "/etc/skel/.ssh": Dir(),
            "/home/gone/.ssh/authorized_keys": KEY,
        },
        found=(*OF_SERVICES, "/home/gone/.ssh/authorized_keys"),
        alone=ALONE,
    ),
    Case(
        "where sshd_config says",
        REDHAT,
        {
            **PASSWD,
            **SSH,
            **WAAGENT,
            "/etc/ssh/sshd_config": File("AuthorizedKeysFile /etc/ssh/keys/%u .ssh/keys\n"),
            "/etc/ssh/keys/root": KEY,
            "/etc/ssh/keys/git": KEY,
            "/home/kim/.ssh/keys": KEY,
            "/home/kim/.ssh/authorized_keys": KEY,
        },
        {
            **PASSWD,
            **SSH,
            **WAAGENT,
            "/etc/ssh/sshd_config": File("AuthorizedKeysFile /etc/ssh/keys/%u .ssh/keys\n"),
            "/etc/ssh/keys/git": KEY,
            "/home/kim/.ssh/authorized_keys": KEY,
        },
        found=("/etc/ssh/keys/git", "/home/kim/.ssh/authorized_keys"),
        alone=ALONE,
    ),
    Case(
        "people's accounts begin at 500",
        REDHAT,
        {
            **FIRST_BOOT,
            "/etc/login.defs": File("UID_MIN 500\nUID_MAX 60000\n"),
            "/etc/passwd": File("old:x:500:500::/home/old:/bin/bash\n"),
            "/home/old/.ssh/authorized_keys": KEY,
        },
        {
            **FIRST_BOOT,
            "/etc/login.defs": File("UID_MIN 500\nUID_MAX 60000\n"),
            "/etc/passwd": File("old:x:500:500::/home/old:/bin/bash\n"),
            "/home/old/.ssh": Dir(),
        },
        alone=ALONE,
    ),
    Case(
        "tiny-cloud brings others",
        ALPINE,
        {**PASSWD, **SSH, **TINY_CLOUD, "/root/.ssh/authorized_keys": KEY},
        {**PASSWD, **SSH, **TINY_CLOUD},
        alone=ALONE,
    ),
    Case(
        "nothing brings others",
        SUSE,
        {**PASSWD, **SSH, **SYSTEMD, "/root/.ssh/authorized_keys": KEY},
        kept=KEPT,
    ),
    Case(
        "empty, and a link to nothing",
        SUSE,
        {
            **PASSWD,
            **SSH,
            **FIRST_BOOT,
            "/root/.ssh/authorized_keys": EMPTY,
            "/home/kim/.ssh/authorized_keys": Link("/dev/null"),
        },
        alone=ALONE,
    ),
)
