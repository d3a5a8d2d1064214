"""Sealing a real, dirtied Debian tree: what the dry run lists is what changes, and nothing of a package is missed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.debian import base, changed, dirty, guestseal, run, snapshot, view

pytestmark = pytest.mark.system


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Path]:
    with view(base(), tmp_path / "view") as shown:
        dirty(shown)
        yield shown


def _json(*arguments: str | Path, accept: tuple[int, ...] = (0,)) -> dict[str, object]:
    result: dict[str, object] = json.loads(guestseal(*arguments, "--format", "json", accept=accept).stdout)
    return result


def _paths(report: dict[str, object]) -> set[str]:
    entries: list[dict[str, list[str]]] = report["entries"]  # type: ignore[assignment]
    return {path for entry in entries for path in entry["paths"]}


def test_seal_check_seal_again(tree: Path) -> None:
    before = snapshot(tree)
    planned = _json("--root", tree, "seal", "--dry-run")
    assert changed(before, snapshot(tree)) == set()

    assert guestseal("--root", tree, "check", accept=(1,)).returncode == 1
    sealed = _json("--root", tree, "seal", "--yes")
    assert (sealed["changed"], sealed["failed"], sealed["msg"]) == (True, False, "sealed")
    after = snapshot(tree)
    assert changed(before, after) == _paths(planned)
    assert guestseal("--root", tree, "check", "--only", "leftovers,residue").returncode == 0

    again = _json("--root", tree, "seal", "--yes")
    assert (again["changed"], again["failed"]) == (False, False)
    assert changed(after, snapshot(tree)) == set()


def test_no_file_of_a_package_is_missing(tree: Path) -> None:
    guestseal("--root", tree, "seal", "--yes")
    said = run("dpkg", "--root", tree, "--verify").stdout
    assert not [line for line in said.splitlines() if "missing" in line]


def test_what_had_to_go_is_gone_and_what_had_to_stay_stays(tree: Path) -> None:
    guestseal("--root", tree, "seal", "--yes")
    gone = ("etc/udev/rules.d/70-persistent-net.rules", "var/lib/dhcp/dhclient.eth0.leases", "root/.bash_history")
    gone += ("home/ada/.python_history", "var/log/syslog.1", "var/lib/systemd/random-seed")
    assert [name for name in gone if (tree / name).exists()] == []
    assert not list((tree / "etc/ssh").glob("ssh_host_*"))
    assert (tree / "var/log/auth.log").read_text() == ""
    assert (tree / "etc/hostname").read_text() == "localhost\n"
    assert (tree / "etc/machine-id").read_text() == ""
    assert (tree / "etc/hosts").read_text() == "127.0.0.1\tlocalhost\n192.0.2.9\tkeep.example.com\n"
    root = (tree / "etc/shadow").read_text().splitlines()[0].split(":")
    assert (root[0], root[2], root[1][:3] in ("$y$", "$6$")) == ("root", "0", True)


def test_nothing_is_printed_that_was_secret(tree: Path) -> None:
    for words in (["seal", "-n", "-vv"], ["check", "-vv"], ["seal", "--yes", "-vv"]):
        done = guestseal("--root", tree, *words, accept=(0, 1))
        for secret in ("psecret", "token=abc", "template-password", "$y$", "$6$"):
            assert secret not in done.stdout + done.stderr
