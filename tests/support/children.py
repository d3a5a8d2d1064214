"""Actions in a child process: with namespaces of its own, or killed in the middle."""

from __future__ import annotations

import ctypes
import itertools
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

NEW_MOUNTS = 0x00020000  # unshare(2)
NEW_HOSTNAME = 0x04000000
_PRIVATE = 0x40000 | 0x4000  # mount(2): MS_PRIVATE | MS_REC
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_NAMES = ("rename", "remove", "rmdir", "mkdir", "chmod", "chown", "link", "symlink", "setxattr", "truncate")
_CHANGES = frozenset(("subprocess.Popen", *(f"os.{name}" for name in _NAMES)))


def in_child(action: Callable[[], str], *, namespaces: int = 0) -> str:
    """What ``action`` returns, run in a child process with new ``namespaces``."""
    reading, writing = os.pipe()

    def act() -> None:
        _unshare(namespaces)
        os.write(writing, action().encode())

    child = _child(act)
    os.close(writing)
    with os.fdopen(reading) as answer:
        said = answer.read()
    assert os.waitpid(child, 0)[1] == 0, "the child failed; its traceback is above"
    return said


def at_once(*actions: Callable[[], object]) -> None:
    """Run every action in a child process of its own, all at the same time."""
    children = [_child(action) for action in actions]
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * len(children), "a child failed"


def every_cut(make: Callable[[Path], T], action: Callable[[T], object], places: Path) -> Iterator[T]:
    """What ``action`` leaves of what ``make`` made when the power fails during it.

    The power fails just before its first change of a file, then, on a new one, before its
    second, and so on; that ends when an ``action`` comes to its own end.
    """
    for number in itertools.count(1):
        made = make(places / str(number))
        if not _cut(lambda: action(made), number):  # noqa: B023 - called at once
            return
        yield made


def _cut(action: Callable[[], object], number: int) -> bool:
    def act() -> None:
        sys.addaudithook(_Fuse(number).watch)
        action()

    _, status = os.waitpid(_child(act), 0)
    assert status in (0, signal.SIGKILL), "the child failed; its traceback is above"
    return status != 0


def _child(action: Callable[[], object]) -> int:
    child = os.fork()
    if child == 0:
        status = 1
        try:
            action()
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)
    return child


class _Fuse:
    """Kills its process just before its ``number``-th change of a file."""

    def __init__(self, number: int) -> None:
        self.left = number

    def watch(self, event: str, arguments: tuple[object, ...]) -> None:
        """An audit hook: sys.addaudithook."""
        opening = event == "open" and isinstance(arguments[2], int) and bool(arguments[2] & _WRITES)
        if event in _CHANGES or opening:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def _unshare(namespaces: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(namespaces) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    if namespaces & NEW_MOUNTS and libc.mount(b"none", b"/", None, _PRIVATE, None) != 0:
        raise OSError(ctypes.get_errno(), "mount")
