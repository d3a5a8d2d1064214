"""Which logs are emptied and which are removed, and what a program finds afterwards."""

from __future__ import annotations

import pytest
from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, Fifo, File, Hardlink, Link

from guestseal.guest.services.logfiles import is_old_copy

TEXT = File("Jan  1 00:00:00 template sshd[1]: secret\n")
ADM = (0, 4)

OTHER_SUBJECTS = {
    "/var/log/journal/remote/remote-1.journal": TEXT,
    "/var/log/audit/audit.log": TEXT,
    "/var/log/wtmp": TEXT,
    "/var/log/btmp.1": TEXT,
    "/var/log/lastlog": TEXT,
    "/var/log/wtmp.db": TEXT,
    "/var/log/sa/sa01": TEXT,
    "/var/log/sysstat/sa01": TEXT,
    "/var/log/account/pacct.0": TEXT,
    "/var/log/installer/syslog": TEXT,
    "/var/log/anaconda/anaconda.log": TEXT,
    "/var/log/anaconda.syslog": TEXT,
    "/var/log/YaST2/y2log": TEXT,
    "/var/log/archinstall/install.log": TEXT,
    "/var/log/curtin/install.log": TEXT,
    "/var/log/subiquity/server.log": TEXT,
    "/var/log/debian-installer/status": TEXT,
    "/var/log/oem-config.log": TEXT,
    "/var/log/Calamares.log": TEXT,
    "/var/log/jeos-firstboot.log": TEXT,
    "/var/log/kickstart_post.log": TEXT,
    "/var/log/ks-post.log": TEXT,
    "/var/log/pcp/pmlogger/template/20250101.0": TEXT,
    "/var/log/atop/atop_20250101": TEXT,
    "/var/log/dump/20250101/dump.0": TEXT,
    "/var/log/azure/Microsoft.Azure.Extensions.CustomScript/CommandExecution.log": TEXT,
    "/var/log/waagent.log.1": TEXT,
    "/var/log/cloud-init.log": TEXT,
    "/var/log/cloud-init-output.log.1.gz": TEXT,
}

