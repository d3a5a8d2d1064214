"""Remove the backups of the account files

Programs that change accounts keep the file as it was: /etc/shadow- and
/var/backups/shadow.bak hold the hashes of passwords that were changed or of accounts that
were removed. pam_pwhistory's opasswd, which holds old hashes, is emptied.

Left on purpose: the account files themselves, their lock files, and opasswd as a file,
because pam_pwhistory expects it with its mode.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(
        *("/etc/passwd-", "/etc/shadow-", "/etc/group-", "/etc/gshadow-", "/etc/subuid-", "/etc/subgid-"),
        *("/var/backups/passwd.bak*", "/var/backups/shadow.bak*"),  # Debian's cron.daily/passwd
        *("/var/backups/group.bak*", "/var/backups/gshadow.bak*"),
        *("/etc/passwd.YaST2save", "/etc/shadow.YaST2save", "/etc/group.YaST2save"),
        # What an interrupted change leaves behind: shadow-utils and busybox write NAME+, pam_unix nNAME.
        *("/etc/passwd+", "/etc/shadow+", "/etc/group+", "/etc/gshadow+", "/etc/subuid+", "/etc/subgid+"),
        *("/etc/npasswd", "/etc/nshadow", "/etc/security/nopasswd"),
        "/etc/security/opasswd.old",
    ),
    truncate=("/etc/security/opasswd",),
)
