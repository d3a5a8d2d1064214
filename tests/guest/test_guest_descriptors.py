"""Every descriptor is given back, whatever happened."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from hostile import ALICE, Canary, as_root, chattr, directory, in_namespace, link, mount, write

from guestseal.errors import GuestError
from guestseal.guest.accounts.account_lock import locked
from guestseal.guest.root import Root
from guestseal.guest.traversal import Traversal
from guestseal.guest.tree import Tree

PATHS = (
    "/etc/file",
    "/etc/directory",
    "/etc/deep/below/file",
    "/etc/absent",
    "/etc/absent/below",
    "/etc/file/below",
    "/etc/fifo",
    "/etc/null",
    "/etc/socketless",
    "/etc/link",
    "/etc/link/..",
    "/etc/loop",
    "/etc/immutable",
    "/home/alice/.cache/file",
    "/home/alice/.cache",
    "/var/spool/lent",
    "/var/spool/lent/canary",
    "/etc/" + "x" * 300,
    "/",
    "/..",
    "relative",
    "/nul\0",
)

CALLS: tuple[Callable[[Root, str], object], ...] = (
    lambda root, path: root.lstat(path),
    lambda root, path: root.stat(path),
    lambda root, path: root.exists(path),
    lambda root, path: root.is_file(path),
    lambda root, path: root.is_dir(path),
    lambda root, path: root.readlink(path),
    lambda root, path: root.resolve(path),
    lambda root, path: root.resolve(path, follow=False),
    lambda root, path: root.read(path),
    lambda root, path: root.read(path, limit=1),
    lambda root, path: root.read_text(path),
    lambda root, path: root.names(path),
    lambda root, path: list(root.glob(path)),
    lambda root, path: list(root.glob(path + "/*")),
    lambda root, path: list(root.glob(path + "/**")),
    lambda root, _: next(root.glob("/*/*/*"), None),
    lambda root, _: next(root.glob("/**"), None),
    lambda root, path: next(iter(Traversal(root, path)), None),
    lambda root, path: root.missing_parents(path),
    lambda root, path: root.sync(path),
    lambda root, _: root.sync(),
    lambda root, path: root.overwrite(path),
    lambda root, path: root.clear_mode(path, 0o022, owners=(0, 1000)),
    lambda root, path: root.set_mode(path, 0o600, owner=(0, 0)),
    lambda root, path: root.replace(path, b"new", expected=b"other"),
    lambda root, path: root.rename(path, "/absent/name"),
    lambda root, path: root.rename(path, path + "/below"),
    lambda root, path: root.truncate(path),
    lambda root, path: root.replace(path, b"new"),
    lambda root, path: root.make_directory(path),
    lambda root, path: root.empty(path),
    lambda root, path: root.remove(path, overwrite=True),
    lambda root, path: root.remove(path),
)


def descriptors() -> list[str]:
    """What this process has open."""
    found = {number: os.path.realpath(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")}
    return sorted(f"{number} {path}" for number, path in found.items() if not path.startswith("/proc/"))


@in_namespace
def test_no_call_leaves_a_descriptor_open(guest: Path, canary: Canary) -> None:
    mount("--bind", canary.path, directory(guest / "var/spool/lent"))
    link(guest / "home/alice/.cache", "/precious", owner=ALICE)
    immutable = write(guest / "etc/immutable")
    with Root(str(guest)) as root, chattr("+i", immutable):
        before = descriptors()
        for call in CALLS:
            write(guest / "etc/file", b"content")
            write(guest / "etc/deep/below/file")
            directory(guest / "etc/directory")
            for name, make in (
                ("fifo", os.mkfifo),
                ("null", lambda path: os.mknod(path, 0o20666, os.makedev(1, 3))),
                ("link", lambda path: os.symlink("deep", path)),
                ("loop", lambda path: os.symlink("loop", path)),
            ):
                if not os.path.lexists(guest / "etc" / name):
                    make(guest / "etc" / name)
            for path in PATHS:
                try:
                    call(root, path)
                except GuestError as error:
                    assert error.why
                assert descriptors() == before, path


@as_root
def test_an_interrupt_leaves_no_descriptor_open(guest: Path, root: Root) -> None:
    for number in range(9):
        write(guest / f"var/spool/{number}/file")
    write(guest / "etc/.pwd.lock", b"")
    before = descriptors()

    def interrupt(steps: object) -> None:
        for _ in steps:
            raise KeyboardInterrupt

    for steps in (Traversal(root, "/var"), root.glob("/var/*/*/*"), root.glob("/var/**")):
        with pytest.raises(KeyboardInterrupt):
            interrupt(steps)
    for context in (
        root.looked_at("/var", follow=True),
        root.entered("/var"),
        root._place("/var/spool"),
        locked(root),
    ):
        with pytest.raises(KeyboardInterrupt), context:
            raise KeyboardInterrupt
    del steps, context
    assert descriptors() == before


@in_namespace
def test_an_interrupt_at_any_moment_closes_nothing_twice(guest: Path) -> None:
    for number in range(5):
        write(guest / f"var/spool/{number}/deep/file")
    link(guest / "etc/here", "../var/spool/../spool/1/deep")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGALRM, interrupt)
    interrupted = 0
    with Root(str(guest)) as root:
        for number in range(600):
            try:
                signal.setitimer(signal.ITIMER_REAL, 0.00005 + number % 100 / 100_000)
                for _ in range(50):
                    list(root.glob("/var/**"))
                    root.lstat("/etc/here/../deep/file")
            except KeyboardInterrupt:
                interrupted += 1
    assert interrupted > 500


@as_root
def test_a_tree_gives_its_descriptors_back(guest: Path) -> None:
    before = descriptors()
    for _ in range(3):
        with Tree(str(guest)):
            assert descriptors() != before
    for path in (guest / "absent", guest / "precious/file"):
        with pytest.raises(GuestError):
            Tree(str(path))
    assert descriptors() == before


@as_root
def test_every_descriptor_is_closed_in_a_program_that_is_started(guest: Path) -> None:
    with Root(str(guest)) as root, root.entered("/etc"):
        for number in os.listdir("/proc/self/fd"):
            path = f"/proc/self/fd/{number}"
            if os.path.lexists(path) and os.path.realpath(path).startswith(str(guest)):
                assert not os.get_inheritable(int(number))
