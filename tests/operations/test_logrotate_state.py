"""logrotate's status file, in every place it is kept."""

from __future__ import annotations

from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

STATUS = File('logrotate state -- version 2\n"/var/log/syslog" 2025-1-1-0:0:0\n', 0o600)

CASES = (
    Case("Debian", DEBIAN, {"/var/lib/logrotate/status": STATUS}, {"/var/lib/logrotate": Dir()}),
    Case("RHEL", REDHAT, {"/var/lib/logrotate/logrotate.status": STATUS}, {"/var/lib/logrotate": Dir()}),
    Case("SUSE", SUSE, {"/var/lib/misc/logrotate.status": STATUS}, {"/var/lib/misc": Dir()}),
    Case("Arch", ARCH, {"/var/lib/logrotate.status": STATUS}, {"/var/lib": Dir()}),
    Case("only the configuration", ALPINE, {"/etc/logrotate.conf": File("weekly\n"), "/var/lib/logrotate": Dir()}),
)
