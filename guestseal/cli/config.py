"""Show the settings in force, with --origin also which file set each."""

from __future__ import annotations

import argparse

from guestseal.cli._settings import require_known_names
from guestseal.guest.tree import Tree
from guestseal.report import Report
from guestseal.settings import load, rows, shown


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``config``."""
    parser.add_argument("--origin", action="store_true", help="say which file set each value")


def run(options: argparse.Namespace) -> Report:
    """The merged result of every configuration file, as one that could be written."""
    with Tree(options.root) as tree:
        settings = load(tree, extra=options.config)
        require_known_names(settings, tree)
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
