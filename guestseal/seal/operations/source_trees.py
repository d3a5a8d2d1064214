"""Report source code and build trees

Sources that were unpacked to build something, and what DKMS and RPM builds left, take space
and can hold what was not meant to be handed on. Whether they are the purpose of the template
cannot be told, so they are reported and stay.

Not reported: what packages put into /usr/src, as kernel headers and DKMS sources.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    findings=signs(
        Sign(
            (
                *("/usr/local/src/*", "/usr/src/*.tar*", "/usr/src/packages/BUILD/*", "/usr/src/packages/SOURCES/*"),
                *("/var/lib/dkms/*/*/build", "{home}/rpmbuild/BUILD/*", "{home}/rpmbuild/SOURCES/*"),
            ),
            "is source code or a build tree",
            "remove it, unless clones need it",
        )
    ),
)
