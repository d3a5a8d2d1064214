"""Catalogs: packages of which every module is one item, and the grammar that selects among them."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Generic, TypeVar

from guestseal.errors import UsageError

T = TypeVar("T")
_LISTED = ("operation", "source", "step", "check", "profile")
"""What ``guestseal list`` names."""


@dataclass(frozen=True)
class Item(Generic[T]):
    """One item of a catalog: its name is its module's, with dashes; its texts are its docstring's."""

    name: str
    heading: str
    manual: str
    value: T


def names(package: str) -> list[str]:
    """The names of a catalog's items, without importing them."""
    # Not pkgutil: importing that costs every boot of every clone more than reading a directory.
    files = os.listdir(importlib.import_module(package).__path__[0])
    return sorted(name[: -len(".py")].replace("_", "-") for name in files if name.endswith(".py") and name[0] != "_")


def discover(package: str, attribute: str, kind: type) -> dict[str, Item[T]]:
    """Every item of ``package``, by name: the value each module keeps in ``attribute``.

    Raises TypeError for a module whose attribute is missing or is not a ``kind``: a broken
    declaration is a bug of the program.
    """
    return {name: load(package, name, attribute, kind) for name in names(package)}


def load(package: str, name: str, attribute: str, kind: type) -> Item[T]:
    """The one item ``name``; nothing else is imported."""
    module = importlib.import_module(f"{package}.{name.replace('-', '_')}")
    value = getattr(module, attribute, None)
    fits = isinstance(value, kind) or (isinstance(value, type) and issubclass(value, kind))
    if not fits:
        raise TypeError(f"{module.__name__}: {attribute} must be a {kind.__name__}")
    heading, manual = _texts(module)
    return Item(name, heading, manual, value)  # type: ignore[arg-type]


def select(
    selection: str,
    known: Iterable[str],
    defaults: Iterable[str],
    what: str = "operation",
    *,
    sets: Mapping[str, Iterable[str]] | None = None,
) -> list[str]:
    """The names a selection means, in the catalog's order: virt-sysprep's grammar.

    A comma list of names; ``defaults`` and ``all`` stand for sets of names; ``-name`` takes
    one away again. A list that begins with ``-`` or ``+`` starts from the defaults. ``sets``:
    further names that stand for several, each with these.
    Raises UsageError for a name that does not exist, with the nearest one that does.
    """
    order = list(known)
    groups = {"defaults": list(defaults), "all": order, **(sets or {})}
    words = [word.strip() for word in selection.split(",") if word.strip()]
    chosen = set(groups["defaults"]) if not words or words[0].startswith(("+", "-")) else set()
    for word in words:
        name = word.lstrip("+-")
        if name not in groups and name not in order:
            raise UsageError(unknown(what, name, [*order, *groups]))
        group = groups.get(name, [name])
        chosen = chosen.difference(group) if word.startswith("-") else chosen.union(group)
    return [name for name in order if name in chosen]


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """The message for a name that does not exist: with the nearest one that does, or else where they all are."""
    import difflib

    known = list(known)
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        hint = f"did you mean {near[0]}?"
    elif what in _LISTED:
        hint = f"`guestseal list {what}s` names them all"
    else:
        hint = f"known are {', '.join(known)}"
    return f"unknown {what} {name!r}; {hint}"


def _texts(module: ModuleType) -> tuple[str, str]:
    heading, _, manual = (module.__doc__ or "").partition("\n")
    return heading.rstrip("."), manual.strip()
