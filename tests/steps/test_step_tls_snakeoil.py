"""The tls-snakeoil step: a script in place of make-ssl-cert on trees, and the real one on a view of this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.children import NEW_MOUNTS, every_cut, in_child
from support.clones import CloneTree, clone_tree, needs_root
from support.steps import Notebook
from support.trees import Dir, Entry, File, fingerprint

from guestseal.catalog import Item
from guestseal.errors import CommandError, GuestError
from guestseal.firstboot.runner import StageRun
from guestseal.firstboot.step import Result
from guestseal.firstboot.steps.local import tls_snakeoil
from guestseal.firstboot.steps.local.tls_snakeoil import STEP
from guestseal.guest.services.tls_snakeoil import CERTIFICATE, KEY, MAKER
from guestseal.machine.commands import Commands, Completed
from guestseal.report import Outcome

pytestmark = needs_root

DIRECTORIES: dict[str, Entry] = {"/etc/ssl/private": Dir(0o710), "/etc/ssl/certs": Dir()}
PAIR: dict[str, Entry] = {
    KEY: File("-----BEGIN PRIVATE KEY-----\nold\n-----END PRIVATE KEY-----\n", 0o640),
    CERTIFICATE: File("-----BEGIN CERTIFICATE-----\nold\n-----END CERTIFICATE-----\n"),
}
MAKES = f"""
echo made >> "$1/made"
echo '-----BEGIN PRIVATE KEY-----' > "$1{KEY}"
echo '-----END PRIVATE KEY-----' >> "$1{KEY}"
echo '-----BEGIN CERTIFICATE-----' > "$1{CERTIFICATE}"
echo '-----END CERTIFICATE-----' >> "$1{CERTIFICATE}"
"""


class Chrooted(Commands):
    """make-ssl-cert of a tree, which is told where the tree is: a real one knows / only."""

    def __init__(self, tree: Path) -> None:
        super().__init__()
        self._tree = tree

    def run(self, arguments, **options) -> Completed:  # type: ignore[no-untyped-def]
        """As Commands.run."""
        assert tuple(arguments) == tls_snakeoil.COMMAND
        return super().run([f"{self._tree}{MAKER}", str(self._tree)], **options)


def debian(path: Path, script: str = MAKES, files: dict[str, Entry] | None = None) -> CloneTree:
    return clone_tree(path, {**DIRECTORIES, **(files or {}), MAKER: File(f"#!/bin/sh\n{script}\n", 0o755)})


def boot(vm: CloneTree, memory: dict[str, str] | None = None) -> Result:
    clone = vm.clone(live=True, memory=memory)
    clone.machine.commands = Chrooted(vm.path)
    return STEP.run(clone)


def is_whole(vm: CloneTree) -> bool:
    return "END PRIVATE" in vm.read(KEY) and "END CERTIFICATE" in vm.read(CERTIFICATE)


@pytest.mark.parametrize("there", [{}, {KEY: PAIR[KEY]}, {CERTIFICATE: PAIR[CERTIFICATE]}, {**PAIR, KEY: File("")}])
def test_what_is_missing_is_made(tmp_path: Path, there: dict[str, Entry]) -> None:
    vm = debian(tmp_path, files=there)
    result = boot(vm)
    assert (result.changed, result.warnings, is_whole(vm)) == (True, (), True)
    assert "old" not in vm.read(KEY)


def test_a_pair_that_is_there_stays(tmp_path: Path) -> None:
    vm = debian(tmp_path, files=PAIR)
    before = fingerprint(tmp_path)
    assert not boot(vm).changed
    assert fingerprint(tmp_path) == before


def test_without_the_program_nothing_is_made(tmp_path: Path) -> None:
    vm = clone_tree(tmp_path, DIRECTORIES)
    before = fingerprint(tmp_path)
    assert not boot(vm).changed
    assert fingerprint(tmp_path) == before


def test_a_tree_that_is_not_the_running_system_waits_for_its_own_boot(tmp_path: Path) -> None:
    vm = debian(tmp_path)
    result = vm.run(STEP)
    assert (result.changed, result.complete) == (False, False)
    assert "boots by itself" in result.detail
    assert vm.entry("/made") is None


@pytest.mark.parametrize(
    ("script", "error"), [("exit 1", CommandError), ("exit 0", GuestError), (f'echo x > "$1{KEY}"', GuestError)]
)
def test_a_program_that_makes_nothing_of_use_is_an_error(tmp_path: Path, script: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        boot(debian(tmp_path, script))


def test_after_a_power_cut_in_the_middle_both_are_made_again(tmp_path: Path) -> None:
    """The key may be half written: its size tells nothing."""
    step = Item("tls-snakeoil", "Snakeoil", "", STEP)

    def booted(vm: CloneTree) -> Outcome:
        clone = vm.clone(live=True)
        clone.machine.commands = Chrooted(vm.path)
        return StageRun.begin(clone, "seal-1", Notebook()).run_item(step).outcome

    cuts = 0
    for vm in every_cut(debian, booted, tmp_path / "vm"):
        cuts += 1
        begun = vm.entry("/var/lib/guestseal/state.json") is not None
        if begun and vm.entry("/made") is None:
            (vm.path / KEY[1:]).write_text("-----BEGIN PRI")
            (vm.path / CERTIFICATE[1:]).write_text("-----BEGIN CER")
        assert booted(vm) is not Outcome.FAILED
        assert is_whole(vm)
        assert booted(vm) is Outcome.CLEAN
    assert cuts >= 6


@pytest.mark.skipif(not os.path.exists(MAKER), reason="ssl-cert is not installed")
def test_the_real_one_makes_a_pair_that_fits(tmp_path: Path) -> None:
    def act() -> str:
        view = tmp_path / "view"
        run("mount", "-t", "tmpfs", "tmpfs", str(tmp_path))
        for name in ("u", "w", "view"):
            (tmp_path / name).mkdir()
        layers = f"lowerdir=/,upperdir={tmp_path}/u,workdir={tmp_path}/w"
        run("mount", "-t", "overlay", "overlay", "-o", layers, str(view))
        for name in ("proc", "dev"):
            run("mount", "--rbind", f"/{name}", f"{view}/{name}")
        os.chroot(view)
        os.chdir("/")
        for path in (KEY, CERTIFICATE):
            Path(path).unlink(missing_ok=True)
        result = STEP.run(CloneTree(Path("/")).clone(live=True))
        public = [
            subprocess.run(["openssl", *words], check=True, capture_output=True).stdout
            for words in (["x509", "-in", CERTIFICATE, "-noout", "-pubkey"], ["pkey", "-in", KEY, "-pubout"])
        ]
        return f"{result.changed} {public[0] == public[1]} {oct(os.stat(KEY).st_mode & 0o777)}"

    assert in_child(act, namespaces=NEW_MOUNTS) == "True True 0o640"


def test_it_imports_nothing_heavy(tmp_path: Path) -> None:
    program = (
        "import sys, guestseal.firstboot.steps.local.tls_snakeoil\n"
        "print(*{'requests', 'psutil', 'netifaces', 'distro', 'urllib3', 'ctypes'} & set(sys.modules))"
    )
    environment = {**os.environ, "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment)
    assert done.stdout.strip() == ""


def run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True, timeout=60)
