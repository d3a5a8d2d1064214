"""GRUB's environment block: 1024 bytes of which GRUB itself changes some at boot.

The format is envblk.h of GRUB: a signature line, ``name=value`` lines with a backslash
before a line feed or a backslash, then ``#`` up to the end. A block of another size is
not read by GRUB at all.
"""

from __future__ import annotations

import re
from collections.abc import Collection

SIZE = 1024
_SIGNATURE = b"# GRUB Environment Block\n"
_VARIABLE = re.compile(rb"([^=\n#][^=\n]*)=((?:\\.|[^\\\n])*)\n", re.DOTALL)


def without(block: bytes, names: Collection[str]) -> bytes | None:
    """``block`` without the variables ``names``, of the same size; None: it is no environment block."""
    if len(block) != SIZE or not block.startswith(_SIGNATURE):
        return None
    gone = {name.encode() for name in names}
    text = block[len(_SIGNATURE) :].rstrip(b"#")
    kept = _VARIABLE.sub(lambda found: b"" if found[1] in gone else found[0], text)
    return (_SIGNATURE + kept).ljust(SIZE, b"#")


def variables(block: bytes) -> dict[str, str]:
    """The variables with their values; none where it is no environment block."""
    if len(block) != SIZE or not block.startswith(_SIGNATURE):
        return {}
    found = _VARIABLE.findall(block[len(_SIGNATURE) :].rstrip(b"#"))
    return {_text(name): _text(re.sub(rb"\\(.)", rb"\1", value, flags=re.DOTALL)) for name, value in found}


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")
