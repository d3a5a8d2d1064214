"""Run one stage of a boot of a clone: the systemd units call this.

`local` needs no network and makes the host keys; `network` asks the platform for the
host name, SSH keys and the password. Both do nothing twice. On a machine that is no clone
`local` only remembers the hardware, and warns of a clone whose template was not sealed.

Exit status 0: done, also when degraded, and when an unsealed clone was left as it is;
1: a step failed; 3: the network stage of a machine that is no clone.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from guestseal.errors import Refused
from guestseal.firstboot.guard import Guard
from guestseal.guest.root import Root
from guestseal.machine.clock import Deadline
from guestseal.machine.host import Machine
from guestseal.machine.runtime import Runtime
from guestseal.report import Report
from guestseal.settings import load

if TYPE_CHECKING:
    import argparse

WAIT = 30.0
"""Seconds to wait for another stage that is running."""
UNITS = (
    ("firstboot", "--stage", "local"),
    ("firstboot", "--stage", "network"),
    ("firstboot", "--stage", "network", "--retry"),
)
"""How the units call a stage."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``firstboot``."""
    parser.add_argument("--stage", choices=("local", "network"), required=True, help="which of the two")
    parser.add_argument(
        "--retry", action="store_true", help="this boot has run it before, and status keeps telling of that"
    )
    parser.add_argument("--runtime-directory", metavar="DIR", help="where to leave what this boot did (/run/guestseal)")
    parser.set_defaults(for_console=True)  # which may take nothing: the work is done all the same


def in_a_unit(words: Sequence[str]) -> Any:
    """What argparse makes of the words by which a unit calls a stage; None: they are others."""
    if tuple(words) not in UNITS:
        return None
    _, _, stage, *more = words
    common: dict[str, Any] = {"root": "/", "config": None, "format": "text", "verbose": 0, "quiet": 0, "renderers": {}}
    own = {"stage": stage, "retry": bool(more), "runtime_directory": None, "for_console": True}
    return SimpleNamespace(command="firstboot", run=run, **common, **own)


def run(options: argparse.Namespace) -> Report:
    """One stage of this boot."""
    if os.geteuid() != 0:
        raise Refused("a clone is personalised by root")
    with Root(options.root) as root:
        settings = load(root, extra=options.config)
        machine = Machine()
        if options.runtime_directory is not None:
            machine.runtime_directory = options.runtime_directory
        runtime, live = Runtime(machine.runtime_directory), options.root == "/"
        with runtime.alone(Deadline.after(machine.clock, WAIT)):
            guard = Guard(root, machine, runtime, live=live)
            if options.stage == "local" and guard.leaves_alone(settings):
                return guard.watch()
            from guestseal.firstboot.boot import Boot

            boot = Boot(root, machine, settings, live=live, guard=guard)
            return boot.local() if options.stage == "local" else boot.network(again=options.retry)
