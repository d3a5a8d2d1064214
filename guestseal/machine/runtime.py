"""What guestseal says of this boot while it runs: small JSON files below /run.

They hold no secret and may be read by everybody.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from guestseal.documents import parse_object
from guestseal.errors import TimedOut
from guestseal.machine.clock import Deadline

STATUS = "status.json"
METADATA = "metadata.json"
ARMED = "armed"
"""What the final sweep looks for on the disk: it must never be on the disk itself."""
RETRY = "retry.json"
"""Until when the network stage is run again in the background."""
CLONE = "clone"
"""Stands where a machine without a seal record is personalised on this boot."""
LOCK = "lock"
POLL = 0.1


class Runtime:
    """The directory of this boot's files, made when first written to."""

    def __init__(self, directory: str) -> None:
        self._directory = directory

    def write(self, name: str, document: dict[str, Any]) -> None:
        """Put one document in place at once: a reader sees the old one or the new one."""
        self._put(name, json.dumps(document, indent=1).encode(), 0o644)

    def write_secret(self, name: str, content: bytes) -> None:
        """Keep bytes for root alone, in memory, until power-off."""
        self._put(name, content, 0o600)

    def read(self, name: str) -> dict[str, Any] | None:
        """One document; None: it was not written on this boot, or it is not one."""
        content = self.read_secret(name)
        if content is None:
            return None
        try:
            return parse_object(content)
        except ValueError:
            return None

    def read_secret(self, name: str) -> bytes | None:
        """The bytes kept under ``name`` in this boot; None: there are none."""
        try:
            with open(self._path(name), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def forget(self, name: str) -> None:
        """Take away what was kept under ``name``."""
        with suppress(FileNotFoundError):
            os.unlink(self._path(name))

    @contextmanager
    def alone(self, deadline: Deadline) -> Iterator[None]:
        """Keep every other process that asks for it out. Raises TimedOut when one stays in until ``deadline``."""
        import fcntl

        os.makedirs(self._directory, mode=0o755, exist_ok=True)
        with open(self._path(LOCK), "ab") as file:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if deadline.passed:
                        raise TimedOut("another guestseal is at work on this machine; wait for it to end") from None
                    deadline.clock.pause(min(POLL, deadline.remaining))
            yield

    def is_anybody_in(self) -> bool | None:
        """Whether some process is inside ``alone``; None for who may not know: that takes root."""
        import fcntl

        try:
            with open(self._path(LOCK), "rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except FileNotFoundError:
            return False
        except PermissionError:
            return None
        return False

    def _path(self, name: str) -> str:
        return os.path.join(self._directory, name)

    def _put(self, name: str, content: bytes, mode: int) -> None:
        os.makedirs(self._directory, mode=0o755, exist_ok=True)
        temporary = self._path(f".{os.urandom(8).hex()}")
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        try:
            with os.fdopen(fd, "wb") as file:
                os.fchmod(fd, mode)
                file.write(content)
            os.replace(temporary, self._path(name))
        except OSError:  # a full /run is not filled further
            os.unlink(temporary)
            raise
