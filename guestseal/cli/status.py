"""Say how far this machine is: sealed, being personalised, done, degraded.

--long adds what every step came to, and every address that was asked at this boot:
what it answered, after how many seconds. As JSON all of that is always there.

Exit status 0: finished, also when degraded; 1: a step failed, a seal is unfinished, or this
seems to be a clone of a machine that was not sealed (unsealed-clone);
4: --wait ended before the first boot did.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace

from guestseal.errors import printable
from guestseal.firstboot.status import status, wait
from guestseal.guest.tree import Tree
from guestseal.machine.clock import Clock, Deadline
from guestseal.machine.runtime import Runtime
from guestseal.report import Report

FACTS = ("stage", "source", "address", "instance_id", "seal", "uptime")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``status``."""
    parser.add_argument("--wait", action="store_true", help="wait until the first boot has finished")
    parser.add_argument("--timeout", type=float, default=300.0, metavar="S", help="seconds to wait at most (300)")
    parser.add_argument("--long", action="store_true", help="also what was asked, what it answered, and every step")
    parser.add_argument(
        "--runtime-directory",
        metavar="DIR",
        default="/run/guestseal",
        help="where a boot leaves what it did (%(default)s)",
    )


def run(options: argparse.Namespace) -> Report:
    """Look once, or until the end."""
    runtime = Runtime(options.runtime_directory)
    with Tree(options.root) as tree:
        if options.wait:
            report = wait(tree, runtime, Deadline.after(Clock(), options.timeout))
        else:
            report = status(tree, runtime)
    return replace(report, text=tuple(_lines(report))) if options.long else report


def _lines(report: Report) -> Iterator[str]:
    facts = report.facts
    yield f"status: {facts['status']}"
    yield from (printable(f"{name.replace('_', ' ')}: {facts[name]}") for name in FACTS if facts.get(name))
    ran = [*facts.get("local_steps", ()), *facts.get("steps", ())]
    steps = [(each["name"], each["status"], f"{each['seconds']:.1f}", each["detail"]) for each in ran]
    yield from _table(("step", "outcome", "seconds", "what was done, or why not"), steps)
    asked = [
        (each["source"], each["address"], f"{each['seconds']:.1f}", each["answer"])
        for each in facts.get("attempts", ())
    ]
    yield from _table(("source", "address", "seconds", "answer"), asked)
    remarks = facts.get("remarks", ())
    if remarks:
        yield from ("", "not believed, or still missing:", *(f"  {printable(remark)}" for remark in remarks))


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns as wide as their widest cell; the last one runs to the end of its line, the seconds to the right."""
    if not rows:
        return
    cells = [[printable(str(cell)) for cell in row] for row in (heading, *rows)]
    first, second, third = (max(len(row[column]) for row in cells) for column in range(3))
    yield ""
    for row in cells:
        yield f"{row[0]:<{first}}  {row[1]:<{second}}  {row[2]:>{third}}  {row[3]}".rstrip()
