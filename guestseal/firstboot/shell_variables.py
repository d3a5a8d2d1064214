"""Assignments of shell variables, read without a shell: nothing is expanded and nothing is ever run.

OpenNebula writes them (VirtualMachineContext.cc: NAME='value', a quote in it as '\\'') for
scripts that source the file as root. Of the shell's language (POSIX.1, Shell Command
Language, 2.2 Quoting) only what gives a constant value is taken.
"""

from __future__ import annotations

import re

from guestseal.errors import Malformed

# None of these repeats a group: the matcher would keep some 200 bytes for each time.
_BARE = re.compile(
    r"""
    '(?P<single>[^']*)'                        # anything at all but a quote
    | (?P<quote>")
    | \\(?P<escaped>['"\\$` ])
    | (?P<plain>[A-Za-z0-9_@%+=:,./-]+)
    """,
    re.VERBOSE,
)
_QUOTED = re.compile(r"""(?P<plain>[^"\\$`]+)|\\(?P<escaped>["\\$`])|(?P<quote>")""")  # nothing that is expanded
_NAME = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=")
_BETWEEN = re.compile(r"[ \t\n]*(?:#[^\n]*)?")
_END = re.compile(r"[ \t]*(?:\n|\Z)")


def shell_variables(address: str, body: bytes) -> dict[str, str]:
    """The values by name; of two of one name the last counts.

    Raises Malformed for anything that is no assignment of a constant: a command, an
    expansion, an open quote, anything behind a value; and for what is not UTF-8.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed(address, "not UTF-8") from None
    if "\0" in text:
        raise Malformed(address, "holds what no shell variable can hold")
    found: dict[str, str] = {}
    at = _skip(text, 0)
    while at < len(text):
        name = _NAME.match(text, at)
        if name is None:
            raise _refused(address, text, at)
        value, end = _read(text, name.end())
        after = _END.match(text, end)
        if after is None:
            raise _refused(address, text, end)
        found[name[1]] = value
        at = _skip(text, after.end())
    return found


def _read(text: str, at: int) -> tuple[str, int]:
    """The value that begins here, of however many quoted pieces, and where it ends; before a quote that stays open."""
    pieces = []
    pattern, end = _BARE, at
    while (piece := pattern.match(text, at)) is not None:
        at = piece.end()
        if piece.lastgroup == "quote":
            pattern = _QUOTED if pattern is _BARE else _BARE
        else:
            pieces.append(piece[piece.lastgroup or 0])
        if pattern is _BARE:
            end = at
    return "".join(pieces), end


def _skip(text: str, at: int) -> int:
    """Where the next assignment begins, after blanks, blank lines and comments."""
    while (between := _BETWEEN.match(text, at)) is not None and between.end() > at:
        at = between.end()
    return at


def _refused(address: str, text: str, at: int) -> Malformed:
    number = text.count("\n", 0, at) + 1
    return Malformed(address, f"line {number} is no assignment of a constant value")
