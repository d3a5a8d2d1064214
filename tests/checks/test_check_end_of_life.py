"""Is the release past its end?"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Callable

import pytest
from support.check_cases import CheckCase
from support.machine import machine
from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE, UBUNTU
from support.trees import File, Tree

from guestseal.guest.packages.releases import end
from guestseal.machine.clock import Clock
from guestseal.machine.host import Machine


class Calendar(Clock):
    """A clock that stands at noon of one day."""

    def __init__(self, day: str) -> None:
        self._now = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=timezone.utc).timestamp()

    def now(self) -> float:
        return self._now


def on(day: str) -> Callable[[], Machine]:
    return lambda: machine(clock=Calendar(day))


def release(text: str) -> Tree:
    return {"/etc/os-release": File(text.replace(" ", "\n") + "\n")}


BUSTER, BOOKWORM = release("ID=debian VERSION_ID=10"), release('ID=debian VERSION_ID="12"')
ENDED = ("no security updates for everybody since 2024-06-30",)

CASES = (
    CheckCase("Debian 12", DEBIAN, BOOKWORM, machine=on("2026-11-21")),
    CheckCase("on its last day", DEBIAN, BUSTER, machine=on("2024-06-30")),
    CheckCase("a point release", REDHAT, release('ID="rocky" VERSION_ID="9.4"'), machine=on("2026-11-21")),
    CheckCase(
        "that says so itself",
        REDHAT,
        release("ID=fedora VERSION_ID=99 SUPPORT_END=2031-05-13"),
        machine=on("2031-05-13"),
    ),
    CheckCase("not a version that begins alike", SUSE, release("ID=sles VERSION_ID=15.7"), machine=on("2026-11-21")),
    CheckCase("rolling", ARCH, {}, skipped="the end of arch is not known"),
    CheckCase("Debian's testing", DEBIAN, {}, skipped="the end of debian is not known"),
    CheckCase("a distribution of one's own", DEBIAN, release("ID=ours VERSION_ID=1"), skipped="ours 1 is not known"),
    CheckCase("no os-release", DEBIAN, {"/etc/os-release": File()}, skipped="nothing says what distribution"),
    CheckCase("the day after", DEBIAN, BUSTER, ENDED, fails=False, machine=on("2024-07-01"), mended=BOOKWORM),
    CheckCase(
        "a tree", DEBIAN, BUSTER, ENDED, fails=False, mended=release("ID=debian VERSION_ID=999 SUPPORT_END=9999-12-31")
    ),
    CheckCase("where it is refused", DEBIAN, BUSTER, ENDED, machine=on("2026-11-21"), mended=BOOKWORM, profile="aws"),
    CheckCase(
        "Ubuntu without its Pro",
        UBUNTU,
        release('ID=ubuntu VERSION_ID="20.04"'),
        ("ubuntu 20.04",),
        fails=False,
        machine=on("2026-11-21"),
        mended=release('ID=ubuntu VERSION_ID="24.04"'),
    ),
    CheckCase(
        "Alpine with its third number",
        ALPINE,
        release("ID=alpine VERSION_ID=3.18.12"),
        ("alpine 3.18.12",),
        fails=False,
        machine=on("2026-11-21"),
        mended=release("ID=alpine VERSION_ID=3.22.1"),
    ),
    CheckCase(
        "CentOS Stream",
        REDHAT,
        release('ID="centos" VERSION_ID="8"'),
        ("since 2024-05-31",),
        fails=False,
        machine=on("2026-11-21"),
        mended=release('ID="centos" VERSION_ID="10"'),
    ),
)


@pytest.mark.parametrize("said", ("soon", "2030-13-01", "2030-1-1", ""))
def test_a_day_that_is_none_does_not_count(said: str) -> None:
    known = end({"ID": "debian", "VERSION_ID": "10"})
    assert known is not None
    assert end({"ID": "debian", "VERSION_ID": "10", "SUPPORT_END": said}) == known


@pytest.mark.parametrize(
    ("version", "known"), (("15", False), ("15.5", True), ("15.55", False), ("5.5", False), ("", False))
)
def test_a_version_is_taken_whole(version: str, known: bool) -> None:
    assert (end({"ID": "opensuse-leap", "VERSION_ID": version}) is not None) is known
