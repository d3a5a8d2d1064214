"""What yum and dnf are counted by."""

from __future__ import annotations

from support.operation_cases import REDHAT, Case
from support.trees import Dir, File

ONLY = (REDHAT,)  # yum and dnf

DNF = "/var/lib/dnf"

CASES = (
    Case(
        "yum",
        REDHAT,
        {"/var/lib/yum/uuid": File("0123\n"), "/var/lib/yum/yumdb/b/x": File("reason\n")},
        {"/var/lib/yum/yumdb/b/x": File("reason\n")},
    ),
    Case(
        "dnf",
        REDHAT,
        {
            f"{DNF}/repos/baseos-0123/countme": File("COUNTME\n"),
            f"{DNF}/repos/appstream-0123/countme": File("COUNTME\n"),
            f"{DNF}/modulefailsafe/x:1.yaml": File("---\n"),
            f"{DNF}/history.sqlite": File("SQLite"),
        },
        {
            f"{DNF}/repos/baseos-0123": Dir(),
            f"{DNF}/repos/appstream-0123": Dir(),
            f"{DNF}/modulefailsafe/x:1.yaml": File("---\n"),
            f"{DNF}/history.sqlite": File("SQLite"),
        },
    ),
)
