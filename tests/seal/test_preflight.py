"""What becomes of what the checks find: told with its remedy, forced where that makes sense."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from support.trees import Fifo, File, Link, build

from guestseal.errors import Refused
from guestseal.guest.facts import Guest
from guestseal.guest.tree import Tree
from guestseal.machine.host import Machine
from guestseal.seal.preflight import Concern, concerns, require

BUSY = ("package-manager", Concern("apt-get is running (pid 123)", "let it finish"))
CLOSED = ("read-only", Concern("/etc is read-only", "`mount -o remount,rw /etc`", forcible=False))


def test_nothing_found_is_nothing_refused():
    require([], force=False)


def test_every_concern_is_told_with_its_remedy():
    with pytest.raises(Refused) as refused:
        require([BUSY, CLOSED], force=False)
    assert str(refused.value) == (
        "refused, nothing was changed: package-manager: apt-get is running (pid 123): let it finish; "
        "read-only: /etc is read-only: `mount -o remount,rw /etc`; --force does not help against read-only"
    )
    assert refused.value.exit_code == 3


def test_what_can_be_forced_says_so():
    with pytest.raises(Refused, match="let it finish; --force seals all the same"):
        require([BUSY], force=False)


def test_force_passes_what_can_be_forced():
    require([BUSY], force=True)
    with pytest.raises(Refused) as refused:
        require([BUSY, CLOSED], force=True)
    assert "apt-get" not in str(refused.value)
    assert "/etc is read-only" in str(refused.value)


def look(root: Path) -> dict[str, list[Concern]]:
    found: dict[str, list[Concern]] = {}
    with Tree(str(root)) as tree:
        for name, concern in concerns(Guest(tree, live=True), Machine()):
            found.setdefault(name, []).append(concern)
    return found


def test_all_checks_look_and_are_named(tmp_path):
    build(tmp_path, {"/.dockerenv": File(), "/sysroot/ostree/repo/config": File()})
    found = look(tmp_path)
    assert found["container"][0].what == "this is a container (docker)"
    assert "ostree" in found["image-based"][0].what
    assert list(found) == sorted(found)


def test_a_check_that_cannot_look_says_so_and_stops_no_other(tmp_path, caplog):
    build(tmp_path, {"/etc/passwd": Fifo(), "/.dockerenv": File()})
    with caplog.at_level(logging.WARNING):
        found = look(tmp_path)
    assert "login" not in found
    assert "container" in found
    assert [each.getMessage() for each in caplog.records] == [
        "preflight login could not look at everything: /etc/passwd: not a regular file: never opened"
    ]


def test_what_a_user_can_name_does_not_reach_the_terminal(tmp_path):
    unit = "/lib/systemd/system/systemd-networkd.service"
    build(
        tmp_path,
        {
            unit: File("[Service]\n"),
            "/etc/systemd/system/multi-user.target.wants/systemd-networkd.service": Link(unit),
            "/etc/systemd/network/\x1b[2J.network": File("[Match]\nName=eth0\n[Network]\nAddress=192.0.2.7/24\n"),
        },
    )
    (concern,) = look(tmp_path)["network"]
    assert "\\x1b[2J.network gives a fixed address" in concern.what
    assert concern.what.isprintable()
