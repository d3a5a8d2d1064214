"""The whole scrub on real filesystems, and whether its verdict is what an independent search of the disk says."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from support.disks import BTRFS, EXT4, EXT4_SMALL, XFS, Disk, as_root, disk, run, secret, write_secrets

from guestseal.guest.actions import Remove
from guestseal.guest.root import Root
from guestseal.guest.writing import syncfs
from guestseal.machine.clock import Clock, Deadline
from guestseal.machine.host import Machine
from guestseal.scrub.canaries import NEST, Planted
from guestseal.scrub.scrub import Level, Scrub, Verdict

pytestmark = [as_root, pytest.mark.system]

SECRETS = 60
BIG_JOURNAL = (*EXT4, "-J", "size=64")
INLINE = (*EXT4, "-O", "inline_data", "-I", "256")

# What is deleted: overwritten as secrets are, or only unlinked. Which of both may be found afterwards.
PROVEN = [
    ("ext4", EXT4, 96, "", Level.SECRETS, "unlinked"),
    ("ext4", EXT4, 96, "", Level.TRIM, ""),
    ("ext4", EXT4, 96, "", Level.FILL, ""),
    ("ext4-1k", EXT4_SMALL, 96, "", Level.SECRETS, "unlinked"),
    ("ext4-1k", EXT4_SMALL, 96, "", Level.FILL, ""),
    ("ext4-journal", BIG_JOURNAL, 192, "data=journal", Level.FILL, ""),
    ("xfs", XFS, 320, "", Level.SECRETS, "unlinked"),
    ("xfs", XFS, 320, "", Level.TRIM, ""),
]
NOT_PROVEN = [
    ("ext4-1k", EXT4_SMALL, 96, "", Level.TRIM),
    ("ext4-inline", INLINE, 96, "", Level.SECRETS),
    ("ext4-inline", INLINE, 96, "", Level.FILL),
    ("ext4-journal", BIG_JOURNAL, 192, "data=journal", Level.SECRETS),
    ("ext4-journal", BIG_JOURNAL, 192, "data=journal", Level.TRIM),
    ("btrfs", BTRFS, 128, "", Level.SECRETS),
    ("btrfs", BTRFS, 128, "", Level.TRIM),
]


def named(value: object) -> str | None:
    return value.value if isinstance(value, Level) else value if isinstance(value, str) else ""


def sealed(top: Path, level: Level, seconds: float = 60) -> str:
    """Plant, delete as sealing does, scrub; the report as JSON text."""
    with Root(str(top)) as root:
        overwritten, unlinked = write_secrets(top, SECRETS, "overwritten", "unlinked")
        scrub = Scrub(root, Machine(), level)
        planted = Planted.from_bytes(scrub.plant(overwritten).to_bytes())
        with Root(str(top)) as engine:
            for path in overwritten:
                Remove(path, secret=True).perform(engine)
            for path in unlinked:
                Remove(path).perform(engine)
        report = scrub.finish(planted, Deadline.after(Clock(), seconds))
        assert not list(top.rglob(NEST))
        return json.dumps(report.to_json())


def found(on: Disk, label: str) -> int:
    return on.count([secret(label, number) for number in range(SECRETS)])


@pytest.mark.parametrize(("name", "make", "size", "options", "level", "left"), PROVEN, ids=named)
def test_proven(
    tmp_path: Path, name: str, make: tuple[str, ...], size: int, options: str, level: Level, left: str
) -> None:
    with disk(tmp_path, size, *make) as on:
        report: dict[str, Any] = json.loads(on.mounted(lambda top: sealed(top, level), options))
        assert (report["summary"], report["canaries_found"]) == ("proven", 0), report
        assert report["canaries_planted"] == (32 if level is Level.SECRETS else 64)
        assert found(on, "overwritten") == 0
        assert found(on, "unlinked") == (SECRETS if left else 0)
        (searched,) = report["searches"]
        assert searched["read"] == searched["size"] == size << 20
        assert bool(report["filled_bytes"]) is (level is Level.FILL)


@pytest.mark.parametrize(("name", "make", "size", "options", "level"), NOT_PROVEN, ids=named)
def test_not_proven_where_it_is_not(
    tmp_path: Path, name: str, make: tuple[str, ...], size: int, options: str, level: Level
) -> None:
    with disk(tmp_path, size, *make) as on:
        report = json.loads(on.mounted(lambda top: sealed(top, level), options))
        assert report["verdict"] == "not proven"
        assert report["summary"].startswith(f"not proven ({report['canaries_found']} of ")
        assert report["details"]
        assert found(on, "overwritten") + (found(on, "unlinked") if level is not Level.SECRETS else 0) > 0


def test_without_a_discard_path_the_remedy_is_told(tmp_path: Path) -> None:
    with disk(tmp_path, 96, *EXT4) as on:
        limit = Path(f"/sys/block/{on.name}/queue/discard_max_bytes")
        before = limit.read_text()
        limit.write_text("0")
        try:
            report = json.loads(on.mounted(lambda top: sealed(top, Level.TRIM)))
        finally:
            limit.write_text(before)
        assert report["verdict"] == "not proven"
        assert report["canaries_found"] == 32
        assert "of 32 canaries overwritten and unlinked, 0 were found on the disk" in report["details"]
        (trimmed,) = report["trims"]
        assert (trimmed["trimmed"], trimmed["granularity"]) == (0, 0)
        assert "discard=unmap" in trimmed["why"]
        assert trimmed["why"] in report["details"]


def test_two_filesystems_are_both_looked_through(tmp_path: Path) -> None:
    with disk(tmp_path, 96, *EXT4) as on, disk(tmp_path, 96, *EXT4_SMALL) as other:

        def with_home(top: Path) -> str:
            run("mount", other.node, str(top / "home"))
            try:
                return sealed(top, Level.TRIM)
            finally:
                run("umount", str(top / "home"))

        report = json.loads(on.mounted(with_home))
        assert {each["device"] for each in report["searches"]} == {on.node, other.node}
        assert [each["path"] for each in report["trims"]] == ["/", "/home"]
        # The blocks of 1 KiB are on the second one only.
        assert 0 < report["canaries_found"] <= 8
        assert found(on, "unlinked") == 0
        assert found(other, "unlinked") > 0


def test_a_snapshot_lowers_the_verdict(tmp_path: Path) -> None:
    def with_snapshot(top: Path) -> str:
        (top / ".snapshots/1/snapshot").mkdir(parents=True)
        (top / "etc/.git").mkdir()
        return sealed(top, Level.TRIM)

    with disk(tmp_path, 96, *EXT4) as on:
        report = json.loads(on.mounted(with_snapshot))
        assert (report["verdict"], report["canaries_found"]) == ("not proven", 0)
        assert any("snapper delete" in line for line in report["details"])
        assert any("etckeeper uninit" in line for line in report["details"])


def test_a_second_name_of_a_secret_lowers_the_verdict(tmp_path: Path) -> None:
    def with_link(top: Path) -> str:
        (top / "etc/key").write_bytes(b"key")
        os.link(top / "etc/key", top / "etc/other")
        with Root(str(top)) as root:
            scrub = Scrub(root, Machine(), Level.SECRETS)
            return json.dumps(scrub.finish(scrub.plant(["/etc/key"]), Deadline.after(Clock(), 60)).to_json())

    with disk(tmp_path, 96, *EXT4) as on:
        report = json.loads(on.mounted(with_link))
        assert (report["verdict"], report["canaries_found"]) == ("not proven", 0)
        assert report["details"][0] == "/etc/key: not overwritten, because it has a second name"


def test_canaries_that_sealing_took_away_count_as_unlinked(tmp_path: Path) -> None:
    def swept(top: Path) -> str:
        with Root(str(top)) as root:
            scrub = Scrub(root, Machine(), Level.SECRETS)
            planted = scrub.plant()
            root.empty("/var/log")
            return json.dumps(scrub.finish(planted, Deadline.after(Clock(), 60)).to_json())

    with disk(tmp_path, 96, *EXT4) as on:
        report = json.loads(on.mounted(swept))
        assert (report["summary"], report["canaries_planted"]) == ("proven", 24)


def test_nothing_is_claimed_when_the_time_is_over(tmp_path: Path) -> None:
    with disk(tmp_path, 96, *EXT4) as on:
        report = json.loads(on.mounted(lambda top: sealed(top, Level.FILL, seconds=0)))
        assert report["verdict"] == "not looked for"
        assert sum("the time was over" in line for line in report["details"]) == 3


def test_an_interrupted_seal_leaves_nothing_to_the_next_one(tmp_path: Path) -> None:
    def twice(top: Path) -> str:
        with Root(str(top)) as root:
            scrub = Scrub(root, Machine(), Level.SECRETS)
            scrub.plant()
            planted = scrub.plant()
            report = scrub.finish(planted, Deadline.after(Clock(), 60))
        assert not list(top.rglob(NEST))
        return report.summary

    with disk(tmp_path, 96, *EXT4) as on:
        assert on.mounted(twice) == "proven"


def test_a_full_guest_gets_no_canaries(tmp_path: Path) -> None:
    def full(top: Path) -> str:
        fd = os.open(top, os.O_RDONLY)
        free = os.fstatvfs(fd)
        with (top / "big").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, (free.f_bavail * free.f_frsize) - (20 << 20))
        syncfs(fd)
        os.close(fd)
        with Root(str(top)) as root:
            scrub = Scrub(root, Machine())
            return json.dumps(scrub.finish(scrub.plant(), Deadline.after(Clock(), 60)).to_json())

    with disk(tmp_path, 96, *EXT4) as on:
        report = json.loads(on.mounted(full))
        assert report["verdict"] == "not looked for"
        assert "less than 32 MiB are free" in report["summary"]


def test_what_is_no_disk_of_its_own_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    with Root(str(tmp_path)) as root:
        scrub = Scrub(root, Machine(), Level.FILL)
        planted = scrub.plant()
        report = scrub.finish(planted, Deadline.after(Clock(), 60))
    assert (planted.canaries, list((tmp_path / "etc").iterdir())) == ((), [])
    assert report.verdict is Verdict.NOT_LOOKED_FOR
    assert "not a whole mounted filesystem" in report.summary
    assert (report.trims, report.fills, report.swaps) == ((), (), ())


def test_nothing_asked_for(tmp_path: Path) -> None:
    with Root(str(tmp_path)) as root:
        scrub = Scrub(root, Machine(), Level.NONE)
        report = scrub.finish(scrub.plant(["/etc/key"]), Deadline.after(Clock(), 60))
    assert report.summary == "not looked for: nothing was scrubbed, as was asked for (--scrub none)"
