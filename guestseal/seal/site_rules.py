"""Site rules: operations of a guest's own, written as data.

The files /etc/guestseal/operations.d/*.conf hold them. A section is an operation, by its
name in a selection, and is done by default:

    [example-agent]
    kind = identity
    why = The example agent's id: two clones with one id are one machine to its server.
    remove = /var/lib/example-agent/id
        {home}/.example/id

``kind`` (identity, secret or clutter) and ``why`` are needed, and at least one of
``remove``, ``empty`` and ``truncate``, which take one pattern a line. A rule that could
reach a protected path, or names no place of its own, is refused with its file and line.
"""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from guestseal.catalog import Item, names, unknown
from guestseal.errors import UsageError, printable
from guestseal.guest.patterns import components_of, is_pattern
from guestseal.guest.protected import reached_by
from guestseal.guest.tree import Tree
from guestseal.seal.operation import Kind, Operation, Profile
from guestseal.settings import why_not_ini

FILES = "/etc/guestseal/operations.d/*.conf"
PATHS = ("remove", "empty", "truncate")
KEYS = ("kind", "why", *PATHS)
MANUAL = (__doc__ or "").partition("\n")[2]

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_SETS = ("defaults", "all", *(profile.value for profile in Profile))
_OPEN = re.compile(r"[*?]+")  # a component that anything fits
_HOMES = ("/root", "/home/*")


def read(tree: Tree) -> dict[str, Item[Operation]]:
    """The rules of a guest, by name. Raises UsageError with file and line for one that must not be followed."""
    rules: dict[str, Item[Operation]] = {}
    for path in tree.glob(FILES):
        for item in _File(path, tree.read_text(path) or "").items():
            if item.name in rules:
                raise UsageError(f"{printable(path)}: [{item.name}] is in another file, too: give it another name")
            rules[item.name] = item
    return rules


@dataclass(frozen=True)
class _File:
    path: str
    text: str

    def items(self) -> Iterator[Item[Operation]]:
        """Its rules."""
        parser = configparser.ConfigParser(interpolation=None, strict=True, default_section="", delimiters=("=",))
        try:
            parser.read_string(self.text, self.path)
        except configparser.Error as error:
            raise self._refused(*why_not_ini(error)) from error
        for name in parser.sections():
            yield self._item(name, dict(parser.items(name)))

    def _item(self, name: str, values: Mapping[str, str]) -> Item[Operation]:
        self._require_name(name)
        for key in values:
            if key not in KEYS:
                raise self._refused(self._line(name, key), unknown("key", key, KEYS))
        missing = [key for key in ("kind", "why") if not values.get(key, "").strip()]
        if missing or not any(values.get(key) for key in PATHS):
            wanted = missing or [" or ".join(PATHS)]
            raise self._refused(self._line(name), f"[{name}] does not say {', '.join(wanted)}")
        kinds = [kind.value for kind in Kind]
        if values["kind"] not in kinds:
            raise self._refused(self._line(name, "kind"), f"kind is one of {', '.join(kinds)}")
        remove, empty, truncate = (tuple(self._patterns(name, key, values.get(key, ""))) for key in PATHS)
        operation = Operation(Kind(values["kind"]), remove, empty, truncate)
        why = " ".join(values["why"].split())
        manual = f"{why}\n\nA rule of this site, from {self.path}."
        return Item(name, f"Follow a rule of this site: {name}", manual, operation)

    def _require_name(self, name: str) -> None:
        if not _NAME.fullmatch(name):
            raise self._refused(self._line(name), f"[{printable(name)}]: a name is small letters, digits and dashes")
        if name in _SETS or name in names("guestseal.seal.operations"):
            raise self._refused(self._line(name), f"[{name}] is a name of guestseal's own: take another one")

    def _patterns(self, name: str, key: str, value: str) -> Iterator[str]:
        for pattern in filter(None, map(str.strip, value.split("\n"))):
            why = _wrong(pattern, key) if is_pattern(pattern) else "a [set] of characters is empty or runs backwards"
            if why is not None:
                raise self._refused(self._line(name, key, pattern), f"{key} = {printable(pattern)}: {why}")
            yield pattern

    def _line(self, section: str, key: str | None = None, pattern: str | None = None) -> int:
        """The line in which something stands: configparser does not tell."""
        within = found = 0
        for number, line in enumerate(self.text.split("\n"), 1):
            word = line.strip()
            if word.startswith("["):
                within = number if word.startswith(f"[{section}]") else 0
                found = 0 if within else found
            elif within and key is not None and word.partition("=")[0].strip().lower() == key:
                found = number
            if within and (key is None or (found and (pattern is None or word.endswith(pattern)))):
                return number
        return found or 1

    def _refused(self, line: int, why: str) -> UsageError:
        return UsageError(f"{printable(self.path)}, line {line}: {why}")


def _wrong(pattern: str, key: str) -> str | None:
    """Why a pattern must not be followed; None: it may."""
    home = pattern.startswith("{home}/")
    if not (pattern.startswith("/") or home):
        return "a path begins with / or {home}/"
    names_in = components_of(pattern)
    if ".." in names_in or "." in names_in or "\0" in pattern:
        return "a path does not hold . or .."
    closed = next((n for n, name in enumerate(names_in) if _OPEN.fullmatch(name)), len(names_in))
    if closed < 2:
        return "it reaches too far: name the file, or a directory of the program's own"
    if "**" in names_in and key == "empty":
        return "** matches no directory, so there is nothing to empty: name the directory"
    for top in _HOMES if home else ("",):
        row = reached_by(f"{top}/{'/'.join(names_in[home:])}", below=key != "truncate", itself=key != "empty")
        if row is not None:
            return f"{row.pattern} {row.keep.value}: {row.why} (protected: {row.fact})"
    return None
