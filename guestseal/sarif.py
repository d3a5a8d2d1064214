"""A check as SARIF 2.1.0, which code scanning services show: OASIS, Static Analysis Results Interchange Format."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from guestseal import __version__
from guestseal.errors import printable
from guestseal.report import Entry, Finding, Outcome, Report

WHOLE_GUEST = "/etc/os-release"
"""The place of what is in no file: code scanning takes nothing of a document in which one result has no place."""
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def to_sarif(report: Report, level: Callable[[Entry], str]) -> str:
    """The report as one JSON document; ``level`` gives an entry's: error, warning, note or none."""
    wrong = [entry for entry in report.entries if level(entry) != "none"]
    driver = {
        "name": "guestseal",
        "version": __version__,
        "rules": [_rule(entry) for entry in {_rule_id(entry): entry for entry in report.entries}.values()],
    }
    run = {
        "tool": {"driver": driver},
        "originalUriBaseIds": {"ROOT": {"description": {"text": "The root directory of the guest."}}},
        "invocations": [_invocation(report)],
        "results": [result for entry in wrong for result in _results(entry, level(entry))],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=True) + "\n"


def _invocation(report: Report) -> dict[str, Any]:
    """Whether it was looked at all: without entries a failure is the command's own."""
    if not report.failed or report.entries:
        return {"executionSuccessful": True}
    said = {"level": "error", "message": {"text": printable(report.message)}}
    return {"executionSuccessful": False, "toolExecutionNotifications": [said]}


def _rule_id(entry: Entry) -> str:
    return f"{entry.section}/{entry.name}"


def _rule(entry: Entry) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": _rule_id(entry), "name": entry.name}
    # GitHub, "SARIF support for code scanning": these three are required, whatever the standard says.
    described = {"text": printable(entry.heading or entry.name)}
    rule.update(shortDescription=described, fullDescription=described)
    rule["help"] = {"text": printable(entry.source or f"guestseal(8): {entry.name}")}
    return rule


def _results(entry: Entry, level: str) -> Iterator[dict[str, Any]]:
    """A result for each finding and each path; one for the entry alone when it names none."""
    for finding in entry.findings:
        yield _result(entry, level, f"{finding.what}; {finding.remedy}", finding)
    if entry.outcome in (Outcome.LEFT, Outcome.KEPT):
        for path in entry.paths:
            yield _result(entry, level, entry.detail or entry.heading, Finding(path, "", ""))
    if not entry.findings and not entry.paths:
        yield _result(entry, level, entry.detail or entry.heading, Finding("", "", ""))


def _result(entry: Entry, level: str, text: str, finding: Finding) -> dict[str, Any]:
    result: dict[str, Any] = {"ruleId": _rule_id(entry), "level": level, "message": {"text": printable(text)}}
    # A path is bytes: in a URI each byte that is not a plain character is %XX, RFC 3986.
    uri = quote((finding.path or WHOLE_GUEST).lstrip("/").encode("utf-8", "surrogateescape"))
    place: dict[str, Any] = {"artifactLocation": {"uri": uri, "uriBaseId": "ROOT"}}
    if finding.line:
        place["region"] = {"startLine": finding.line}
    result["locations"] = [{"physicalLocation": place}]
    if finding.fingerprint:
        result["partialFingerprints"] = {"value/v1": finding.fingerprint}
    return result
