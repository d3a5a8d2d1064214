"""Does the platform take images of this release?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, UBUNTU
from support.trees import File, Tree


def release(text: str) -> Tree:
    return {"/etc/os-release": File(text.replace(" ", "\n") + "\n")}


BOOKWORM = release("ID=debian VERSION_ID=12")
DO = "digitalocean"

CASES = (
    CheckCase("Debian 12", DEBIAN, BOOKWORM, profile=DO),
    CheckCase("Ubuntu 24.04", UBUNTU, release("ID=ubuntu VERSION_ID=24.04"), profile=DO),
    CheckCase("Rocky 9.4", REDHAT, release("ID=rocky VERSION_ID=9.4"), profile=DO),
    CheckCase("any", ALPINE, {}, skipped="takes any release", profile="aws"),
    CheckCase("Alpine", ALPINE, {}, ("alpine is not among",), mended=BOOKWORM, profile=DO),
    CheckCase(
        "a release that is not on the list",
        UBUNTU,
        release("ID=ubuntu VERSION_ID=23.10"),
        ("ubuntu 23.10",),
        mended=BOOKWORM,
        profile=DO,
    ),
    CheckCase("Rocky 10", REDHAT, release("ID=rocky VERSION_ID=10.0"), ("rocky 10.0",), mended=BOOKWORM, profile=DO),
    CheckCase("Debian 13", DEBIAN, release("ID=debian VERSION_ID=13"), ("debian 13",), mended=BOOKWORM, profile=DO),
    CheckCase("Debian 1", DEBIAN, release("ID=debian VERSION_ID=1"), ("debian 1 ",), mended=BOOKWORM, profile=DO),
    CheckCase("nobody's", DEBIAN, {"/etc/os-release": File()}, ("this guest is not",), mended=BOOKWORM, profile=DO),
)
