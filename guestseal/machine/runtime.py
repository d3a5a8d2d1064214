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

    def read(self, name: str) -> dict[str, Any] | None:
        """One document; None: it was not written on this boot, or it is not one."""
        try:
            with (self._directory / name).open("rb") as file:
                return parse_object(file.read(LIMIT))
        except (FileNotFoundError, ValueError):
            return None
