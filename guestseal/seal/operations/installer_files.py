"""Remove what the distribution's installer left behind

Installers keep their answers and logs, and answers hold passwords: kickstart files the
hash of root's (anaconda-ks.cfg), subiquity's logs the first user's (CVE-2023-5182),
AutoYaST profiles registration codes. They are overwritten and removed.

Covered: debian-installer, subiquity, curtin and oem-config, Anaconda (RHEL family) with the
logs that kickstart scripts write, YaST and AutoYaST (SUSE), archinstall, Calamares. Left on
purpose: the directories of YaST, which running YaST expects; and AutoYaST profiles for other
machines, which are reported. A seed of cloud-init's is cloud-init-seed's.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(
        *("/var/log/installer", "/var/log/anaconda", "/var/log/anaconda.*", "/var/log/archinstall"),
        *("/var/log/YaST2/**", "/var/adm/autoinstall/**", "/root/inst-sys"),
        *("/var/log/curtin", "/var/log/subiquity", "/var/log/debian-installer", "/var/log/oem-config*"),
        *("/var/log/[cC]alamares*", "/var/log/jeos-firstboot*", "/var/log/kickstart*", "/var/log/ks-*"),
        *("/root/curtin-install*", "/root/ks-p*.log"),
        *("/root/anaconda-ks.cfg", "/root/original-ks.cfg", "/root/initial-setup-ks.cfg", "/root/anaconda-post.log"),
        *("/root/install.log", "/root/install.log.syslog", "/root/autoinst.xml", "/root/openscap_data"),
        *("{home}/user_configuration.json", "{home}/user_credentials.json"),  # archinstall's answers
    ),
    findings=signs(
        Sign(
            ("/var/lib/autoinstall/repository/*",),
            "is a profile for installations, perhaps with passwords",
            "remove it unless clones install others",
        ),
    ),
)
