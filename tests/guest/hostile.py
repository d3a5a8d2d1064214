"""What hostile users write, mount and do; and a canary that tells whether they got through."""

from __future__ import annotations

import ctypes
import functools
import itertools
import os
import signal
import stat
import struct
import subprocess
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import pytest

ALICE, BOB = 1000, 1001

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="owners, devices and mounts need root")

_libc = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNS, _MS_PRIVATE, _RENAME_EXCHANGE, _AT_FDCWD = 0x20000, 1 << 14 | 1 << 18, 2, -100


class Canary:
    """A directory outside the guest, of which not one attribute may change."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "below").mkdir(parents=True)
        for name in ("canary", "below/canary"):
            (path / name).write_bytes(b"alive\n")
            os.chmod(path / name, 0o640)
            if os.geteuid() == 0:
                os.chown(path / name, 4242, 4243)
            os.utime(path / name, (1_000_000_000, 1_000_000_000))
        self._before = snapshot(self.path)

    @property
    def file(self) -> Path:
        return self.path / "canary"

    def check(self) -> None:
        assert snapshot(self.path) == self._before


def snapshot(path: Path) -> dict[str, tuple[object, ...]]:
    """Everything about every file below ``path``: type, mode, owner, inode, mtime, content."""
    found: dict[str, tuple[object, ...]] = {}
    for directory, directories, files in os.walk(path):
        for name in (".", *directories, *files):
            here = os.path.join(directory, name)
            info = os.lstat(here)
            content = Path(here).read_bytes() if stat.S_ISREG(info.st_mode) else b""
            found[here] = (info.st_mode, info.st_uid, info.st_gid, info.st_ino, info.st_mtime_ns, content)
    return found


def write(path: Path, content: bytes = b"x", *, owner: int = 0, mode: int = 0o644) -> Path:
    """A file, with the directories above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.chown(path, owner, owner)
    os.chmod(path, mode)
    return path


def link(path: Path, target: str | Path, *, owner: int = 0) -> Path:
    """A symbolic link that ``owner`` made."""
    path.symlink_to(target)
    os.lchown(path, owner, owner)
    return path


def directory(path: Path, *, owner: int = 0, mode: int = 0o755) -> Path:
    """A directory of ``owner``."""
    path.mkdir(parents=True, exist_ok=True)
    os.chown(path, owner, owner)
    os.chmod(path, mode)
    return path


def in_namespace(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test in a process of its own with a private mount namespace: its mounts end with it."""

    @functools.wraps(test)
    def forked(*args: object, **kwargs: object) -> None:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            _run_apart(test, args, kwargs, writer)
        os.close(writer)
        with os.fdopen(reader, encoding="utf-8", errors="replace") as file:
            trouble = file.read()
        os.waitpid(child, 0)
        if trouble.startswith("SKIP "):
            pytest.skip(trouble[5:])
        assert not trouble, trouble

    return as_root(forked)


def _run_apart(test: Callable[..., None], args: tuple[object, ...], kwargs: dict[str, object], writer: int) -> None:
    try:
        _leave_the_mount_namespace()
        test(*args, **kwargs)
    except pytest.skip.Exception as skipped:
        os.write(writer, f"SKIP {skipped}".encode())
    except BaseException:
        os.write(writer, traceback.format_exc().encode("utf-8", "backslashreplace"))
    finally:
        os._exit(0)


def _leave_the_mount_namespace() -> None:
    if _libc.unshare(_CLONE_NEWNS) or _libc.mount(b"none", b"/", None, _MS_PRIVATE, None):
        raise OSError(ctypes.get_errno(), "a mount namespace of its own is refused")


def mount(*words: str | Path) -> None:
    """mount(8), or a skip where this kernel cannot."""
    done = subprocess.run(["mount", *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"mount {words}: {done.stderr.strip()}")


def filesystem(image: Path, *make: str, size: int = 8 << 20) -> Path:
    """A new filesystem in a file."""
    with image.open("wb") as file:
        file.truncate(size)
    try:
        subprocess.run([*make, image], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip(f"no {make[0]}")
    return image


@contextmanager
def chattr(flags: str, *paths: Path) -> Iterator[None]:
    """chattr(1) for the while; whatever happens, the flags are gone in the end."""
    if subprocess.run(["chattr", flags, *paths], capture_output=True, check=False).returncode:
        pytest.skip("a filesystem without chattr flags")
    try:
        yield
    finally:
        for path in paths:
            if path.exists():
                subprocess.run(["chattr", "-ia", path], check=True)


def flags(path: Path) -> str:
    """The flags of a file or directory that protect it."""
    shown = subprocess.run(["lsattr", "-d", path], capture_output=True, text=True, check=True).stdout.split()[0]
    return "".join(flag for flag in shown if flag in "ia")


def swapped_again_and_again(one: Path, other: Path) -> AbstractContextManager[None]:
    """A process that exchanges two names as fast as it can."""
    names = (_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return meanwhile(lambda _: _libc.renameat2(*names))


@contextmanager
def meanwhile(act: Callable[[int], object]) -> Iterator[None]:
    """A process that does something again and again, as fast as it can, whether it fails or not."""
    child = os.fork()
    if child == 0:
        for number in itertools.count():
            with suppress(OSError):
                act(number)
    try:
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def again_and_again(seconds: float = 0.6) -> Iterator[int]:
    """Rounds until the time is up."""
    end = time.monotonic() + seconds
    number = 0
    while time.monotonic() < end:
        yield number
        number += 1


def acl(*, user: int, permissions: int) -> bytes:
    """The value of system.posix_acl_access for rw-r----- with one more user: acl(5), linux/posix_acl_xattr.h."""
    nobody = 0xFFFFFFFF
    entries = ((1, 6, nobody), (2, permissions, user), (4, 4, nobody), (0x10, 6, nobody), (0x20, 0, nobody))
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


CAPABILITY = struct.pack("<IIIII", 0x02000001, 1 << 10, 0, 0, 0)
"""The value of security.capability for cap_net_bind_service=ep: linux/capability.h."""
