"""Look whether anything of this machine's identity or secrets is left; change nothing.

Exit status 0: clean; 1: something is left, named with the operation that takes it away.
Clutter alone is a note, unless --strict, and so is what guestseal only reports: it is
named with what you can do about it, and sealing leaves it alone.
"""

from __future__ import annotations

import argparse

from guestseal.check import leftovers
from guestseal.guest.facts import Guest
from guestseal.guest.seal_record import read_preparation
from guestseal.guest.tree import Tree
from guestseal.report import Report
from guestseal.seal import profiles, site_rules
from guestseal.seal.runner import chosen, require_guest, survey
from guestseal.settings import load


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``check``."""
    parser.add_argument("--operations", metavar="LIST", help="what to look for: a selection of operations")
    parser.add_argument("--strict", action="store_true", help="clutter and warnings make the exit status 1")


def run(options: argparse.Namespace) -> Report:
    """Survey and judge."""
    options.listing = True
    given = {} if options.operations is None else {"operations": options.operations}
    with Tree(options.root) as tree:
        require_guest(tree)
        settings = load(tree, extra=options.config, options=given)
        guest = Guest(tree, choices=profiles.choices(settings), live=options.root == "/")
        entries = (
            *leftovers.findings(survey(chosen(settings.operations, site_rules.read(tree)), guest)),
            *leftovers.under_way(read_preparation(tree)),
        )
        notes = [f"{path}: {why}" for path, why in sorted(tree.passed_over.items())]
        return leftovers.report(entries, notes, strict=options.strict)
