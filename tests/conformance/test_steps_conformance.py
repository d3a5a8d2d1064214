"""What every step promises, whatever it does: a new file under steps/ is held to it at once."""

from __future__ import annotations

import dataclasses
import ipaddress
import logging
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support.children import NEW_MOUNTS, in_child
from support.clones import KEYS, CloneTree, clone_tree, needs_root
from support.trees import File, fingerprint, read

from guestseal.catalog import Item, discover
from guestseal.errors import GuestsealError
from guestseal.firstboot.metadata import Metadata
from guestseal.firstboot.runner import PACKAGES
from guestseal.firstboot.step import Result, Stage, Step
from guestseal.guest.network.network_config import Link, NetworkConfig

LOCAL: dict[str, Item[Step]] = discover(PACKAGES[Stage.LOCAL], "STEP", Step)
NETWORK: dict[str, Item[Step]] = discover(PACKAGES[Stage.NETWORK], "STEP", Step)
STEPS = {**LOCAL, **NETWORK}
PASSWORD = b"N0body-may-read-this"
ETH0 = Link(mac=None, name="eth0", addresses=(ipaddress.IPv4Interface("10.77.0.11/24"),))
SAID: dict[str, Any] = {
    "hostname": "vm1.example.com",
    "ssh_keys": KEYS,
    "password": PASSWORD,
    "user_data": b"#!/bin/sh\n",
    "network": NetworkConfig((ETH0,)),
}
ON_THIS_MACHINE_ONLY = ("grow-root", "tls-snakeoil", "unbound-control-keys")
"""They know no other root directory than /, and do nothing to the tree of another machine."""

pytestmark = [needs_root, pytest.mark.parametrize("item", STEPS.values(), ids=list(STEPS))]


def tree(path: Path) -> CloneTree:
    """A clone on which every step has something to do."""
    return clone_tree(path, {"/etc/bind/named.conf": File("// ours\n")}, user_data="keep")


def run(vm: CloneTree, item: Item[Step], result: Result | None = None) -> Result:
    """Run the step after ``result``; the local stage has no metadata."""
    memory = None if result is None else result.memory
    clone = vm.clone(memory=memory, **SAID)
    if item.name in LOCAL:
        clone = dataclasses.replace(clone, metadata=None)
    return item.value.run(clone)


def test_it_has_a_heading_and_a_manual(item: Item[Step]) -> None:
    assert 10 < len(item.heading) < 70
    assert len(item.manual) > 200
    assert "\t" not in item.manual


def test_what_it_names_exists(item: Item[Step]) -> None:
    assert set(item.value.needs) <= {field.name for field in dataclasses.fields(Metadata)}
    assert set(item.value.after) <= set(STEPS)
    assert item.name in NETWORK or not item.value.needs, "the local stage has no metadata"


def test_on_an_empty_tree_it_changes_nothing(item: Item[Step], tmp_path: Path) -> None:
    try:
        assert not run(CloneTree(tmp_path), item).changed
    except GuestsealError as error:
        assert str(error).isprintable()
        assert error.exit_code == 1
    assert fingerprint(tmp_path) == {}


def test_the_second_run_changes_nothing(item: Item[Step], tmp_path: Path) -> None:
    vm = tree(tmp_path)
    first = run(vm, item)
    assert first.changed is (item.name not in ON_THIS_MACHINE_ONLY)
    before = fingerprint(tmp_path)
    second = run(vm, item, first)
    assert not second.changed
    assert second.memory == first.memory
    assert fingerprint(tmp_path) == before


def test_it_leaves_nothing_behind_and_no_descriptor_open(item: Item[Step], tmp_path: Path) -> None:
    vm = tree(tmp_path)
    clone = vm.clone(**SAID)
    before = os.listdir("/proc/self/fd")
    item.value.run(clone)
    assert os.listdir("/proc/self/fd") == before
    assert vm.leftovers() == []


def test_nothing_it_says_holds_a_secret(item: Item[Step], tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    vm = tree(tmp_path)
    result = run(vm, item)
    said = "\n".join((repr(result), *result.memory.values(), result.detail, *result.warnings, caplog.text))
    assert PASSWORD.decode() not in said
    assert "PRIVATE KEY" not in said
    assert all(text.isprintable() for text in (result.detail, *result.warnings))
    on_disk = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert PASSWORD not in on_disk


def test_an_error_holds_no_secret_either(item: Item[Step], tmp_path: Path) -> None:
    """Everything a step writes to is a link here."""
    vm = tree(tmp_path)
    for path in ("hostname", "hosts", "shadow", "ssh", "network/interfaces", "bind"):
        target = tmp_path / "etc" / path
        target.rename(f"{target}.real")
        target.symlink_to(f"/nowhere/{path}")
    (tmp_path / "root/.ssh").symlink_to("/nowhere")
    (tmp_path / "var").symlink_to("/nowhere")
    before = read(tmp_path)
    try:
        run(vm, item)
    except GuestsealError as error:
        assert PASSWORD.decode() not in f"{error!r} {error} {error.__cause__!r}"
    assert read(tmp_path) == before


def test_a_disk_that_is_read_only_is_an_error_and_nothing_else(item: Item[Step], tmp_path: Path) -> None:
    def personalise() -> str:
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(tmp_path)], check=True)
        vm = tree(tmp_path)
        subprocess.run(["mount", "-o", "remount,ro", str(tmp_path)], check=True)
        before = fingerprint(tmp_path)
        try:
            run(vm, item)
        except GuestsealError as error:
            return f"{'Read-only' in str(error)} {fingerprint(tmp_path) == before}"
        return "no error"

    expected = "no error" if item.name in ON_THIS_MACHINE_ONLY else "True True"
    assert in_child(personalise, namespaces=NEW_MOUNTS) == expected
