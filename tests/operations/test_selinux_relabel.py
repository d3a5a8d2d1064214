"""A guest whose files have no label asks for labels, and no other does. Files of these cases have none."""

from __future__ import annotations

from pathlib import Path

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File, build

from guestseal.guest.facts import Guest
from guestseal.guest.tree import Tree
from guestseal.seal.operations.selinux_relabel import OPERATION

ENFORCING = {"/etc/selinux/config": File("# SELINUX=disabled\nSELINUX=enforcing\nSELINUXTYPE=targeted\n")}
PERMISSIVE = {"/etc/selinux/config": File("SELINUX=permissive\n")}
DISABLED = {"/etc/selinux/config": File("#SELINUX=enforcing\nSELINUX=disabled\n")}
SHADOW = {"/etc/shadow": File("bin:*:19000::::::\n", 0o000)}
REQUEST = {"/.autorelabel": File("", 0o600)}

CASES = (
    Case("enforcing", REDHAT, {**ENFORCING, **SHADOW}, {**ENFORCING, **SHADOW, **REQUEST}),
    Case("permissive", SUSE, {**PERMISSIVE, **SHADOW}, {**PERMISSIVE, **SHADOW, **REQUEST}),
    Case("asked for already", REDHAT, {**ENFORCING, **SHADOW, "/.autorelabel": File("-F onboot\n")}),
    Case("disabled", REDHAT, {**DISABLED, **SHADOW}),
    Case("without SELinux", DEBIAN, SHADOW, alone=True),  # beside a guest that has it
    Case("nothing without a label", ALPINE, ENFORCING, alone=True),  # beside accounts
)


def test_the_running_system_labels_what_it_makes(tmp_path: Path) -> None:
    build(tmp_path, {**ENFORCING, **SHADOW})
    with Tree(str(tmp_path)) as tree:
        assert list(OPERATION.plan(Guest(tree, live=True))) == []
