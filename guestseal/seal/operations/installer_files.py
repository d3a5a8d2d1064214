"""Remove what the distribution's installer left behind

Installers keep their answers and logs, and answers hold passwords: kickstart files the
hash of root's (anaconda-ks.cfg), subiquity's logs the first user's (CVE-2023-5182),
AutoYaST profiles registration codes. They are overwritten and removed.

Covered: debian-installer and subiquity, Anaconda (RHEL family), YaST and AutoYaST (SUSE),
archinstall. Left on purpose: the directories of YaST, which running YaST expects.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(
        *("/var/log/installer", "/var/log/anaconda", "/var/log/anaconda.*", "/var/log/archinstall"),
        *("/var/log/YaST2/**", "/var/adm/autoinstall/**"),
        *("/root/anaconda-ks.cfg", "/root/original-ks.cfg", "/root/initial-setup-ks.cfg", "/root/anaconda-post.log"),
        *("/root/install.log", "/root/install.log.syslog", "/root/autoinst.xml"),
    ),
)
