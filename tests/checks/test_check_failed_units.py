"""Has a unit failed?"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Callable

from support.check_cases import CheckCase
from support.machine import FakeCommands, machine
from support.operation_cases import ALPINE, DEBIAN, REDHAT

from guestseal.machine.host import Machine
from guestseal.machine.services import Services

RUNTIME = tempfile.TemporaryDirectory(prefix="guestseal-units-")
Path(RUNTIME.name, "systemd/system").mkdir(parents=True)


def systemctl(*lines: str, runtime: str = RUNTIME.name) -> Callable[[], Machine]:
    """A machine on which ``systemctl list-units --state=failed --plain --no-legend`` says these lines."""

    def make() -> Machine:
        commands = FakeCommands({"systemctl": "".join(f"{line}\n" for line in lines).encode()})
        made = machine(commands=commands)
        made.services = Services(commands, runtime=runtime)
        return made

    return make


CASES = (
    CheckCase("none", DEBIAN, {}, machine=systemctl()),
    CheckCase("a tree", DEBIAN, {}, skipped="only a guest that runs"),
    CheckCase("OpenRC", ALPINE, {}, skipped="systemd does not run", machine=systemctl(runtime="/nonexistent")),
    CheckCase(
        "two of them",
        REDHAT,
        {},
        ("kdump.service has failed", "srv-data.mount has failed"),
        fails=False,
        machine=systemctl(
            "kdump.service loaded failed failed Crash recovery kernel arming",
            "srv-data.mount loaded failed failed /srv/data",
        ),
        mended_machine=systemctl(),
    ),
    CheckCase(
        "a name that would change a terminal",
        DEBIAN,
        {},
        (r"a\x1b[2J.service has failed",),
        fails=False,
        machine=systemctl("a\x1b[2J.service loaded failed failed x"),
        mended_machine=systemctl(),
    ),
)
