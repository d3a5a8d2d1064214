"""Namespaces of this process: what is mounted, added or named in them is gone when it ends."""

from __future__ import annotations

import ctypes
import logging
import os
from collections.abc import Callable
from enum import IntFlag

from guestseal.errors import CommandError, GuestsealError

log = logging.getLogger(__name__)


class Namespace(IntFlag):
    """The kinds that are used: unshare(2)."""

    MOUNT = 0x00020000
    UTS = 0x04000000
    NETWORK = 0x40000000


_MS_REC = 0x4000
_MS_PRIVATE = 1 << 18


def leave(kinds: Namespace) -> None:
    """Give this process namespaces of its own; with MOUNT, nothing mounted from here on is seen outside.

    Raises CommandError without the privilege, or where the kernel has no such namespaces.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(int(kinds)) != 0:
        raise CommandError(f"unshare: {os.strerror(ctypes.get_errno())}")
    if kinds & Namespace.MOUNT and libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None) != 0:
        raise CommandError(f"making mounts private: {os.strerror(ctypes.get_errno())}")


def apart(kinds: Namespace, action: Callable[[], None]) -> None:
    """Run ``action`` in a child process with namespaces of its own: this process stays in its own.

    Waits for its end. Raises CommandError when it failed; why is in the log.
    """
    child = os.fork()
    if child == 0:
        status = 1
        try:
            leave(kinds)
            action()
            status = 0
        except GuestsealError as error:
            log.warning("%s", error)
        except Exception:
            log.exception("in a process apart")
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    if ended:
        raise CommandError("a process apart failed; the messages before say why")
