"""Remove apt's lists of packages

They name the mirrors that the template used and are out of date soon; without them apt
installs nothing before the next ``apt update``. Many use a template just to install from
it at once, so they stay unless this is asked for.

Left on purpose: lock and the directories partial and auxfiles, which apt expects.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER, remove=("/var/lib/apt/lists/*_*", "/var/lib/apt/lists/partial/*"), default=False
)
