"""JSON documents that nobody vouches for."""

from __future__ import annotations

import json
from typing import Any


def parse_object(content: bytes) -> dict[str, Any]:
    """The JSON object in ``content``. Raises ValueError for anything else, however it is malformed."""
    try:
        document = json.loads(content)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")
    return document
