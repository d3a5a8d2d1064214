"""The rndc-key step, on trees: it needs no program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.children import every_cut
from support.clones import CloneTree, clone_tree, needs_root
from support.steps import Notebook
from support.trees import Dir, Entry, File, fingerprint

from guestseal.catalog import Item
from guestseal.firstboot.runner import StageRun
from guestseal.firstboot.step import Result
from guestseal.firstboot.steps.local.rndc_key import STEP
from guestseal.guest.services.rndc_key import DEBIAN, is_standard
from guestseal.report import Outcome

pytestmark = needs_root

ACCOUNTS: dict[str, Entry] = {
    "/etc/passwd": File("root:x:0:0::/root:/bin/sh\nbind:x:104:111::/var/cache/bind:/bin/false\n")
}
BIND: dict[str, Entry] = {**ACCOUNTS, "/etc/bind": Dir(0o2755, (0, 111)), "/etc/bind/named.conf": File("// ours\n")}
OURS: dict[str, Entry] = {DEBIAN: File('key "ours" {};\n', 0o640)}


def debian(path: Path, files: dict[str, Entry] | None = None) -> CloneTree:
    return clone_tree(path, {**BIND, **(files or {})})


def boot(vm: CloneTree) -> Result:
    return vm.run(STEP)


@pytest.mark.parametrize("there", [{}, {DEBIAN: File("")}], ids=["missing", "empty"])
def test_a_missing_key_is_made_for_the_account_of_named(tmp_path: Path, there: dict[str, Entry]) -> None:
    vm = debian(tmp_path, there)
    result = boot(vm)
    entry = vm.entry(DEBIAN)
    assert (result.changed, result.warnings) == (True, ())
    assert isinstance(entry, File)
    assert (entry.mode, entry.owner) == (0o640, (104, 111))
    assert is_standard(vm.read(DEBIAN).encode())
    assert vm.leftovers() == []


def test_every_clone_has_another_one(tmp_path: Path) -> None:
    vms = [debian(tmp_path / str(number)) for number in range(4)]
    for vm in vms:
        boot(vm)
    secrets = {re.findall(r'secret "(.*)"', vm.read(DEBIAN))[0] for vm in vms}
    assert len(secrets) == len(vms)


@pytest.mark.parametrize(
    "files",
    [
        OURS,
        {"/etc/bind/rndc.conf": File('key "ours" {};\n')},
        {"/etc/os-release": File("ID=alpine\n")},
        {"/etc/bind/named.conf": None},
    ],
    ids=["a key is there", "rndc has a configuration", "not Debian", "no BIND"],
)
def test_otherwise_nothing_is_made(tmp_path: Path, files: dict[str, Entry]) -> None:
    vm = debian(tmp_path, files)
    before = fingerprint(tmp_path)
    assert not boot(vm).changed
    assert fingerprint(tmp_path) == before


def test_a_power_cut_leaves_no_key_or_a_whole_one(tmp_path: Path) -> None:
    step = Item("rndc-key", "BIND's key", "", STEP)

    def booted(vm: CloneTree) -> Outcome:
        return StageRun.begin(vm.clone(), "seal-1", Notebook()).run_item(step).outcome

    cuts = 0
    for vm in every_cut(debian, booted, tmp_path / "vm"):
        cuts += 1
        assert vm.entry(DEBIAN) is None or is_standard(vm.read(DEBIAN).encode())
        assert booted(vm) is not Outcome.FAILED
        assert is_standard(vm.read(DEBIAN).encode())
        assert vm.leftovers() == []
    assert cuts >= 5
