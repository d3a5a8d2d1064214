"""JSON documents that nobody vouches for."""

from __future__ import annotations

import json
from typing import Any

LONGEST = 40
"""Characters of an integer: more than 128 bits take."""


def parse(content: bytes | str) -> Any:
    """What the JSON document ``content`` says. Raises ValueError, and nothing else, for what is none."""
    try:
        return json.loads(content, parse_int=_integer)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def parse_object(content: bytes) -> dict[str, Any]:
    """The JSON object in ``content``. Raises ValueError for anything else, however it is malformed."""
    document = parse(content)
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")
    return document


def _integer(text: str) -> int:
    # int() takes quadratic time and lets no other thread run; before Python 3.9.14 it has no limit (CVE-2020-10735).
    if len(text) > LONGEST:
        raise ValueError("a number of too many digits")
    return int(text)
