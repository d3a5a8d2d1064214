"""The rehearsal: the clones differ, the machine is untouched, and what is shared is found."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.children import NEW_MOUNTS, in_child
from support.debian import PROJECT, base, changed, dirty, guestseal, snapshot, view

pytestmark = pytest.mark.system


def _machine() -> dict[str, tuple[int, ...]]:
    """Every path of this machine that a seal would touch, with what changes when it is touched."""
    found: dict[str, tuple[int, ...]] = {}
    for top in ("/etc", "/var/log", "/var/lib/guestseal", "/root"):
        for directory, directories, files in os.walk(top):
            for name in (*directories, *files):
                info = os.lstat(os.path.join(directory, name))
                found[os.path.join(directory, name)] = (info.st_mode, info.st_uid, info.st_size, info.st_mtime_ns)
    return found


def _rehearse(*words: str | Path, accept: tuple[int, ...] = (0,)) -> dict[str, object]:
    done = guestseal("--format", "json", *words, accept=accept)
    result: dict[str, object] = json.loads(done.stdout)
    return result


def _row(result: dict[str, object], name: str) -> dict[str, list[str]]:
    rows: list[dict[str, list[str]]] = result["matrix"]  # type: ignore[assignment]
    return next(row for row in rows if row["name"] == name)  # type: ignore[comparison-overlap]


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Path]:
    with view(base(), tmp_path / "view") as shown:
        dirty(shown)
        yield shown


@pytest.mark.parametrize("source", ["ec2", "cloudstack"])
def test_three_clones_of_this_machine_differ_and_it_stays_as_it_is(source: str) -> None:
    def rehearse() -> str:
        _see_no_other_tests_mounts()
        before, namespaces, mounts = _machine(), _said("ip", "netns"), _said("findmnt", "-rno", "TARGET")
        result = _rehearse("rehearse", "--source", source)
        after = _machine()
        assert {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)} == set()
        assert (_said("ip", "netns"), _said("findmnt", "-rno", "TARGET")) == (namespaces, mounts)
        return json.dumps(result)

    result = json.loads(in_child(rehearse, namespaces=NEW_MOUNTS))
    assert result["verdict"] == "all clones differ"
    assert len(set(_row(result, "machine-id")["values"])) == 4
    assert len(set(_row(result, "host key ed25519")["values"][1:])) == 3


def _see_no_other_tests_mounts() -> None:
    """In a mount namespace of its own; what is mounted below it would come up here, as it would on the machine."""
    _said("mount", "--make-rshared", "/")
    os.makedirs("/run/netns", exist_ok=True)
    _said("mount", "-t", "tmpfs", "none", "/run/netns")


def test_a_tree_is_rehearsed_and_stays_as_it_is(tree: Path) -> None:
    before = snapshot(tree)
    result = _rehearse("--root", tree, "rehearse", "--clones", "2", "--source", "cloudstack")
    assert result["verdict"] == "all clones differ"
    assert _row(result, "hostname")["values"] == ["master7", "clone-1", "clone-2"]
    password = _row(result, "root password")
    assert (password["notes"], password["verdicts"]) == (["set", "set", "set"], ["unique"] * 3)
    assert changed(before, snapshot(tree)) == set()


def test_keys_without_a_password_disable_the_templates(tree: Path) -> None:
    result = _rehearse("--root", tree, "rehearse", "--clones", "1", "--source", "ec2")
    assert _row(result, "root password")["notes"] == ["set", "locked"]
    assert _row(result, "authorized keys")["verdicts"] == ["absent", "unique"]


def test_what_is_shared_is_found(tree: Path) -> None:
    (tree / "etc/guestseal").mkdir()
    (tree / "etc/guestseal/guestseal.conf").write_text("[seal]\noperations = defaults,-machine-id\n")
    result = _rehearse("--root", tree, "rehearse", "--clones", "2", accept=(1,))
    assert (result["failed"], result["verdict"]) == (True, "SHARED by two of them: machine-id, DHCP identity")
    assert _row(result, "machine-id")["verdicts"] == ["shared"] * 3


def test_without_the_privileges_it_says_what_is_missing() -> None:
    words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3", "-B", "-m", "guestseal"]
    environment = {"PYTHONPATH": str(PROJECT), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    done = subprocess.run([*words, "rehearse"], env=environment, cwd="/", capture_output=True, text=True, timeout=60)
    assert (done.returncode, "a rehearsal needs root's privileges" in done.stderr) == (3, True), done.stderr


def _said(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, timeout=30, check=True).stdout


def test_what_lies_in_tmp_is_not_shown_and_stays(tree: Path) -> None:
    for number in range(50):
        (tree / f"var/tmp/{number}").write_text("x")
    result = _rehearse("--root", tree, "rehearse", "--clones", "1")
    entries: list[dict[str, object]] = result["entries"]  # type: ignore[assignment]
    assert "tmp-files" not in {entry["name"] for entry in entries if entry["status"] == "done"}
    assert len(list((tree / "var/tmp").iterdir())) == 50
    assert (tree / "var/tmp").stat().st_mode & 0o7777 == 0o1777
