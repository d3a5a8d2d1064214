"""The platform takes images of this release

A marketplace's image checker knows some distributions and releases, and refuses every other
one, however sound. Which they are is in the platform's profile (releases).
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.errors import printable
from guestseal.guest.facts import OS_RELEASE
from guestseal.guest.packages import releases


def _look(subject: Subject) -> Iterator[Problem]:
    os_release, wanted = subject.guest.os_release, subject.profile.releases
    if not wanted:
        raise Inapplicable("the profile takes any release")
    if not any(releases.is_release(os_release, name) for name in wanted):
        name = printable(" ".join(os_release.get(key, "") for key in ("ID", "VERSION_ID")).strip()) or "this guest"
        path = next((path for path in OS_RELEASE if subject.tree.is_file(path)), "")
        yield Problem(
            f"{name} is not among the releases that the platform takes", f"use one of {', '.join(wanted)}", path
        )


CHECK = Check(_look, source="digitalocean/marketplace-partners, scripts/99-img-check.sh", profiles=("digitalocean",))
