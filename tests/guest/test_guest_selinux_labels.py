"""Whether a guest uses SELinux, and which of its files have no label."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.trees import Dir, File, build

from guestseal.guest.selinux_labels import unlabelled, used
from guestseal.guest.tree import Tree


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("SELINUX=enforcing\n", True),
        (" SELINUX=Permissive\n", True),
        ("SELINUX=disabled\n", False),
        ("SELINUX=enforcing\nSELINUX=disabled\n", False),
        ("#SELINUX=enforcing\nSELINUXTYPE=targeted\n", False),
        ("", False),
    ],
)
def test_selinux_is_used_where_its_configuration_says_so(config: str, expected: bool, tmp_path: Path) -> None:
    build(tmp_path, {"/etc/selinux/config": File(config)})
    with Tree(str(tmp_path)) as tree:
        assert used(tree) is expected


def test_selinux_is_not_used_without_a_configuration(tmp_path: Path) -> None:
    build(tmp_path, {"/etc/selinux/config": Dir()})
    with Tree(str(tmp_path)) as tree:
        assert not used(tree)


def test_a_file_with_a_label_has_one(tmp_path: Path) -> None:
    build(tmp_path, {"/etc/shadow": File("x"), "/etc/passwd": File("x")})
    try:
        os.setxattr(tmp_path / "etc/shadow", "security.selinux", b"system_u:object_r:shadow_t:s0\0")
    except OSError as error:
        pytest.skip(f"no labels here: {error}")
    with Tree(str(tmp_path)) as tree:
        assert not unlabelled(tree, "/etc/shadow")
        assert unlabelled(tree, "/etc/passwd")
        assert not unlabelled(tree, "/etc/gshadow")
