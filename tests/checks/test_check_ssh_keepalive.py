"""Does sshd ask idle clients whether they are there?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, UBUNTU
from support.trees import File, Tree

AZURE, CONFIG = "azure", "/etc/ssh/sshd_config"


def sshd(text: str) -> Tree:
    return {CONFIG: File(f"{text}\n")}


GOOD = sshd("ClientAliveInterval 180")

CASES = (
    CheckCase("as recommended", DEBIAN, GOOD, profile=AZURE),
    CheckCase("the least", REDHAT, sshd("ClientAliveInterval 30"), profile=AZURE),
    CheckCase("the most, in minutes", SUSE, sshd("clientaliveinterval=3m55s"), profile=AZURE),
    CheckCase("no sshd", ALPINE, {}, skipped="no SSH server", profile=AZURE),
    CheckCase("sshd's default", DEBIAN, sshd("# ClientAliveInterval 180"), ("asks never",), mended=GOOD, profile=AZURE),
    CheckCase("too late", UBUNTU, sshd("ClientAliveInterval 236"), ("after 236",), mended=GOOD, profile=AZURE),
    CheckCase(
        "too late, in minutes", UBUNTU, sshd("ClientAliveInterval 4m"), ("after 240",), mended=GOOD, profile=AZURE
    ),
    CheckCase("too often", REDHAT, sshd("ClientAliveInterval 29"), ("after 29",), mended=GOOD, profile=AZURE),
    CheckCase(
        "the first one counts",
        REDHAT,
        sshd("ClientAliveInterval 1h\nClientAliveInterval 180"),
        ("after 3600",),
        mended=GOOD,
        profile=AZURE,
    ),
    CheckCase("no time", SUSE, sshd("ClientAliveInterval often"), ("asks never",), mended=GOOD, profile=AZURE),
)
