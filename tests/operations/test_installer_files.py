"""What installers leave, and what only looks like it."""

from __future__ import annotations

from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

ANSWERS = File("rootpw --iscrypted $6$salt$hash\n", 0o600)
LOG = File("x\n")

CASES = (
    Case(
        "debian-installer and subiquity",
        DEBIAN,
        {
            "/var/log/installer": Dir(0o700),
            "/var/log/installer/cdebconf/questions.dat": ANSWERS,
            "/var/log/installer/autoinstall-user-data": ANSWERS,
            "/var/log/syslog": LOG,
        },
        {"/var/log/syslog": LOG},
    ),
    Case(
        "Anaconda",
        REDHAT,
        {
            "/root/anaconda-ks.cfg": ANSWERS,
            "/root/original-ks.cfg": ANSWERS,
            "/root/initial-setup-ks.cfg": ANSWERS,
            "/root/anaconda-post.log": LOG,
            "/root/install.log": LOG,
            "/root/install.log.syslog": LOG,
            "/root/my-ks.cfg": ANSWERS,
            "/var/log/anaconda/ks-script-x1.log": LOG,
            "/var/log/anaconda.syslog": LOG,
        },
        {"/root/my-ks.cfg": ANSWERS, "/var/log": Dir()},
    ),
    Case(
        "YaST and AutoYaST",
        SUSE,
        {
            "/var/log/YaST2": Dir(0o700),
            "/var/log/YaST2/y2log-1.gz": LOG,
            "/var/log/YaST2/storage-inst/01-probed.yml": LOG,
            "/var/adm/autoinstall/cache/installedSystem.xml": ANSWERS,
            "/root/autoinst.xml": ANSWERS,
        },
        {
            "/var/log/YaST2": Dir(0o700),
            "/var/log/YaST2/storage-inst": Dir(),
            "/var/adm/autoinstall/cache": Dir(),
            "/root": Dir(),
        },
    ),
    Case("archinstall", ARCH, {"/var/log/archinstall/install.log": LOG}, {"/var/log": Dir()}),
    Case("an image that was not installed", ALPINE, {"/root/notes": LOG, "/var/log/messages": LOG}),
)
