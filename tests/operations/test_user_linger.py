"""Accounts whose services run without a login."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

CASES = (
    Case("Debian", DEBIAN, {"/var/lib/systemd/linger/kim": File()}, found=("/var/lib/systemd/linger/kim",)),
    Case("RHEL", REDHAT, {"/var/lib/systemd/linger/pod": File()}, found=("/var/lib/systemd/linger/pod",)),
    Case("nobody", SUSE, {"/var/lib/systemd/linger": Dir()}),
    Case("no systemd", ALPINE, {"/var/lib/lingering": File()}),
)
