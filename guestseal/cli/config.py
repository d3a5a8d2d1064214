"""Show the settings in force, with --origin also which file set each."""

from __future__ import annotations

import argparse

from guestseal.guest.tree import Tree
from guestseal.report import Report
from guestseal.settings import load, rows


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``config``."""
    parser.add_argument("--origin", action="store_true", help="say which file set each value")


def run(options: argparse.Namespace) -> Report:
    """The merged result of every configuration file, as one that could be written."""
    with Tree(options.root) as tree:
        settings = load(tree, extra=options.config)
    lines: list[str] = []
    values: dict[str, dict[str, dict[str, str]]] = {}
    section = ""
    for row in rows():
        if row.section != section:
            section = row.section
            lines.append(f"[{section}]")
        value = shown(getattr(settings, row.name))
        origin = settings.origin_of(row.name)
        lines.append(f"{row.key} = {value}" + (f"    # {origin}" if options.origin else ""))
        values.setdefault(section, {})[row.key] = {"value": value, "origin": origin}
    return Report("config", f"{len(rows())} settings", facts={"settings": values}, text=tuple(lines))


def shown(value: object) -> str:
    """A value as it stands in a configuration file."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return " ".join("=".join(part) if isinstance(part, tuple) else str(part) for part in value)
    return str(value)
