"""hosts(5) line by line: what is not changed keeps every byte, line ends included."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

_LOCAL = frozenset(("localhost", "localhost4", "localhost6", "ip6-localhost", "ip6-loopback", "loopback"))
_FIELD = re.compile(r"\s*[^\s]+")


def is_local(name: str) -> bool:
    """Whether ``name`` means "this machine" on every machine: localhost, with any domain."""
    return _short(name) in _LOCAL


def names_of(text: str, address: str) -> list[str]:
    """Every name ``text`` gives to ``address``, in order."""
    return [name for line in _lines(text) if _address(line) == address for name in _names(line)]


def without_names(text: str, names: Collection[str]) -> str:
    """``text`` without a machine's ``names``; a line that has no other name goes.

    A line that holds one of them loses its longer forms too (web.example.com when web is
    meant), and so does any line of a loopback address, which can mean this machine only.
    A line of another address that holds none of ``names`` stays: it is another machine.
    """
    wanted = frozenset(name.lower() for name in names if not is_local(name))
    return "".join(kept for line in _lines(text) for kept in _without(line, wanted))


def with_line(text: str, address: str, names: Sequence[str]) -> str:
    """``text`` with ``names`` first on the line of ``address``, before those it has already.

    A line that is missing is put after the last one of a 127 address, or at the end.
    """
    lines = list(_lines(text))
    newline = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    for number, line in enumerate(lines):
        if _address(line) == address:
            if _names(line)[: len(names)] != list(names):
                lines[number] = _leading(line, names)
            return "".join(lines)
    place = max((n + 1 for n, line in enumerate(lines) if _address(line).startswith("127.")), default=len(lines))
    if place and not lines[place - 1].endswith("\n"):
        lines[place - 1] += newline
    lines.insert(place, f"{address}\t{' '.join(names)}{newline}")
    return "".join(lines)


def _lines(text: str) -> Iterator[str]:
    """The lines with their ends; only a line feed ends one, as for gethostbyname(3)."""
    return (match.group() for match in re.finditer(r"[^\n]*\n|[^\n]+", text))


def _address(line: str) -> str:
    fields = line.partition("#")[0].split()
    return fields[0] if len(fields) > 1 else ""


def _names(line: str) -> list[str]:
    return line.partition("#")[0].split()[1:]


def _short(name: str) -> str:
    return name.lower().partition(".")[0]


def _without(line: str, names: frozenset[str]) -> Iterator[str]:
    """The line without ``names``; nothing when no name is left on it."""
    body, mark, comment = line.partition("#")
    address, on_line = _address(line), {name.lower() for name in _names(line)}
    loopback = address.startswith("127.") or address == "::1"
    shorts = {_short(name) for name in names}
    gone = {name for name in on_line if name in names or (_short(name) in shorts and not is_local(name))}
    if not gone or not (loopback or on_line & names):
        yield line
    elif gone != on_line:
        fields = _FIELD.findall(body)
        end = body[len("".join(fields)) :]
        kept = [text for text in fields[1:] if text.strip().lower() not in gone]
        yield fields[0] + "".join(kept) + end + mark + comment


def _leading(line: str, names: Sequence[str]) -> str:
    body, mark, comment = line.partition("#")
    fields = _FIELD.findall(body)
    end = body[len("".join(fields)) :]
    others = [text for text in fields[1:] if text.strip() not in names]
    return f"{fields[0]}\t{' '.join(names)}{''.join(others)}{end}{mark}{comment}"