CASES = (
    Case(
        "Debian, owners and modes stay",
        DEBIAN,
        {
            "/var/log": Dir(0o775, (0, 110)),
            "/var/log/syslog": File("x\n", 0o640, ADM),
            "/var/log/syslog.1": File("x\n", 0o640, ADM),
            "/var/log/syslog.2.gz": File(b"\x1f\x8b", 0o640, ADM),
            "/var/log/postgresql": Dir(0o1775, (0, 113)),
            "/var/log/postgresql/postgresql-15-main.log": File("x\n", 0o640, (112, 4)),
            "/var/log/postgresql/postgresql-2025-01-01_000000.log": File("x\n", 0o600, (112, 112)),
            "/var/log/apt/history.log.1.xz": TEXT,
            "/var/log/apt/history.log": TEXT,
        },
        {
            "/var/log": Dir(0o775, (0, 110)),
            "/var/log/syslog": File("", 0o640, ADM),
            "/var/log/postgresql": Dir(0o1775, (0, 113)),
            "/var/log/postgresql/postgresql-15-main.log": File("", 0o640, (112, 4)),
            "/var/log/apt/history.log": File(""),
        },
    ),
    Case(
        "RHEL, dated copies",
        REDHAT,
        {
            "/var/log/messages": File("x\n", 0o600),
            "/var/log/messages-20250101": TEXT,
            "/var/log/secure-20250101-1735689600.zst": TEXT,
            "/var/log/dnf.log": TEXT,
            "/var/log/httpd": Dir(0o700),
            "/var/log/httpd/access_log": TEXT,
            "/var/log/httpd/access_log-20250101": TEXT,
            "/var/log/tomcat/catalina.2025-01-01.log": TEXT,
        },
        {
            "/var/log/messages": File("", 0o600),
            "/var/log/dnf.log": File(""),
            "/var/log/httpd": Dir(0o700),
            "/var/log/httpd/access_log": File(""),
            "/var/log/tomcat": Dir(),
        },
    ),
    Case(
        "SUSE",
        SUSE,
        {
            "/var/log/zypp/history": TEXT,
            "/var/log/zypp/history-20250101.xz": TEXT,
            "/var/log/Xorg.0.log": TEXT,
            "/var/log/Xorg.0.log.old": TEXT,
            "/var/log/warn~": TEXT,
        },
        {"/var/log/zypp/history": File(""), "/var/log/Xorg.0.log": File("")},
    ),
    Case(
        "Alpine",
        ALPINE,
        {"/var/log/messages": TEXT, "/var/log/messages.0": TEXT, "/var/log/dmesg": TEXT, "/var/log/chrony": Dir()},
        {"/var/log/messages": File(""), "/var/log/dmesg": File(""), "/var/log/chrony": Dir()},
    ),
    Case(
        "agents of hypervisors",
        DEBIAN,
        {
            "/var/log/qemu-ga/qemu-ga.log": TEXT,
            "/var/log/vmware-imc/toolsDeployPkg.log": TEXT,
            "/var/log/vmware-vmsvc-root.log.old": TEXT,
            "/etc/qemu-ga/fsfreeze-hook": File("#!/bin/sh\n", 0o755),
        },
        {
            "/var/log/qemu-ga/qemu-ga.log": File(""),
            "/var/log/vmware-imc/toolsDeployPkg.log": File(""),
            "/etc/qemu-ga/fsfreeze-hook": File("#!/bin/sh\n", 0o755),
        },
    ),
    Case("Arch", ARCH, {"/var/log/pacman.log": TEXT}, {"/var/log/pacman.log": File("")}),
    Case(
        "files of a database's own numbering are emptied together",
        DEBIAN,
        {"/var/log/mysql/mysql-bin.000001": TEXT, "/var/log/mysql/mysql-bin.index": TEXT},
        {"/var/log/mysql/mysql-bin.000001": File(""), "/var/log/mysql/mysql-bin.index": File("")},
    ),
    Case(
        "a second name elsewhere keeps its content",
        REDHAT,
        {"/srv/kept": TEXT, "/var/log/messages": Hardlink("/srv/kept")},
        {"/srv/kept": TEXT, "/var/log/messages": File("")},
    ),
    Case(
        "links, pipes and what is empty already stay",
        ALPINE,
        {
            "/var/log/README": Link("../../usr/share/doc/systemd/README.logs"),
            "/usr/share/doc/systemd/README.logs": TEXT,
            "/var/log/out": Link("/dev/stdout"),
            "/var/log/pipe": Fifo(),
            "/var/log/dpkg.log": File("", 0o600),
        },
    ),
    Case("what other operations are about", SUSE, OTHER_SUBJECTS),
    Case(
        "a /var/log that lies elsewhere",
        DEBIAN,
        {"/var/log": Link("/srv/log"), "/srv/log/syslog": TEXT, "/srv/log/audit/audit.log": TEXT},
        {"/var/log": Link("/srv/log"), "/srv/log/syslog": File(""), "/srv/log/audit/audit.log": TEXT},
    ),
)


@pytest.mark.parametrize(
    "name",
    (
        *("syslog.1", "syslog.10", "x.log.gz", "x.log.1.zst", "messages-20250101", "x-20250101.xz", "app-20250101.log"),
        *("catalina.2025-01-01.log", "Xorg.0.log.old", "warn~", "atop_20250101", "x-20250101-1735689600"),
    ),
)
def test_old_copies_are_told_by_their_names(name: str) -> None:
    assert is_old_copy(name)


@pytest.mark.parametrize(
    "name",
    (
        *(
            "syslog",
            "mysql-bin.000001",
            "Xorg.0.log",
            "php7.4-fpm.log",
            "postgresql-15-main.log",
            "y2log-1",
            "gzip.log",
        ),
        *("build-12345678", "release-20259999", "history", "ks-script-x1.log", "lastlog2.db"),
    ),
)
def test_other_names_are_no_old_copies(name: str) -> None:
    assert not is_old_copy(name)
