"""Remove the stamps of offline updates

systemd-update-done.service(8) notes in /etc/.updated and /var/.updated when /usr was seen to
be newer. Units with ConditionNeedsUpdate= (ldconfig, sysusers, hwdb, the journal's catalog)
start only where /usr is newer than the stamp: without it they run once on a clone.

Left on purpose: /etc/.pwd.lock, which programs that change accounts lock.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(kind=Kind.CLUTTER, remove=("/etc/.updated", "/var/.updated"))
