"""What installers leave, and what only looks like it."""

from __future__ import annotations

from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE, UBUNTU, Case
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
    Case(
        "subiquity, curtin and oem-config",
        UBUNTU,
        {
            "/var/log/curtin/install.log": ANSWERS,
            "/var/log/subiquity/server.log": ANSWERS,
            "/var/log/debian-installer/status": LOG,
            "/var/log/oem-config.log": LOG,
            "/root/curtin-install-cfg.yaml": ANSWERS,
            "/root/curtin-install.log": LOG,
            "/root/curtin.txt": LOG,
        },
        {"/root/curtin.txt": LOG, "/var/log": Dir()},
    ),
    Case(
        "scripts of a kickstart",
        REDHAT,
        {
            "/root/ks-post.log": ANSWERS,
            "/root/ks-pre.log": ANSWERS,
            "/var/log/ks-post.log": ANSWERS,
            "/var/log/kickstart_post.log": ANSWERS,
            "/root/ks.txt": LOG,
        },
        {"/root/ks.txt": LOG, "/var/log": Dir()},
    ),
    Case(
        "left by YaST, JeOS and Calamares",
        SUSE,
        {
            "/root/inst-sys": Dir(),
            "/var/log/jeos-firstboot.log": LOG,
            "/var/log/Calamares.log": LOG,
            "/var/lib/autoinstall/repository/web.xml": ANSWERS,
        },
        {"/root": Dir(), "/var/log": Dir(), "/var/lib/autoinstall/repository/web.xml": ANSWERS},
        found=("/var/lib/autoinstall/repository/web.xml",),
    ),
    Case("archinstall", ARCH, {"/var/log/archinstall/install.log": LOG}, {"/var/log": Dir()}),
    Case("an image that was not installed", ALPINE, {"/root/notes": LOG, "/var/log/messages": LOG}),
    Case(
        "answers in a home directory",
        ARCH,
        {
            "/root/user_configuration.json": ANSWERS,
            "/home/kim/user_credentials.json": ANSWERS,
            "/home/kim/credentials.json": LOG,
        },
        {"/root": Dir(), "/home/kim/credentials.json": LOG},
    ),
    Case(
        "Anaconda's security profile", REDHAT, {"/root/openscap_data/eval.xml": LOG, "/root/x": LOG}, {"/root/x": LOG}
    ),
)
