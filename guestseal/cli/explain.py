"""Say why a path goes or stays: which operation knows it, what it does there, and what guards it.

The path is one inside the guest. Every operation is asked, also those that are done on
request only. Nothing is changed. Exit status 0, whatever the answer.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence

from guestseal.errors import NotEntered, UsageError, printable
from guestseal.guest.facts import Guest
from guestseal.guest.tree import Tree
from guestseal.report import Report, printable_path
from guestseal.seal import explanation, profiles, site_rules
from guestseal.seal.explanation import Verdict
from guestseal.seal.runner import chosen, require_guest
from guestseal.settings import load

NAMED = 6
"""Operations below a directory that are named rather than counted."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``explain``."""
    parser.add_argument("path", metavar="PATH", help="an absolute path inside the guest; it need not exist")


def run(options: argparse.Namespace) -> Report:
    """Ask every operation."""
    path = options.path
    if not path.startswith("/") or "\0" in path:
        raise UsageError(f"{printable(path)}: an absolute path is wanted: a path inside the guest starts with /")
    verdicts: tuple[Verdict, ...] = ()
    blind: tuple[Verdict, ...] = ()
    protected = None
    done: set[str] = set()
    with Tree(options.root) as tree:
        require_guest(tree)
        settings = load(tree, extra=options.config)
        guest = Guest(tree, choices=profiles.choices(settings), live=options.root == "/")
        rules = site_rules.read(tree)
        try:
            there = tree.lstat(path) is not None
            items = chosen("all", rules)
            every = explanation.explain(path, items, guest)
            blind = tuple(each for each in every if each.blind)
            verdicts = tuple(each for each in every if not each.blind)
            protected = explanation.protected(path, guest)
            below = explanation.below(path, items, guest)
            message = _message(path, verdicts, protected, there=there, below=below)
        except NotEntered as error:
            message = f"{path} does not belong to the disk, and no operation goes there: {error}"
        done = {item.name for item in chosen(settings.operations, rules)}
    facts = {
        "path": printable_path(path),
        "protected": protected,
        "operations": [{**verdict.to_json(), "selected": verdict.name in done} for verdict in verdicts],
    }
    return Report("explain", message, facts=facts, text=tuple(_lines(verdicts, done)), warnings=_unseen(blind))


def _unseen(blind: Sequence[Verdict]) -> tuple[str, ...]:
    """What some operations could not look at: root is told of each thing once, anybody else what would help."""
    if blind and os.geteuid() != 0:
        return (f"{len(blind)} operations could not look: run it as root",)
    return tuple(dict.fromkeys(each.does for each in blind))


def _message(
    path: str, verdicts: Sequence[Verdict], protected: str | None, *, there: bool, below: Sequence[str]
) -> str:
    names = ", ".join(verdict.name for verdict in verdicts)
    if protected is not None:
        also = f", though known to {names}" if names else ""
        return f"{path} is kept on purpose{also}: it {protected}"
    if names:
        return f"{path} is known to {names}"
    if there and below:
        known = ", ".join(below) if len(below) <= NAMED else f"{len(below)} operations"
        return f"{path} itself is known to no operation; what is below it, to {known}"
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
