"""Have the files of accounts the distribution's owners and modes?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE
from support.trees import ROOT, Dir, Entry, File, Link, Tree

SHADOW, GSHADOW, PASSWD, GROUP = "/etc/shadow", "/etc/gshadow", "/etc/passwd", "/etc/group"
SUDOERS, DROP_IN, README = "/etc/sudoers", "/etc/sudoers.d/90-own", "/etc/sudoers.d/README"
ADA, SHADOWS = (1000, 1000), (0, 42)
HASHES = "root:$y$j9T$salt$hash:20000::::::\n"
FILES: dict[str, Entry] = {
    PASSWD: File("root:x:0:0:root:/root:/bin/bash\n"),
    GROUP: File("root:x:0:\nshadow:x:42:\nusers:x:100:\n"),
}


def shadow(mode: int, owner: tuple[int, int] = ROOT) -> dict[str, Entry]:
    return {SHADOW: File(HASHES, mode, owner), GSHADOW: File("root:*::\n", mode, owner)}


DEBIANS = {**FILES, **shadow(0o640, SHADOWS)}
REDHATS = {**FILES, **shadow(0o000)}
SUDO = {SUDOERS: File("root ALL=(ALL) ALL\n", 0o440), "/usr/bin/sudo": File(mode=0o4755)}


def changed(base: Tree, path: str, mode: int, owner: tuple[int, int] = ROOT) -> dict[str, Entry]:
    old = base[path]
    assert isinstance(old, File)
    return {**base, path: File(old.content, mode, owner)}


def mended(base: Tree, path: str) -> dict[str, Entry]:
    return {path: base[path]}


RULE = "ada ALL=(ALL) ALL\n"

CASES = (
    CheckCase("Debian", DEBIAN, {**DEBIANS, **SUDO, README: File("#\n", 0o440), "/etc/shadow-": File(HASHES, 0o600)}),
    CheckCase("RHEL", REDHAT, {**REDHATS, **SUDO, "/usr/bin/sudo": File(mode=0o4111)}),
    CheckCase("SUSE", SUSE, DEBIANS),
    CheckCase("Alpine", ALPINE, DEBIANS),
    CheckCase("Arch", ARCH, {**FILES, **shadow(0o600)}),
    CheckCase("stricter than the distribution", DEBIAN, {**FILES, **shadow(0o400)}),
    CheckCase("sudoers of root's group", DEBIAN, {**DEBIANS, DROP_IN: File(RULE, 0o664)}),
    CheckCase(
        "what sudo passes over",
        DEBIAN,
        {**DEBIANS, f"{DROP_IN}.bak": File(RULE, 0o666), f"{DROP_IN}~": File(RULE, 0o666)},
    ),
    CheckCase("a link", DEBIAN, {**FILES, "/etc/own": File(HASHES, 0o644), SHADOW: Link("own")}),
    CheckCase("no shadow passwords", ALPINE, {PASSWD: File("root:$6$salt$hash:0:0::/root:/bin/sh\n")}),
    CheckCase(
        "hashes for everybody",
        DEBIAN,
        changed(DEBIANS, SHADOW, 0o644, SHADOWS),
        ("open to everybody",),
        mended=mended(DEBIANS, SHADOW),
    ),
    CheckCase(
        "hashes for everybody on RHEL",
        REDHAT,
        changed(REDHATS, GSHADOW, 0o004),
        ("open to everybody",),
        mended=mended(REDHATS, GSHADOW),
    ),
    CheckCase(
        "hashes for everybody on Arch",
        ARCH,
        {**FILES, **shadow(0o644)},
        ("open to everybody",) * 2,
        mended=shadow(0o600),
    ),
    CheckCase(
        "hashes for another group",
        SUSE,
        changed(DEBIANS, SHADOW, 0o640, (0, 100)),
        ("open to another group",),
        mended=mended(DEBIANS, SHADOW),
    ),
    CheckCase(
        "hashes that the group can change",
        ALPINE,
        changed(DEBIANS, SHADOW, 0o660, SHADOWS),
        ("open to another group",),
        mended=mended(DEBIANS, SHADOW),
    ),
    CheckCase(
        "a user's shadow",
        DEBIAN,
        changed(DEBIANS, SHADOW, 0o600, ADA),
        ("does not belong to root",),
        mended=mended(DEBIANS, SHADOW),
    ),
    CheckCase(
        "no group shadow",
        DEBIAN,
        {**FILES, GROUP: File("root:x:0:\n"), **shadow(0o644)},
        ("open to everybody",) * 2,
        mended=shadow(0o600),
    ),
    CheckCase(
        "an old copy for everybody",
        DEBIAN,
        {**DEBIANS, "/etc/shadow-": File(HASHES, 0o644)},
        ("open to everybody",),
        mended={"/etc/shadow-": File(HASHES, 0o640, SHADOWS)},
    ),
    CheckCase(
        "passwd for root alone",
        REDHAT,
        changed(REDHATS, PASSWD, 0o600),
        ("cannot be read by everybody",),
        mended=mended(REDHATS, PASSWD),
    ),
    CheckCase(
        "a group file that others can change",
        DEBIAN,
        changed(DEBIANS, GROUP, 0o646),
        ("can be changed by others",),
        mended=mended(DEBIANS, GROUP),
    ),
    CheckCase(
        "a user's passwd",
        DEBIAN,
        changed(DEBIANS, PASSWD, 0o644, ADA),
        ("can be changed by others",),
        mended=mended(DEBIANS, PASSWD),
    ),
    CheckCase("no shadow", DEBIAN, FILES, ("is missing",), mended=shadow(0o640, SHADOWS)),
    CheckCase(
        "a user's sudoers",
        DEBIAN,
        {**DEBIANS, **SUDO, DROP_IN: File(RULE, 0o440, ADA)},
        ("sudo refuses it",),
        mended={DROP_IN: File(RULE, 0o440)},
    ),
    CheckCase(
        "sudoers that others can write to",
        REDHAT,
        {**REDHATS, **SUDO, SUDOERS: File(RULE, 0o442)},
        ("sudo refuses it",),
        mended=SUDO,
    ),
    CheckCase(
        "sudoers that a group can write to",
        REDHAT,
        {**REDHATS, **SUDO, SUDOERS: File(RULE, 0o460, (0, 100))},
        ("sudo refuses it",),
        mended=SUDO,
    ),
    CheckCase(
        "sudo without its bit",
        DEBIAN,
        {**DEBIANS, "/usr/bin/sudo": File(mode=0o755)},
        ("no set-user-ID bit",),
        mended=SUDO,
    ),
    CheckCase(
        "sudo of a user",
        DEBIAN,
        {**DEBIANS, "/usr/bin/sudo": File("", 0o4755, ADA)},
        ("no set-user-ID bit",),
        mended=SUDO,
    ),
    CheckCase("no accounts", DEBIAN, {"/etc": Dir()}, skipped="no /etc/passwd"),
)
