"""The unbound-control-keys step: a script in place of unbound-control-setup, and the real one where it is installed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from support.children import every_cut
from support.clones import CloneTree, clone_tree, needs_root
from support.steps import Notebook
from support.trees import Dir, Entry, File, fingerprint

from guestseal.catalog import Item
from guestseal.errors import CommandError, GuestError
from guestseal.firstboot.runner import StageRun
from guestseal.firstboot.step import Result
from guestseal.firstboot.steps.local.unbound_control_keys import STEP, TIMEOUT
from guestseal.guest.services.unbound_keys import CERTIFICATES, DIRECTORY, FILES, KEYS, MAKER, OPENSSL
from guestseal.machine.commands import Commands, Completed
from guestseal.report import Outcome

pytestmark = needs_root

REMOTE = File("remote-control:\n  control-enable: yes\n  control-interface: 127.0.0.1\n")
OLD: dict[str, Entry] = {
    **{path: File("-----BEGIN PRIVATE KEY-----\nold\n-----END PRIVATE KEY-----\n", 0o640) for path in KEYS},
    **{path: File("-----BEGIN CERTIFICATE-----\nold\n-----END CERTIFICATE-----\n", 0o640) for path in CERTIFICATES},
}
MAKES = """
[ "$1" = -d ] && cd "$2" || exit 9
for name in server control; do
    printf -- '-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n' $$ > unbound_$name.key
    printf -- '-----BEGIN CERTIFICATE-----\\n%s\\n-----END CERTIFICATE-----\\n' $$ > unbound_$name.pem
done
echo > server.cnf
"""


class OfTree(Commands):
    """Runs the program of a tree in place of this machine's."""

    def __init__(self, program: str) -> None:
        super().__init__()
        self._program = program

    def run(self, arguments: Sequence[str], **options) -> Completed:  # type: ignore[no-untyped-def]
        """As Commands.run."""
        assert arguments[0] == MAKER
        assert options["timeout"] == TIMEOUT
        return super().run([self._program, *arguments[1:]], **options)


def resolver(path: Path, script: str = MAKES, files: dict[str, Entry] | None = None) -> CloneTree:
    programs: dict[str, Entry] = {MAKER: File(f"#!/bin/sh\n{script}\n", 0o755), OPENSSL: File("ELF", 0o755)}
    return clone_tree(
        path,
        {DIRECTORY: Dir(0o755, (0, 105)), f"{DIRECTORY}/unbound.conf": REMOTE, **programs, **(files or {})},
    )


def boot(vm: CloneTree, program: str | None = None) -> Result:
    clone = vm.clone(live=True)
    clone.machine.commands = OfTree(program or f"{vm.path}{MAKER}")
    return STEP.run(clone)


def contents(vm: CloneTree) -> set[str]:
    return {vm.read(path).split("\n")[1] for path in FILES}


@pytest.mark.parametrize("missing", [FILES, FILES[:1], FILES[3:]], ids=["all", "a key", "a certificate"])
def test_where_one_is_missing_all_are_made(tmp_path: Path, missing: tuple[str, ...]) -> None:
    vm = resolver(tmp_path, files={path: entry for path, entry in OLD.items() if path not in missing})
    result = boot(vm)
    assert (result.changed, result.warnings) == (True, ())
    assert len(contents(vm)) == 1, "of one run"
    assert "old" not in contents(vm)
    for path in FILES:
        entry = vm.entry(path)
        assert isinstance(entry, File)
        assert (entry.mode, entry.owner) == (0o640, (0, 105))
    assert vm.leftovers() == []
    assert vm.entry(f"{DIRECTORY}/server.cnf") is None


@pytest.mark.parametrize(
    "files",
    [
        OLD,
        {f"{DIRECTORY}/unbound.conf": File("remote-control:\n  control-enable: no\n")},
        {MAKER: None},
        {OPENSSL: None},
        {
            "/usr/lib/systemd/system/unbound-keygen.service": File("[Service]\n"),
            "/usr/lib/systemd/system/unbound.service": File("[Unit]\nWants=unbound-keygen.service\n"),
        },
    ],
    ids=["all are there", "not used", "no unbound-control-setup", "no openssl", "Enterprise Linux"],
)
def test_otherwise_nothing_is_made(tmp_path: Path, files: dict[str, Entry]) -> None:
    vm = resolver(tmp_path, files=files)
    before = fingerprint(tmp_path)
    assert not boot(vm).changed
    assert fingerprint(tmp_path) == before


def test_a_tree_that_is_not_the_running_system_waits_for_its_own_boot(tmp_path: Path) -> None:
    vm = resolver(tmp_path)
    result = vm.run(STEP)
    assert (result.changed, result.complete) == (False, False)
    assert vm.entry(FILES[0]) is None


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("exit 1", CommandError),
        ("exit 0", GuestError),
        (f"{MAKES}\necho '-----BEGIN' > unbound_control.key", GuestError),
    ],
)
def test_a_program_that_makes_nothing_of_use_is_an_error(tmp_path: Path, script: str, error: type[Exception]) -> None:
    vm = resolver(tmp_path, script)
    with pytest.raises(error):
        boot(vm)
    assert [path for path in FILES if vm.entry(path)] == []
    assert vm.leftovers() == []


def test_after_a_power_cut_all_are_of_one_run(tmp_path: Path) -> None:
    step = Item("unbound-control-keys", "Unbound's keys", "", STEP)

    def booted(vm: CloneTree) -> Outcome:
        clone = vm.clone(live=True)
        clone.machine.commands = OfTree(f"{vm.path}{MAKER}")
        return StageRun.begin(clone, "seal-1", Notebook()).run_item(step).outcome

    cuts = 0
    for vm in every_cut(resolver, booted, tmp_path / "vm"):
        cuts += 1
        assert booted(vm) is not Outcome.FAILED
        assert len(contents(vm)) == 1
        assert vm.leftovers() == []
        assert booted(vm) is Outcome.CLEAN
    assert cuts >= 8


@pytest.mark.skipif(not os.path.exists(MAKER), reason="unbound is not installed")
def test_the_real_one_makes_pairs_that_fit(tmp_path: Path) -> None:
    vm = resolver(tmp_path)
    assert boot(vm, MAKER).changed
    server, control = (f"{tmp_path}{path}" for path in CERTIFICATES)
    subprocess.run(["openssl", "verify", "-CAfile", server, control], check=True, capture_output=True, timeout=60)
