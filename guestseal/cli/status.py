"""Say how far this machine is: sealed, being personalised, done, degraded.

Exit status 0: finished, also when degraded; 1: a step failed or a seal is unfinished;
4: --wait ended before the first boot did.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

from guestseal.errors import printable
from guestseal.firstboot.status import status, wait
from guestseal.guest.tree import Tree
from guestseal.machine.clock import Clock, Deadline
from guestseal.machine.host import Machine
from guestseal.machine.runtime import Runtime
from guestseal.report import Report


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``status``."""
    parser.add_argument("--wait", action="store_true", help="wait until the first boot has finished")
    parser.add_argument("--timeout", type=float, default=300.0, metavar="S", help="seconds to wait at most (300)")
    parser.add_argument("--long", action="store_true", help="also what was asked, what it answered, and every step")


def run(options: argparse.Namespace) -> Report:
    """Look once, or until the end."""
    runtime = Runtime(Machine().runtime_directory)
    with Tree(options.root) as tree:
        if options.wait:
            report = wait(tree, runtime, Deadline.after(Clock(), options.timeout))
        else:
            report = status(tree, runtime)
    return replace(report, text=tuple(_lines(report))) if options.long else report


def _lines(report: Report) -> list[str]:
    lines = [f"status: {report.facts['status']}"]
    lines += [f"{key}: {report.facts[key]}" for key in ("stage", "source", "instance_id") if report.facts.get(key)]
    for step in report.facts.get("steps", ()):
        lines.append(f"step {step['name']}: {step['status']}: {step['detail']}")
    for attempt in report.facts.get("attempts", ()):
        lines.append(f"asked {attempt['source']} {attempt['address']}: {attempt['answer']} ({attempt['seconds']} s)")
    return [printable(line) for line in lines]
