"""Is SELinux on, and can a clone of it be logged in to?"""

from __future__ import annotations

import os

import pytest
from support.check_cases import CHECKS, CheckCase, looked
from support.operation_cases import DEBIAN, REDHAT, SUSE
from support.trees import File, Tree, build

from guestseal.guest.tree import Tree as GuestTree

CONFIG, REQUEST = "/etc/selinux/config", "/.autorelabel"
POLICY: Tree = {"/etc/selinux/targeted/policy/policy.33": File("policy")}
ACCOUNTS: Tree = {"/etc/passwd": File(), "/etc/shadow": File(mode=0o000)}


def selinux(mode: str, kind: str = "targeted") -> Tree:
    return {CONFIG: File(f"# SELINUX=disabled\nSELINUX={mode}\nSELINUXTYPE={kind}\n")}


ENFORCING: Tree = {**selinux("enforcing"), **POLICY}
ASKED: Tree = {REQUEST: File(b"", 0o600)}
BLS = "/boot/loader/entries/a.conf"

CASES = (
    CheckCase("enforcing, to be labelled", REDHAT, {**ENFORCING, **ACCOUNTS, **ASKED}),
    CheckCase("permissive", DEBIAN, {**selinux("permissive"), **ACCOUNTS}),
    CheckCase(
        "selinux=1 for the kernel", REDHAT, {**ENFORCING, BLS: File("options root=UUID=1 selinux=0 selinux=1\n")}
    ),
    CheckCase("disabled", REDHAT, selinux("disabled"), ("is disabled",), fails=False, mended=ENFORCING),
    CheckCase(
        "disabled for the kernel",
        SUSE,
        {**ENFORCING, BLS: File("options root=UUID=1 selinux=0\n")},
        ("for the kernel",),
        fails=False,
        mended={BLS: File("options root=UUID=1\n")},
    ),
    CheckCase(
        "no policy",
        REDHAT,
        selinux("enforcing", "mls"),
        ("policy is missing",),
        mended={"/etc/selinux/mls/policy/policy.33": File()},
    ),
    CheckCase("no labels", REDHAT, {**ENFORCING, **ACCOUNTS}, ("has no SELinux label",), mended=ASKED),
    CheckCase(
        "labelled in vain", REDHAT, {**ENFORCING, **ASKED}, ("boots again",), fails=False, mended={REQUEST: None}
    ),
    CheckCase("none", DEBIAN, ACCOUNTS, skipped="no SELinux"),
)


def test_files_with_labels_need_no_more(tmp_path):
    (case,) = (case for case in CASES if case.name == "no labels")
    build(tmp_path, case.start)
    for path in ACCOUNTS:
        try:
            os.setxattr(f"{tmp_path}{path}", "security.selinux", b"system_u:object_r:passwd_file_t:s0\0")
        except OSError:
            pytest.skip("a filesystem without labels")
    with GuestTree(str(tmp_path)) as tree:
        assert looked(CHECKS["selinux"].value, case.subject(tree)) == []
