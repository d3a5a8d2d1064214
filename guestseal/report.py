"""What a command did, as values: for people, for programs, and for the next command.

The JSON form is one document with ``schema``, ``changed``, ``failed`` and ``msg`` first,
which Ansible reads as a task's result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

SCHEMA = 1


class Outcome(Enum):
    """What became of one operation, step or check."""

    PLANNED = "planned"
    DONE = "done"
    CLEAN = "clean"
    """There was nothing to do."""
    KEPT = "kept"
    """A guard did not hold: everything stays as it was."""
    LEFT = "left"
    """``check``: what sealing would take away is there."""
    WARNED = "warned"
    """There was nothing to do, and there are findings."""
    PASSED = "passed"
    """A readiness check found no problem."""
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True)
class Finding:
    """Something that is reported and never changed. Holds no content of a file: that may be a secret."""

    path: str
    what: str
    """What was found there: "permits empty passwords"."""
    remedy: str
    """What the user does about it."""
    line: int = 0
    """The line of the file, from 1; 0: none in particular."""
    fingerprint: str = ""
    """The start of the SHA-256 of what was found: tells two findings of one value without showing it. Empty: none."""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.what}; {self.remedy}" if place else f"{self.what}; {self.remedy}"

    def to_json(self) -> dict[str, Any]:
        """The finding as JSON values; what it has no value for is left out."""
        more = {"line": self.line, "fingerprint": self.fingerprint}
        return {
            "path": printable_path(self.path),
            "what": self.what,
            "remedy": self.remedy,
            **{name: value for name, value in more.items() if value},
        }


@dataclass(frozen=True)
class Entry:
    """One operation, step or check of a report."""

    name: str
    outcome: Outcome
    heading: str = ""
    kind: str = ""
    detail: str = ""
    """Why it was kept, skipped or failed; what a step did."""
    paths: tuple[str, ...] = ()
    count: int = 0
    """Paths changed or removed; ``paths`` may name only the first of them."""
    size: int = 0
    """Bytes of content taken away."""
    seconds: float = 0.0
    findings: tuple[Finding, ...] = ()
    """What is reported only; perhaps the first ones of ``found``."""
    found: int = 0
    """How many findings there are."""
    source: str = ""
    """Where the fact comes from that a readiness check rests on."""
    section: str = ""
    """The part of a check that it belongs to: leftovers, residue, readiness, clone."""

    def to_json(self) -> dict[str, Any]:
        """The entry as JSON values."""
        return {
            "name": self.name,
            "description": self.heading,
            "status": self.outcome.value,
            "kind": self.kind,
            "detail": self.detail,
            "paths": [printable_path(path) for path in self.paths],
            "count": self.count,
            "bytes": self.size,
            "seconds": round(self.seconds, 3),
            "findings": [finding.to_json() for finding in self.findings],
            "found": self.found,
            **{name: value for name, value in (("section", self.section), ("source", self.source)) if value},
        }

    @property
    def warnings(self) -> tuple[str, ...]:
        """The findings, one line each."""
        more = self.found - len(self.findings)
        rest = (f"{self.name}: and {more} more",) if more else ()
        return (*(f"{self.name}: {finding}" for finding in self.findings), *rest)


@dataclass(frozen=True)
class Report:
    """The result of one command."""

    command: str
    message: str
    entries: tuple[Entry, ...] = ()
    changed: bool = False
    failed: bool = False
    exit_code: int = 0
    warnings: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Further JSON values of the command's own: ``record``, ``identity`` …"""
    text: tuple[str, ...] = ()
    """Lines for people that the entries do not tell; JSON has them as ``facts``."""
    closing: str = ""
    """The last line for people, in place of ``message``. With it the entries are for programs: ``text`` tells people
    what matters of them."""

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values."""
        return {
            "schema": SCHEMA,
            "changed": self.changed,
            "failed": self.failed,
            "msg": self.message,
            "command": self.command,
            "entries": [entry.to_json() for entry in self.entries],
            "warnings": list(self.warnings),
            **self.facts,
        }


def printable_path(path: str) -> str:
    """A path as valid Unicode: bytes that are not UTF-8 stand as ``\\xNN``."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
