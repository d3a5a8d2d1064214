"""Passwords in debconf's database: the values go, the questions stay."""

from __future__ import annotations

from support.operation_cases import DEBIAN, UBUNTU, Case
from support.trees import File

ONLY = (DEBIAN,)  # debconf

DATABASE = "/var/cache/debconf/passwords.dat"
PLAIN = {"/var/cache/debconf/config.dat": File("Name: tzdata/Areas\nTemplate: tzdata/Areas\nValue: Etc\n\n")}

CASES = (
    Case(
        "a preseeded password",
        DEBIAN,
        {
            **PLAIN,
            DATABASE: File(
                "Name: slapd/password1\nTemplate: slapd/password1\nValue: hunter2\\nhunter3\nOwners: slapd\n"
                "Flags: seen\nVariables:\n Value: = kept\n\n"
                "Name: slapd/password2\nTemplate: slapd/password2\nOwners: slapd\n\n",
                0o600,
            ),
            f"{DATABASE}-old": File("Name: slapd/password1\nTemplate: slapd/password1\nValue: hunter2\n\n", 0o600),
        },
        {
            **PLAIN,
            DATABASE: File(
                "Name: slapd/password1\nTemplate: slapd/password1\nOwners: slapd\n"
                "Flags: seen\nVariables:\n Value: = kept\n\n"
                "Name: slapd/password2\nTemplate: slapd/password2\nOwners: slapd\n\n",
                0o600,
            ),
        },
    ),
    Case(
        "questions without answers",
        UBUNTU,
        {**PLAIN, DATABASE: File("Name: a/p\nTemplate: a/p\nValue: \nOwners: a\n\n", 0o600)},
    ),
)
