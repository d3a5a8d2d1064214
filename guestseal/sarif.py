"""A check as SARIF 2.1.0, which code scanning services show: OASIS, Static Analysis Results Interchange Format."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from guestseal import __version__
from guestseal.errors import printable
from guestseal.report import Entry, Finding, Outcome, Report

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
        "results": [result for entry in wrong for result in _results(entry, level(entry))],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=True) + "\n"


def _rule_id(entry: Entry) -> str:
    return f"{entry.section}/{entry.name}"


def _rule(entry: Entry) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": _rule_id(entry), "name": entry.name}
    rule["shortDescription"] = {"text": printable(entry.heading or entry.name)}
    return {**rule, "help": {"text": printable(entry.source)}} if entry.source else rule


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
    if finding.path:
        # A path is bytes: in a URI each byte that is not a plain character is %XX, RFC 3986.
        uri = quote(finding.path.lstrip("/").encode("utf-8", "surrogateescape"))
        place: dict[str, Any] = {"artifactLocation": {"uri": uri, "uriBaseId": "ROOT"}}
        if finding.line:
            place["region"] = {"startLine": finding.line}
        result["locations"] = [{"physicalLocation": place}]
    if finding.fingerprint:
        result["partialFingerprints"] = {"value/v1": finding.fingerprint}
    return result
