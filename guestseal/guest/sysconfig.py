"""Shell assignments line by line: ifcfg files and the rest of /etc/sysconfig.

A shell reads these files, so a line may be any command. Only a line that is one assignment and
nothing else counts; every other line keeps its bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_ASSIGNMENT = re.compile(
    r"(?P<before>\s*(?:export[ \t]+)?(?P<name>[A-Za-z_]\w*)=)"
    r"(?P<value>\"[^\"\\$`\n]*\"|'[^'\n]*'|[^\s\"'#;&|<>()$`\\]*)(?P<after>[ \t]*(?:[ \t]#[^\n]*)?\r?\n?)"
)


@dataclass(frozen=True)
class _Line:
    text: str
    name: str = ""
    value: str = ""


def variables(text: str) -> dict[str, str]:
    """The variables with their values; of several assignments the last one counts."""
    return {line.name: line.value for line in _lines(text) if line.name}


def without(text: str, unwanted: Callable[[str, str], bool]) -> str:
    """``text`` without the assignments whose name and value are ``unwanted``."""
    return "".join(line.text for line in _lines(text) if not (line.name and unwanted(line.name, line.value)))


def assigned(text: str, name: str, value: str) -> str:
    """``text`` with ``value`` for the variable wherever it is assigned, or in a line of its own at the end."""
    lines = list(_lines(text))
    found = [_ASSIGNMENT.fullmatch(line.text) if line.name == name else None for line in lines]
    if any(found):
        changed = (match and f"{match['before']}{_quoted(match['value'], value)}{match['after']}" for match in found)
        return "".join(new or line.text for new, line in zip(changed, lines))
    end = "\r\n" if text.endswith("\r\n") else "\n"
    return f"{text}{'' if not text or text.endswith(chr(10)) else end}{name}={value}{end}"


def _quoted(old: str, value: str) -> str:
    mark = old[:1] if old[:1] in ("'", '"') else ""
    return f"{mark}{value}{mark}"


def _lines(text: str) -> Iterator[_Line]:
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        match = _ASSIGNMENT.fullmatch(line)
        yield _Line(line, match["name"], match["value"].strip("\"'")) if match else _Line(line)
