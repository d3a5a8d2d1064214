"""What guestseal says of this boot while it runs: small JSON files below /run.

They hold no secret and may be read by everybody.
"""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

from guestseal.documents import parse_object

STATUS = "status.json"
METADATA = "metadata.json"
ARMED = "armed"
"""What the final sweep looks for on the disk: it must never be on the disk itself."""
LIMIT = 1 << 20


class Runtime:
    """The directory of this boot's files, made when first written to."""

    def __init__(self, directory: str) -> None:
        self._directory = Path(directory)

    def write(self, name: str, document: dict[str, Any]) -> None:
        """Put one document in place at once: a reader sees the old one or the new one."""
        self._directory.mkdir(mode=0o755, parents=True, exist_ok=True)
        temporary = self._directory / f".{secrets.token_hex(8)}"
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            os.fchmod(fd, 0o644)
            json.dump(document, file, indent=1)
        temporary.replace(self._directory / name)

    def write_secret(self, name: str, content: bytes) -> None:
        """Keep bytes for root alone, in memory, until power-off."""
        self._directory.mkdir(mode=0o755, parents=True, exist_ok=True)
        path = self._directory / name
        path.unlink(missing_ok=True)
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(content)

    def read_secret(self, name: str) -> bytes | None:
        """The bytes kept under ``name`` in this boot; None: there are none."""
        try:
            return (self._directory / name).read_bytes()
        except FileNotFoundError:
            return None

    def forget(self, name: str) -> None:
        """Take away what was kept under ``name``."""
        (self._directory / name).unlink(missing_ok=True)

    def read(self, name: str) -> dict[str, Any] | None:
        """One document; None: it was not written on this boot, or it is not one."""
        try:
            with (self._directory / name).open("rb") as file:
                return parse_object(file.read(LIMIT))
        except (FileNotFoundError, ValueError):
            return None
