"""The ssh-keys step while the account's owner swaps names in the home directory, at every moment there is."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from support.children import in_child
from support.clones import ANN, KEYS, CloneTree, clone_tree, needs_root
from support.trees import Dir, Entry, File, Hardlink, read

from guestseal.errors import GuestError
from guestseal.firstboot.steps.network.ssh_keys import STEP

pytestmark = needs_root

SSH, FILE, ROOTS = "/home/ann/.ssh", "/home/ann/.ssh/authorized_keys", "/home/ann/roots"
PROGRAM = "a program\n"
SECRET = "of root's alone\n"
SET_ID = stat.S_ISUID | stat.S_ISGID


class Swaps:
    """Exchanges ``one`` and ``other`` just before the step looks up the name of ``one`` for each ``when``-th time."""

    def __init__(self, one: str, other: str, when: tuple[int, ...]) -> None:
        self.one, self.other, self.when = one, other, when
        self.lookups = 0

    def watch(self, event: str, arguments: tuple[object, ...]) -> None:
        """An audit hook: sys.addaudithook."""
        if event == "open" and arguments[0] == os.path.basename(self.one):
            self.lookups += 1
            if self.lookups in self.when:
                self._exchange()

    def _exchange(self) -> None:
        for source, target in ((self.one, "between"), (self.other, self.one), ("between", self.other)):
            with suppress(FileNotFoundError):
                os.rename(self._beside(source), self._beside(target))

    def _beside(self, path: str) -> str:
        return path if path != "between" else f"{self.other}.between"


def run_with(vm: CloneTree, swaps: Swaps) -> int:
    """Run the step in a child process; how often it looked the name up."""

    def personalise() -> str:
        sys.addaudithook(swaps.watch)
        with suppress(GuestError):
            vm.run(STEP, ssh_keys=KEYS)
        return str(swaps.lookups)

    return int(in_child(personalise))


HOMES: dict[str, tuple[str, dict[str, Entry]]] = {
    "a directory for a program": (SSH, {SSH: Dir(0o6777, ANN), ROOTS: File(PROGRAM, 0o755)}),
    "a directory for a secret": (SSH, {SSH: Dir(0o777, ANN), ROOTS: File(SECRET, 0o600)}),
    "a file for a program like it": (
        FILE,
        {SSH: Dir(0o700, ANN), FILE: File(PROGRAM, 0o6777, ANN), ROOTS: File(PROGRAM, 0o755)},
    ),
    "a file for a secret": (FILE, {SSH: Dir(0o700, ANN), FILE: File("mine\n", 0o755, ANN), ROOTS: File(SECRET, 0o600)}),
    "no file for a secret": (FILE, {SSH: Dir(0o700, ANN), ROOTS: File(SECRET, 0o600)}),
    "a file for another name of a secret": (
        FILE,
        {SSH: Dir(0o700, ANN), FILE: File("mine\n", 0o755, ANN), "/etc/secret": File(SECRET, 0o600)}
        | {ROOTS: Hardlink("/etc/secret")},
    ),
}


@pytest.mark.parametrize("home", HOMES)
def test_whatever_is_swapped_nothing_of_roots_is_given_away(tmp_path: Path, home: str) -> None:
    name, changes = HOMES[home]

    def swapped(*when: int) -> int:
        place = tmp_path / "-".join(map(str, (0, *when)))
        vm = clone_tree(place, changes, account="ann")
        lookups = run_with(vm, Swaps(f"{place}{name}", f"{place}{ROOTS}", when))
        for path, entry in read(place).items():
            if isinstance(entry, File) and path.startswith("/home/"):
                assert entry.owner == ANN or not entry.mode & SET_ID, (when, path, oct(entry.mode))
                if SECRET.encode() in bytes(entry.content):
                    assert (entry.owner, entry.mode & 0o077) == ((0, 0), 0), (when, path, oct(entry.mode))
        return lookups

    lookups = swapped()
    assert lookups >= 5
    for first in range(1, lookups + 1):
        swapped(first)
        for second in range(first + 1, min(first + 3, lookups + 1)):
            swapped(first, second)
