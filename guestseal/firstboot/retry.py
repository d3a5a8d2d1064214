"""Asking again in the background, where a boot's network stage ended without all that the platform has to say.

The same for a stage with a step that failed, and for one that was stopped before its end: systemd starts the timer.

A router that comes up late, or an interface that is plugged in after the boot, still
delivers. guestseal-retry.timer has the pauses and runs the stage again; what is decided
here, after each time, is whether it goes on: for ``retry_for`` seconds after the first.
A time that has begun before they are over is the last one.
"""

from __future__ import annotations

import logging

from guestseal.errors import CommandError
from guestseal.machine.host import Machine
from guestseal.machine.runtime import RETRY, Runtime
from guestseal.settings import Settings

TIMER = "guestseal-retry.timer"

log = logging.getLogger(__name__)


def follow(machine: Machine, runtime: Runtime, settings: Settings, *, wanting: bool, again: bool = False) -> bool:
    """Start the timer, let it go on, or stop it, after a network stage; whether it asks again.

    ``wanting``: it has not ended with everything in place. ``again``: the timer has run it.
    Without systemd nothing asks again. Trouble is logged and never raised: the stage itself is done.
    """
    now = machine.clock.monotonic()
    try:
        until = _until(runtime)
        if wanting and until is None and settings.retry_for:
            until = now + settings.retry_for
            runtime.write(RETRY, {"until": until})
        if wanting and until is not None and now < until:
            # Starting it once more changes nothing: its pauses go on from where they are.
            return machine.services.start([TIMER], wait=0)
        if until is not None or again:
            machine.services.stop([TIMER], wait=0)
            if wanting:
                log.warning("the platform has not answered all this time: asking ends here, until the next boot")
    except (CommandError, OSError) as error:
        log.warning("%s: %s", TIMER, error)
    return False


def _until(runtime: Runtime) -> float | None:
    """When asking ends, in seconds of the monotonic clock; None: it has not begun on this boot."""
    until = (runtime.read(RETRY) or {}).get("until")
    return float(until) if isinstance(until, (int, float)) else None
