"""A check as a JUnit report, which build servers show: a suite a section, a test case an entry.

The elements and attributes are those that Jenkins' JUnit plug-in and GitLab read: testsuites,
testsuite (tests, failures, errors, skipped), testcase (classname, name, time), failure, error, skipped,
system-out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.etree import ElementTree  # only writes

from guestseal.errors import printable
from guestseal.report import Entry, Outcome, Report


def to_junit(report: Report, failed: Callable[[Entry], bool]) -> str:
    """The report as one XML document; ``failed`` tells which entries fail the pipeline.

    A command that failed before it had looked at anything is one test case with an error.
    """
    top = ElementTree.Element("testsuites", name="guestseal check")
    for section in dict.fromkeys(entry.section for entry in report.entries):
        entries = [entry for entry in report.entries if entry.section == section]
        _suite(top, section, entries, failed)
    if report.failed and not report.entries:
        _broken(top, report)
    ElementTree.indent(top)
    return ElementTree.tostring(top, encoding="unicode", xml_declaration=True) + "\n"


def _broken(top: ElementTree.Element, report: Report) -> None:
    suite = ElementTree.SubElement(
        top, "testsuite", name=report.command, tests="1", failures="0", errors="1", skipped="0", time="0.000"
    )
    case = ElementTree.SubElement(suite, "testcase", classname="guestseal", name=report.command, time="0.000")
    ElementTree.SubElement(case, "error", message=printable(report.message), type="error")


def _suite(top: ElementTree.Element, section: str, entries: Sequence[Entry], failed: Callable[[Entry], bool]) -> None:
    suite = ElementTree.SubElement(
        top,
        "testsuite",
        name=section,
        tests=str(len(entries)),
        failures=str(sum(map(failed, entries))),
        errors="0",
        skipped=str(sum(entry.outcome is Outcome.SKIPPED for entry in entries)),
        time=f"{sum(entry.seconds for entry in entries):.3f}",
    )
    for entry in entries:
        case = ElementTree.SubElement(
            suite, "testcase", classname=f"guestseal.{section}", name=entry.name, time=f"{entry.seconds:.3f}"
        )
        said = _said(entry)
        if entry.outcome is Outcome.SKIPPED:
            ElementTree.SubElement(case, "skipped", message=printable(entry.detail))
        elif failed(entry):
            kind = entry.kind or section
            failure = ElementTree.SubElement(case, "failure", message=said.partition("\n")[0], type=kind)
            failure.text = said
        elif entry.findings or entry.outcome is Outcome.LEFT:
            ElementTree.SubElement(case, "system-out").text = said


def _said(entry: Entry) -> str:
    lines = [printable(str(finding)) for finding in entry.findings]
    more = entry.found - len(entry.findings)
    lines += [f"and {more} more"] if more > 0 else []
    lines += [printable(path) for path in entry.paths]
    return "\n".join([printable(entry.detail or entry.heading), *lines])
