"""A user's FUSE mount, at which root may not even look (fuse(8), allow_other): all beside it is sealed."""

from __future__ import annotations

import ctypes
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.children import NEW_MOUNTS, in_child
from support.disks import as_root

from guestseal.guest.actions import Empty
from guestseal.guest.root import Root

pytestmark = [as_root, pytest.mark.skipif(not os.path.exists("/dev/fuse"), reason="no FUSE here")]

KIM = 1000


def _mount(point: Path) -> None:
    """Mount a filesystem of kim's at ``point``: nobody answers, as when sshfs has lost its server."""
    point.mkdir(parents=True)
    device = os.open("/dev/fuse", os.O_RDWR)
    options = f"fd={device},rootmode=40000,user_id={KIM},group_id={KIM}".encode()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"sshfs", os.fsencode(point), b"fuse.sshfs", 0, options) != 0:
        raise OSError(ctypes.get_errno(), "mount")
    with pytest.raises(PermissionError):
        point.lstat()


def _with_a_mount(top: Path, point: str, act: Callable[[Root], object]) -> object:
    """What ``act`` returns for a tree with a log in each directory, and what was passed over."""
    for name in ("home/kim", "home/lee", "tmp/kim"):
        (top / name).mkdir(parents=True)
        (top / name / "a.log").write_text("line\n")

    def mounted() -> str:
        _mount(top / point[1:])
        with Root(str(top)) as root:
            return json.dumps([act(root), sorted(root.passed_over)])

    return json.loads(in_child(mounted, namespaces=NEW_MOUNTS))


@pytest.mark.parametrize(
    ("pattern", "point", "passed_over"),
    [
        ("/home/*/*.log", "/home/away", True),
        ("/home/*/a.log", "/home/away", True),
        ("/home/**/*.log", "/home/kim/away", True),
        ("/home/*/away", "/home/kim/away", True),
        ("/home/*/*", "/home/kim/away", True),
        ("/home/*/*.log", "/home/kim/away", False),
    ],
)
def test_patterns_match_beside_it(pattern: str, point: str, passed_over: bool, tmp_path: Path) -> None:
    found = [] if pattern.endswith("away") else ["/home/kim/a.log", "/home/lee/a.log"]
    assert _with_a_mount(tmp_path, point, lambda root: list(root.glob(pattern))) == [found, [point] * passed_over]


def test_what_lies_beside_it_goes_and_it_stays(tmp_path: Path) -> None:
    def act(root: Root) -> list[str]:
        assert [path for path, _ in Empty("/tmp").footprint(root)] == ["/tmp/kim/a.log"]
        Empty("/tmp").perform(root)
        return root.names("/tmp/kim")

    assert _with_a_mount(tmp_path, "/tmp/kim/away", act) == [["away"], ["/tmp/kim/away"]]
    assert (tmp_path / "home/lee/a.log").exists()
