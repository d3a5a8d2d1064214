"""Report that this machine is joined to a directory

Clones of a joined machine share its account in the directory, or, once its keys are gone,
have nobody who can log in but through the console. What says so is configuration, and only
the tools that wrote it can undo it: leave the directory before sealing, and have each clone
join.

Looked for are sssd (realmd, FreeIPA, adcli), Kerberos realms, PBIS (Likewise, BeyondTrust
AD Bridge), Centrify, and One Identity (Quest) Authentication Services.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.IDENTITY,
    findings=signs(
        Sign(
            ("/etc/sssd/sssd.conf", "/etc/sssd/conf.d/*.conf"),
            "logs accounts of a directory in",
            "run realm leave or ipa-client-install --uninstall before sealing, and have each clone join",
            holds=rb"^\s*id_provider\s*=\s*(ad|ipa)\s*$",
        ),
        Sign(
            ("/etc/krb5.conf.d/*",),
            "describes a Kerberos realm",
            "remove it, unless clones belong to the same realm",
            holds=rb"^\s*\[(realms|domain_realm)\]",
        ),
        Sign(("/var/lib/pbis*/db",), "is the state of PBIS", "run domainjoin-cli leave before sealing"),
        Sign(("/var/centrifydc/kset.*",), "is the state of Centrify", "run adleave before sealing"),
        Sign(("/etc/opt/quest/vas/*.keytab",), "holds keys of the host", "run vastool unjoin before sealing"),
        Sign(("/var/opt/quest/vas/*/*.vdb",), "caches accounts of a directory", "run vastool unjoin before sealing"),
    ),
)
