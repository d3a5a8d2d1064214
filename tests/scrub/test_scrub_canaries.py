"""What canaries are made of, and where they lie."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.disks import EXT4, as_root, disk, run

from guestseal.errors import GuestsealError
from guestseal.guest.root import Root
from guestseal.scrub.canaries import KEPT_SIZE, NEST, SIZES, Canary, Fate, Planted, content, delete, plant, tidy
from guestseal.scrub.devices import filesystems
from guestseal.scrub.search import COMMON, MARKER

MARKER_OF_TESTS = bytes(range(MARKER))


@pytest.mark.parametrize("size", [*SIZES, KEPT_SIZE])
def test_no_block_is_without_a_marker(size: int) -> None:
    made = content(MARKER_OF_TESTS, size)
    assert len(made) == size
    assert all(made[at : at + MARKER] == MARKER_OF_TESTS for at in range(0, size - MARKER + 1, 512))
    assert made[MARKER:512] != content(MARKER_OF_TESTS, size)[MARKER:512]


def test_what_is_handed_over_comes_back() -> None:
    planted = Planted((Canary("/etc/\udcff/1", MARKER_OF_TESTS, Fate.KEPT),), ("a doubt",))
    assert Planted.from_bytes(planted.to_bytes()) == planted
    assert MARKER_OF_TESTS.hex() not in repr(planted)
    assert repr(MARKER_OF_TESTS) not in repr(planted)


@pytest.mark.parametrize(
    "damaged",
    [b"", b"[]", b"{}", b'{"canaries": [[1]], "doubts": []}', b'{"canaries": [["/a", "00", "x"]], "doubts": []}'],
)
def test_what_was_damaged_is_refused(damaged: bytes) -> None:
    with pytest.raises(GuestsealError, match="damaged"):
        Planted.from_bytes(damaged)


@as_root
def test_they_lie_on_the_guests_own_disk_only(tmp_path: Path) -> None:
    def act(top: Path) -> str:
        (top / "root").rmdir()
        (top / "data/root").mkdir(parents=True)
        (top / "root").symlink_to("data/root")
        run("mount", "-t", "tmpfs", "tmpfs", str(top / "home"))
        with Root(str(top)) as root:
            planted = plant(root, filesystems(root), fates=(Fate.OVERWRITTEN, Fate.UNLINKED))
            nests = sorted({canary.path.rpartition("/")[0] for canary in planted.canaries})
            for canary in planted.canaries:
                made = (top / canary.path[1:]).read_bytes()
                assert made.startswith(canary.marker)
                assert (top / canary.path[1:]).stat().st_mode & 0o777 == 0o600
            assert len({canary.marker for canary in planted.canaries}) == len(planted.canaries)
            assert len({canary.marker[:COMMON] for canary in planted.canaries}) == 1
            deleted = delete(root, planted)
            assert deleted == planted
            left = {canary.path for canary in planted.of(Fate.KEPT)}
            assert {f"/{path.relative_to(top)}" for path in top.rglob(f"{NEST}/*")} == left
            tidy(root, planted)
            assert not list(top.rglob(NEST))
        run("umount", str(top / "home"))
        return json.dumps([nests, planted.doubts, len(planted.of(Fate.OVERWRITTEN)), len(left)])

    with disk(tmp_path, 96, *EXT4) as on:
        places = ["/data/root", "/etc", "/var/log"]
        assert json.loads(on.mounted(act)) == [
            [f"{place}/{NEST}" for place in places],
            [],
            3 * len(SIZES),
            2 * 3 * len(SIZES),
        ]
