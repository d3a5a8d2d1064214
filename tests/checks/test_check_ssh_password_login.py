"""Can anybody log in over SSH with a password?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, UBUNTU
from support.trees import File, Tree

CONFIG, DROP_IN = "/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d/60-cloudimg-settings.conf"


def sshd(text: str, drop_in: str = "") -> Tree:
    included = {DROP_IN: File(drop_in)} if drop_in else {}
    return {CONFIG: File(f"Include /etc/ssh/sshd_config.d/*.conf\n{text}"), **included}


OFF = "PasswordAuthentication no\nKbdInteractiveAuthentication no\nUsePAM yes\n"
CLOSED = sshd(OFF)

CASES = (
    CheckCase("off", DEBIAN, CLOSED, profile="aws"),
    CheckCase("off for root, too", REDHAT, sshd(f"{OFF}PermitRootLogin no\n"), profile="gcp"),
    CheckCase(
        "by a drop-in, as Ubuntu's cloud images",
        UBUNTU,
        sshd("UsePAM no\n", "PasswordAuthentication no\n"),
        profile="aws",
    ),
    CheckCase("the old name", SUSE, sshd(f"{OFF}PermitRootLogin without-password\n"), profile="gcp"),
    CheckCase("no sshd", ALPINE, {}, skipped="no SSH server", profile="aws"),
    CheckCase("sshd's defaults", ALPINE, {CONFIG: File()}, ("sshd takes passwords",), mended=CLOSED, profile="aws"),
    CheckCase(
        "a drop-in after which nothing counts",
        UBUNTU,
        sshd(OFF, "PasswordAuthentication yes\n"),
        ("sshd takes passwords",),
        mended={DROP_IN: None},
        profile="gcp",
    ),
    CheckCase(
        "by a dialogue",
        DEBIAN,
        sshd("PasswordAuthentication no\nUsePAM yes\n"),
        ("lets PAM ask",),
        mended=CLOSED,
        profile="aws",
    ),
    CheckCase(
        "root as well",
        REDHAT,
        sshd("UsePAM yes\nPermitRootLogin yes\n"),
        ("takes passwords", "lets PAM ask", "PermitRootLogin yes"),
        mended=CLOSED,
        profile="aws",
    ),
    CheckCase(
        "root, where no password is taken",
        SUSE,
        sshd(f"{OFF}PermitRootLogin yes\n"),
        ("PermitRootLogin yes",),
        fails=False,
        mended=CLOSED,
        profile="gcp",
    ),
)
