"""Flags that make a boot ask at the console."""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import DEBIAN, REDHAT
from support.trees import File

CASES = (
    CheckCase("no flag", REDHAT, {"/.autorelabel": File()}),
    CheckCase(
        "both flags",
        REDHAT,
        {"/.unconfigured": File(), "/etc/reconfigSys": File()},
        ("console", "console"),
        mended={"/.unconfigured": None, "/etc/reconfigSys": None},
    ),
    CheckCase("a link", DEBIAN, {"/.unconfigured": File()}, ("console",), mended={"/.unconfigured": None}),
)
