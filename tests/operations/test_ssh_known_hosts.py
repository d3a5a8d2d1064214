"""The servers that accounts have known; the system's list is reported."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

HOSTS = File("git.example.com ssh-ed25519 AAAAC3Nz\n", 0o600)
STAYS = {"/root/.ssh/known_hosts_of_mine": HOSTS}

CASES = (
    Case(
        "Debian",
        DEBIAN,
        {
            **STAYS,
            **{f"/root/.ssh/{name}": HOSTS for name in ("known_hosts", "known_hosts.old", "known_hosts2")},
            "/root/.ssh/known_hosts.a1B2c3D4e5": HOSTS,
        },
        STAYS,
    ),
    Case("the system's", REDHAT, {"/etc/ssh/ssh_known_hosts": HOSTS}, found=("/etc/ssh/ssh_known_hosts",)),
    Case("a user's", SUSE, {"/home/kim/.ssh/known_hosts": HOSTS}, {"/home/kim/.ssh": Dir()}),
    Case("none", ALPINE, STAYS),
)
