"""mdadm.conf."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

CONF, OTHER = "/etc/mdadm/mdadm.conf", "/etc/mdadm.conf"

CASES = (
    Case("Debian as it is shipped", DEBIAN, {CONF: File("HOMEHOST <system>\nMAILADDR root\nARRAY /dev/md0 UUID=x\n")}),
    Case(
        "another host", ALPINE, {CONF: File("HOMEHOST golden.example\nMAILADDR kim@example.com\n")}, found=(CONF, CONF)
    ),
    Case("mail", REDHAT, {OTHER: File("MAILADDR rooted@example.com\n")}, found=(OTHER,)),
    Case("commented out", SUSE, {OTHER: File("#HOMEHOST golden\nMAILADDR root\n")}),
)
