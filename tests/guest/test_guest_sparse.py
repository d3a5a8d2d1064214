"""Files that look larger than they are: lastlog is sparse, and a user can make any file look so."""

from __future__ import annotations

import os
import time
from pathlib import Path

from hostile import ALICE, as_root, filesystem, in_namespace, mount, write

from guestseal.guest.actions import Remove, Truncate
from guestseal.guest.root import Root

pytestmark = as_root

HUGE = 100 << 30
SECONDS = 2.0


def small_disk(guest: Path, tmp_path: Path) -> None:
    """A disk of 8 MB: whoever writes out a hole fills it at once, and not the disk of this machine."""
    mount("-o", "loop", filesystem(tmp_path / "disk", "mkfs.ext4", "-q"), guest / "var/log")


def huge(path: Path) -> Path:
    """A file of 100 GB with three blocks of data."""
    write(path, owner=ALICE)
    with path.open("r+b") as file:
        file.truncate(HUGE)
        for at in (0, HUGE // 2 + 123, HUGE - 4):
            file.seek(at)
            file.write(b"data")
    return path


@in_namespace
def test_truncate_takes_no_time(guest: Path, tmp_path: Path) -> None:
    small_disk(guest, tmp_path)
    path = huge(guest / "var/log/lastlog")
    start = time.monotonic()
    with Root(str(guest)) as root:
        Truncate("/var/log/lastlog").perform(root)
    assert time.monotonic() - start < SECONDS
    assert (path.stat().st_size, path.stat().st_blocks) == (0, 0)


@in_namespace
def test_overwrite_writes_the_data_and_leaves_the_holes(guest: Path, tmp_path: Path) -> None:
    small_disk(guest, tmp_path)
    path = huge(guest / "var/log/lastlog")
    blocks = path.stat().st_blocks
    start = time.monotonic()
    with Root(str(guest)) as root:
        root.overwrite("/var/log/lastlog")
    assert time.monotonic() - start < SECONDS
    assert (path.stat().st_size, path.stat().st_blocks) == (HUGE, blocks)
    with path.open("rb") as file:
        for at in (0, HUGE // 2 + 123, HUGE - 4):
            file.seek(at)
            assert file.read(4) == bytes(4)


@in_namespace
def test_a_secret_that_is_one_hole(guest: Path, tmp_path: Path) -> None:
    small_disk(guest, tmp_path)
    for name, size in (("hole", 1 << 40), ("empty", 0)):
        os.truncate(write(guest / "var/log/private" / name, b"", owner=ALICE), size)
    start = time.monotonic()
    with Root(str(guest)) as root:
        Remove("/var/log/private", secret=True).perform(root)
    assert time.monotonic() - start < SECONDS
    assert not (guest / "var/log/private").exists()


def test_every_byte_is_overwritten(guest: Path, root: Root) -> None:
    for size in (1, 4095, 4096, 4097, (1 << 20) + 1, 3 << 20):
        path = write(guest / "root/key", os.urandom(size), mode=0o600)
        inode = path.stat().st_ino
        root.overwrite("/root/key")
        assert path.read_bytes() == bytes(size)
        assert path.stat().st_ino == inode


def test_a_secret_is_overwritten_before_it_goes(guest: Path, root: Root) -> None:
    one, two = write(guest / "root/keys/one", b"secret"), write(guest / "root/keys/deep/two", b"secret")
    with one.open("rb") as first, two.open("rb") as second:
        Remove("/root/keys", secret=True).perform(root)
        assert (first.read(), second.read()) == (bytes(6), bytes(6))
    assert not (guest / "root/keys").exists()


def test_what_is_no_secret_is_not(guest: Path, root: Root) -> None:
    with write(guest / "root/notes/one", b"text").open("rb") as file:
        Remove("/root/notes").perform(root)
        assert file.read() == b"text"


def test_a_writer_that_stays_goes_on_at_the_beginning(guest: Path, root: Root) -> None:
    path = write(guest / "var/log/messages", b"x" * 5000)
    with path.open("ab", buffering=0) as writer:
        Truncate("/var/log/messages").perform(root)
        writer.write(b"new\n")
    assert path.read_bytes() == b"new\n"
