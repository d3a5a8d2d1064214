"""What every check before a seal promises: it introduces itself, is quick, and changes nothing.

A new check is a file in guestseal/seal/preflights: all of this then holds for it, or fails.
"""

from __future__ import annotations

import importlib
import time
from contextlib import suppress
from pathlib import Path

import pytest
from support.trees import Fifo, File, build, fingerprint

from guestseal.catalog import Item
from guestseal.errors import GuestsealError
from guestseal.guest.facts import Guest
from guestseal.guest.tree import Tree
from guestseal.machine.host import Machine
from guestseal.seal.preflight import PACKAGE, Concern, Preflight, concerns, preflights

LONGEST_HEADING = 72
ENOUGH = 2.0
"""Seconds one check may take on a machine that answers."""

each_check = pytest.mark.parametrize("item", preflights().values(), ids=preflights())


def look(item: Item[Preflight], root: Path) -> list[Concern]:
    with Tree(str(root)) as tree:
        return list(item.value.look(Guest(tree, live=True), Machine()))


@each_check
def test_it_introduces_itself(item):
    module = importlib.import_module(f"{PACKAGE}.{item.name.replace('-', '_')}")
    heading = (module.__doc__ or "").partition("\n")[0]
    assert not heading.endswith(".")
    assert 0 < len(heading) <= LONGEST_HEADING
    assert "\nRemedy: " in item.manual


@each_check
def test_on_an_empty_tree_it_looks_quickly_and_changes_nothing(item, tmp_path):
    before = fingerprint(tmp_path)
    start = time.monotonic()
    look(item, tmp_path)
    assert time.monotonic() - start < ENOUGH
    assert fingerprint(tmp_path) == before


@each_check
def test_on_this_machine_it_looks_quickly(item):
    start = time.monotonic()
    found: list[Concern] = []
    with suppress(GuestsealError):  # a part of this machine may not be a guest's
        found = look(item, Path("/"))
    assert time.monotonic() - start < ENOUGH
    assert all(concern.what and concern.remedy for concern in found)
    assert all(not text.endswith(".") for concern in found for text in (concern.what, concern.remedy))


HOSTILE = (
    *("/etc/passwd", "/etc/shadow", "/etc/inittab", "/etc/nsswitch.conf", "/etc/default/grub", "/etc/cloud/cloud.cfg"),
    *("/etc/network/interfaces", "/etc/ssh/sshd_config", "/run/systemd/container", "/var/lib/dpkg/lock-frontend"),
)


@pytest.mark.parametrize("kind", [Fifo(), File(b"\xff\0=\n[\n" * 1000)], ids=["pipe", "garbage"])
def test_what_is_no_proper_file_stops_nothing(tmp_path, kind):
    build(tmp_path, dict.fromkeys(HOSTILE, kind))
    before = fingerprint(tmp_path)
    with Tree(str(tmp_path)) as tree:
        guest = Guest(tree, live=True)
        for item in preflights().values():
            try:
                list(item.value.look(guest, Machine()))
            except GuestsealError as error:
                assert str(tmp_path) not in str(error)
        concerns(guest, Machine())
    assert fingerprint(tmp_path) == before
