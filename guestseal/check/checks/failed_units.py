"""No unit has failed

What fails in the template fails in each clone, and a machine whose state is "degraded" hides what
fails next. Looked at are the units that systemd counts as failed at this moment; what failed
before a seal took its logs is in no file, so a template that does not run tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.errors import printable


def _look(subject: Subject) -> Iterator[Problem]:
    services = subject.live.services
    if not services.managed:
        raise Inapplicable("systemd does not run")
    for name in services.failed():
        shown = printable(name)
        yield Problem(f"{shown} has failed", f"see `systemctl status {shown}`, and mend or disable it", fails=False)


CHECK = Check(_look, source="systemctl(1), list-units --failed, is-system-running")
