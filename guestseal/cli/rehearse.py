"""Seal and clone a copy-on-write view of this machine, and show that the clones differ.

Nothing on the machine changes: the view's changes live in memory, the network in a
namespace without a way out, and both are gone at the end. Needs root. Exit status 1:
two clones, or a clone and the template, share what must differ.
"""

from __future__ import annotations

import argparse
import sys

from guestseal.errors import UsageError
from guestseal.rehearse.rehearsal import Rehearsal
from guestseal.report import Report

MOST = 50


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``rehearse``."""
    parser.add_argument("--clones", type=int, default=3, metavar="N", help=f"clones to boot (3; at most {MOST})")
    parser.add_argument("--source", choices=("ec2", "cloudstack"), default="ec2", help="the platform to simulate")


def run(options: argparse.Namespace) -> Report:
    """Rehearse, telling on stderr what is going on."""
    if not 1 <= options.clones <= MOST:
        raise UsageError(f"--clones {options.clones}: it takes 1 to {MOST}")

    def say(what: str) -> None:
        if not options.quiet:
            sys.stderr.write(f"rehearse: {what}\n")

    return Rehearsal(options.root, clones=options.clones, platform=options.source, say=say).run()
