"""Run one stage of a boot of a clone: the systemd units call this.

`local` needs no network and makes the host keys; `network` asks the platform for the
host name, SSH keys and the password. Both do nothing twice.
"""

from __future__ import annotations

import argparse
import os

from guestseal.errors import Refused
from guestseal.firstboot.boot import Boot
from guestseal.guest.root import Root
from guestseal.machine.clock import Deadline
from guestseal.machine.host import Machine
from guestseal.report import Report
from guestseal.settings import load

WAIT = 30.0
"""Seconds to wait for another stage that is running."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``firstboot``."""
    parser.add_argument("--stage", choices=("local", "network"), required=True)
    parser.add_argument("--runtime-directory", metavar="DIR", help="where to say how far this boot is (/run/guestseal)")


def run(options: argparse.Namespace) -> Report:
    """One stage of this boot."""
    if os.geteuid() != 0:
        raise Refused("a clone is personalised by root")
    with Root(options.root) as root:
        settings = load(root, extra=options.config)
        machine = Machine()
        if options.runtime_directory is not None:
            machine.runtime_directory = options.runtime_directory
        boot = Boot(root, machine, settings, live=options.root == "/")
        with boot.runtime.alone(Deadline.after(machine.clock, WAIT)):
            return boot.local() if options.stage == "local" else boot.network()
