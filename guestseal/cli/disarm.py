"""Take back a seal that waits for the shutdown: the shutdown then seals nothing.

What the seal has removed stays removed; host keys and machine-id are made anew at the
next boot where the machine has something that makes them.
"""

from __future__ import annotations

import argparse

from guestseal.guest.root import Root
from guestseal.machine.host import Machine
from guestseal.report import Report
from guestseal.seal.live import disarm
from guestseal.seal.sealing import alone


def arguments(parser: argparse.ArgumentParser) -> None:
    """``disarm`` has no options of its own."""


def run(options: argparse.Namespace) -> Report:
    """Disarm. Raises Refused while a seal runs: it would be armed all the same when that has ended."""
    with Root(options.root) as root, alone(root):
        return disarm(root, Machine() if options.root == "/" else None)
