"""Say why a path goes or stays: which operation knows it, what it does there, and what guards it.

The path is one inside the guest. Every operation is asked, also those that are done on
request only. Nothing is changed. Exit status 0, whatever the answer.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from guestseal.errors import NotEntered, UsageError, printable
from guestseal.guest.facts import Guest
from guestseal.guest.tree import Tree
from guestseal.report import Report, printable_path
from guestseal.seal import explanation, profiles, site_rules
from guestseal.seal.explanation import Verdict
from guestseal.seal.runner import chosen, require_guest
from guestseal.settings import load


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``explain``."""
    parser.add_argument("path", metavar="PATH", help="an absolute path inside the guest; it need not exist")


def run(options: argparse.Namespace) -> Report:
    """Ask every operation."""
    path = options.path
    if not path.startswith("/") or "\0" in path:
        raise UsageError(f"{printable(path)}: an absolute path is wanted: a path inside the guest starts with /")
    verdicts: tuple[Verdict, ...] = ()
    blind = 0
    protected = None
    done: set[str] = set()
    with Tree(options.root) as tree:
        require_guest(tree)
        settings = load(tree, extra=options.config)
        guest = Guest(tree, choices=profiles.choices(settings), live=options.root == "/")
        rules = site_rules.read(tree)
        try:
            there = tree.lstat(path) is not None
            every = explanation.explain(path, chosen("all", rules), guest)
            verdicts = tuple(each for each in every if not each.does.startswith(explanation.CANNOT_TELL))
            blind = len(every) - len(verdicts)
            protected = explanation.protected(path, guest)
            message = _message(path, verdicts, protected, there=there)
        except NotEntered as error:
            message = f"{path} does not belong to the disk, and no operation goes there: {error}"
        done = {item.name for item in chosen(settings.operations, rules)}
    facts = {
        "path": printable_path(path),
        "protected": protected,
        "operations": [{**verdict.to_json(), "selected": verdict.name in done} for verdict in verdicts],
    }
    warnings = (f"{blind} operations could not look: run it as root",) if blind else ()
    return Report("explain", message, facts=facts, text=tuple(_lines(verdicts, done)), warnings=warnings)


def _message(path: str, verdicts: Sequence[Verdict], protected: str | None, *, there: bool) -> str:
    names = ", ".join(verdict.name for verdict in verdicts)
    if protected is not None:
        also = f", though known to {names}" if names else ""
        return f"{path} is kept on purpose{also}: it {protected}"
    if names:
        return f"{path} is known to {names}"
    if there:
        return f"no operation knows {path}: it stays as it is"
    return f"nothing is at {path}, and no operation knows it by name"


def _lines(verdicts: Sequence[Verdict], done: set[str]) -> Iterator[str]:
    for verdict in verdicts:
        yield f"{verdict.name}: {verdict.heading}" + ("" if verdict.name in done else " (not selected)")
        yield f"    {printable(verdict.does)}"
        if verdict.kept:
            yield f"    kept, because {verdict.kept}"
        yield from (f"    {line}".rstrip() for line in ["", *verdict.manual.split("\n"), ""])
