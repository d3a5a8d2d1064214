"""Remove what was remembered of this hardware

The brightness of screens, which radios were off, and the history of batteries, each named by
a device the clone does not have (systemd-backlight@.service(8), systemd-rfkill.service(8)).

Left on purpose: tuned's active profile and the levels of sound cards, which are settings.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=("/var/lib/systemd/backlight/*", "/var/lib/systemd/rfkill/*", "/var/lib/upower/history-*"),
)
