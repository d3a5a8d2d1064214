"""Remove what OpenNebula's context scripts left

one-contextd runs its scripts when the context is another one than last time. It writes what
they print to /var/lib/one-context/tmp (one-apps, context-linux/src/usr/sbin/one-contextd),
and they are told passwords. The context itself is below /run and is not cloned.

Left on purpose: /var/lib/one-context itself, and /etc/one-context.d, the scripts.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(kind=Kind.SECRET, remove=("/var/lib/one-context/*",))
