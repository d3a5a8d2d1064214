"""The whole scrub on real filesystems, and whether its verdict is what an independent search of the disk says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.children import NEW_MOUNTS, in_child
from support.disks import BTRFS, EXT4, EXT4_SMALL, XFS, Disk, as_root, disk, run, secret, write_secrets

from guestseal.guest.actions import Remove
from guestseal.guest.root import Root
from guestseal.guest.seal_record import Preparation, finish, read_record
from guestseal.guest.writing import syncfs
from guestseal.machine.clock import Clock, Deadline
from guestseal.machine.host import Machine
from guestseal.scrub.canaries import NEST, Planted
from guestseal.scrub.scrub import NAMED_DOUBTS, Level, Scrub, Verdict

pytestmark = [as_root, pytest.mark.system]

SECRETS = 48
BIG_JOURNAL = (*EXT4, "-J", "size=64")
INLINE = (*EXT4, "-O", "inline_data", "-I", "256")


@dataclass(frozen=True)
class Case:
    """A filesystem, a level, and which kind of deleted file is found afterwards."""

    name: str
    make: tuple[str, ...]
    level: Level
    found: str = ""
    size: int = 96
    options: str = ""

    def __str__(self) -> str:
        return f"{self.name}-{self.level.value}"


PROVEN = (
    Case("ext4", EXT4, Level.SECRETS, "unlinked"),
    Case("ext4", EXT4, Level.TRIM),
    Case("ext4", EXT4, Level.FILL),
    Case("ext4-1k", EXT4_SMALL, Level.FILL),
    Case("ext4-journal", BIG_JOURNAL, Level.FILL, size=160, options="data=journal"),
    Case("xfs", XFS, Level.SECRETS, "unlinked", size=320),
    Case("xfs", XFS, Level.TRIM, size=320),
)
NOT_PROVEN = (
    Case("ext4-1k", EXT4_SMALL, Level.TRIM, "unlinked"),
    Case("ext4-inline", INLINE, Level.SECRETS, "overwritten"),
    Case("ext4-inline", INLINE, Level.FILL, "overwritten"),
    Case("ext4-journal", BIG_JOURNAL, Level.SECRETS, "overwritten", size=160, options="data=journal"),
    Case("ext4-journal", BIG_JOURNAL, Level.TRIM, "overwritten", size=160, options="data=journal"),
    Case("btrfs", BTRFS, Level.SECRETS, "overwritten", size=128),
    # Of many files some stay in the leaves of its trees (38 of 300); of few maybe none.
    Case("btrfs", BTRFS, Level.TRIM, size=128),
)


def sealed(top: Path, level: Level, seconds: float = 60) -> str:
    """Plant, delete as sealing does, scrub; the report as JSON text."""
    with Root(str(top)) as root:
        overwritten, unlinked = write_secrets(top, SECRETS, "overwritten", "unlinked")
        scrub = Scrub(root, Machine(), level)
        planted = Planted.from_bytes(scrub.plant(overwritten).to_bytes())
        for path in overwritten:
            Remove(path, secret=True).perform(root)
        for path in unlinked:
            Remove(path).perform(root)
        report = scrub.finish(planted, Deadline.after(Clock(), seconds))
        assert not list(top.rglob(NEST))
        return json.dumps(report.to_json())


def found(on: Disk, label: str) -> int:
    return on.count([secret(label, number) for number in range(SECRETS)])


@pytest.mark.parametrize("case", PROVEN, ids=str)
def test_proven(tmp_path: Path, case: Case) -> None:
    with disk(tmp_path, case.size, *case.make) as on:
        report: dict[str, Any] = json.loads(on.mounted(lambda top: sealed(top, case.level), case.options))
        assert (report["summary"], report["canaries_found"]) == ("proven", 0), report
        assert report["canaries_planted"] == (24 if case.level is Level.SECRETS else 48)
        assert found(on, "overwritten") == 0
        assert found(on, "unlinked") == (SECRETS if case.found else 0)
        (searched,) = report["searches"]
        assert searched["read"] == searched["size"] == case.size << 20
        assert bool(report["filled_bytes"]) is (case.level is Level.FILL)


@pytest.mark.parametrize("case", NOT_PROVEN, ids=str)
def test_not_proven_where_it_is_not(tmp_path: Path, case: Case) -> None:
    with disk(tmp_path, case.size, *case.make) as on:
        report = json.loads(on.mounted(lambda top: sealed(top, case.level), case.options))
        assert report["verdict"] == "not proven"
        assert report["summary"].startswith(f"not proven ({report['canaries_found']} of ")
        assert report["details"]
        if case.found:
            assert report["canaries_found"] > 0
            assert found(on, case.found) > 0


def test_without_a_discard_path_the_remedy_is_told(tmp_path: Path) -> None:
    def on_memory() -> str:
        # A loop device can discard what its file can punch holes into: on ramfs it cannot.
        run("mount", "-t", "ramfs", "ramfs", str(tmp_path))
        with disk(tmp_path, 96, *EXT4) as on:
            report = json.loads(on.mounted(lambda top: sealed(top, Level.TRIM)))
            return json.dumps([report, found(on, "overwritten"), found(on, "unlinked")])

    report, overwritten, unlinked = json.loads(in_child(on_memory, namespaces=NEW_MOUNTS))
    assert (report["verdict"], report["canaries_found"]) == ("not proven", 24)
    assert (overwritten, unlinked) == (0, SECRETS)
    assert "of 24 canaries overwritten and unlinked, 0 were found on the disk" in report["details"]
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


def test_very_many_secrets_with_a_second_name_leave_a_record_that_can_be_read(tmp_path: Path) -> None:
    def with_links(top: Path) -> str:
        (top / "home/kim").mkdir(parents=True)
        for number in range(15_000):
            path = top / f"home/kim/an-object-of-a-repository-that-was-cloned-with-links-{number}"
            path.write_bytes(b"object")
            os.link(path, f"{path}-again")
        with Root(str(top)) as root:
            scrub = Scrub(root, Machine(), Level.SECRETS)
            planted = scrub.plant(path for path, _ in Remove("/home/kim").footprint(root))
            report = scrub.finish(planted, Deadline.after(Clock(), 60))
            finish(root, Preparation(), {}, swept=True, scrub=report.to_json())
            record = read_record(root)
        assert record is not None
        return json.dumps(record.scrub)

    with disk(tmp_path, 256, *EXT4) as on:
        scrub = json.loads(on.mounted(with_links))
    assert scrub["verdict"] == "not proven"
    assert scrub["details"][NAMED_DOUBTS] == f"so it is with {30_000 - NAMED_DOUBTS} more secrets"


LEASE = """
import fcntl, signal, sys
signal.signal(signal.SIGIO, signal.SIG_IGN)
file = open(sys.argv[1], "r+b")
fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
print("held", flush=True)
sys.stdin.read()
"""


def test_a_secret_that_cannot_be_opened_lowers_the_verdict_and_stops_no_seal(tmp_path: Path) -> None:
    def act(top: Path) -> str:
        (top / "root/.netrc").write_text("password\n")
        # fcntl(2), F_SETLEASE: whoever opens the file without waiting gets EWOULDBLOCK.
        words = [sys.executable, "-c", LEASE, str(top / "root/.netrc")]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            with Root(str(top)) as root:
                planted = Scrub(root, Machine()).plant(["/root/.netrc"])
        return json.dumps([len(planted.canaries), planted.doubts])

    with disk(tmp_path, 96, *EXT4) as on:
        number, doubts = json.loads(on.mounted(act))
    assert (number > 0, doubts) == (True, ["/root/.netrc: Resource temporarily unavailable"])


def test_canaries_that_sealing_took_away_count_as_unlinked(tmp_path: Path) -> None:
    def swept(top: Path) -> str:
        with Root(str(top)) as root:
            scrub = Scrub(root, Machine(), Level.SECRETS)
            planted = scrub.plant()
            root.empty("/var/log")
            return json.dumps(scrub.finish(planted, Deadline.after(Clock(), 60)).to_json())

    with disk(tmp_path, 96, *EXT4) as on:
        report = json.loads(on.mounted(swept))
        assert (report["summary"], report["canaries_planted"]) == ("proven", 18)


def test_nothing_is_claimed_when_the_time_is_over(tmp_path: Path) -> None:
    with disk(tmp_path, 96, *EXT4) as on:
        report = json.loads(on.mounted(lambda top: sealed(top, Level.FILL, seconds=0)))
        assert report["verdict"] == "not looked for"
        assert sum("the time was over" in line for line in report["details"]) == 3


def test_a_containers_overlay_gets_no_canaries_that_outlive_it(tmp_path: Path) -> None:
    def act(top: Path) -> str:
        layers = top / "var/lib/docker/overlay2/1"
        for name in ("lower", "diff", "work", "merged"):
            (layers / name).mkdir(parents=True)
        options = f"lowerdir={layers}/lower,upperdir={layers}/diff,workdir={layers}/work"
        run("mount", "-t", "overlay", "overlay", "-o", options, str(layers / "merged"))
        try:
            with Root(str(top)) as root:
                planted = Scrub(root, Machine()).plant()
        finally:
            run("umount", str(layers / "merged"))
        assert os.listdir(layers / "diff") == []
        with Root(str(top)) as root:
            return Scrub(root, Machine()).finish(planted, Deadline.after(Clock(), 60)).summary

    with disk(tmp_path, 128, *EXT4) as on:
        assert on.mounted(act) == "proven"


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


@pytest.mark.parametrize("wiped", [True, False])
def test_swap_is_wiped_before_the_look(tmp_path: Path, wiped: bool) -> None:
    with disk(tmp_path, 96, *EXT4) as on, disk(tmp_path, 16, "mkswap") as swap:
        table = tmp_path / "swaps"
        named = swap.node if wiped else "/dev/no-such-disk"
        table.write_text(f"Filename Type Size Used Priority\n{named} partition 16380 0 -2\n")
        run("swapon", swap.node)
        try:

            def act(top: Path) -> str:
                with Root(str(top)) as root:
                    scrub = Scrub(root, Machine(), swapon=True, swap_table=str(table))
                    return json.dumps(scrub.finish(scrub.plant(), Deadline.after(Clock(), 60)).to_json())

            report = json.loads(on.mounted(act))
        finally:
            run("swapoff", swap.node)
        assert report["verdict"] == ("proven" if wiped else "not proven")
        assert [each["size"] for each in report["swaps"]] == [(16 << 20) - 4096 if wiped else 0]
        assert report["details"][0].startswith("of 24 canaries" if wiped else "swap /dev/no-such-disk: not wiped")


def test_swap_that_went_out_of_use_since_the_seal_is_wiped_as_well(tmp_path: Path) -> None:
    # systemd ends the use of swap when the final sweep begins, and not every area is in fstab (systemd.swap(5)).
    table = tmp_path / "swaps"
    heading = "Filename\tType\tSize\tUsed\tPriority\n"
    with disk(tmp_path, 96, *EXT4) as on, disk(tmp_path, 16, "mkswap") as area:
        with open(area.node, "r+b") as file:
            file.seek(1 << 20)
            file.write(b"a page with a password")
        table.write_text(f"{heading}{area.node}\tpartition\t16380\t0\t-2\n/dev/gone\tpartition\t16380\t0\t-2\n")

        def act(top: Path) -> str:
            with Root(str(top)) as root:
                scrub = Scrub(root, Machine(), swap_table=str(table))
                handed_over = scrub.plant().to_bytes()
                table.write_text(heading)
                report = scrub.finish(Planted.from_bytes(handed_over), Deadline.after(Clock(), 60))
                return json.dumps(report.to_json())

        report = json.loads(on.mounted(act))
        assert (report["verdict"], [each["name"] for each in report["swaps"]]) == ("proven", [area.node])
        assert b"password" not in area.image.read_bytes()


def test_nothing_planted_nothing_found(tmp_path: Path) -> None:
    def act(top: Path) -> str:
        with Root(str(top)) as root:
            return Scrub(root, Machine()).finish(Planted(), Deadline.after(Clock(), 60)).summary

    with disk(tmp_path, 96, *EXT4) as on:
        assert on.mounted(act) == "not looked for: no canaries were planted, so there was nothing to look for"


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
