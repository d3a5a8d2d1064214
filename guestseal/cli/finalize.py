"""Sweep an armed template master: guestseal-finalize.service calls this at shutdown.

Does nothing where `guestseal seal` has armed nothing.
"""

from __future__ import annotations

import argparse

from guestseal.errors import UsageError
from guestseal.guest.root import Root
from guestseal.machine.clock import Clock, Deadline
from guestseal.machine.host import Machine
from guestseal.report import Report
from guestseal.seal.sweep import sweep


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``finalize``."""
    parser.add_argument("--within", type=float, default=900.0, metavar="S", help="seconds it may take (900)")


def run(options: argparse.Namespace) -> Report:
    """The final sweep."""
    if options.root != "/":
        raise UsageError("finalize is for the machine that shuts down: an image is sealed with `seal --root`")
    with Root(options.root) as root:
        return sweep(root, Machine(), Deadline.after(Clock(), options.within))
