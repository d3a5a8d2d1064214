"""The commands and options of the program, as its argparse parsers have them."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import cast

from guestseal.cli import build_parser
from guestseal.cli.query import KEYS

_WORDS = {"KEY": KEYS}
"""What may stand for a metavar whose parser leaves it open, to give a better error than argparse's."""


@dataclass(frozen=True)
class Option:
    """One option, or, without names, one argument."""

    names: tuple[str, ...]
    help: str
    value: str | None
    """What stands for its value; None: it takes none."""
    words: tuple[str, ...]
    """The values it takes, where they are known."""
    required: bool


@dataclass(frozen=True)
class Command:
    """One command: its texts are the docstring of its module."""

    name: str
    heading: str
    manual: str
    options: tuple[Option, ...]
    """Its own, without those that every command takes."""
    arguments: tuple[Option, ...]


def common_options() -> tuple[Option, ...]:
    """The options that every command takes, ``--help`` among them."""
    taken = [_names(parser) for parser in _parsers().values()]
    return tuple(option for option in _options(build_parser()) if all(map(set(option.names).issubset, taken)))


def main_options() -> tuple[Option, ...]:
    """The options that go without a command or before it: ``--version``."""
    return tuple(option for option in _options(build_parser()) if option not in common_options())


def commands() -> tuple[Command, ...]:
    """Every command, by name."""
    common = {name for option in common_options() for name in option.names}
    return tuple(_command(name, parser, common) for name, parser in _parsers().items())


def _parsers() -> dict[str, argparse.ArgumentParser]:
    (choice,) = (action for action in _actions(build_parser()) if action.dest == "command")
    return cast("dict[str, argparse.ArgumentParser]", choice.choices)


def _command(name: str, parser: argparse.ArgumentParser, common: set[str]) -> Command:
    heading, _, manual = (parser.description or "").partition("\n")
    own = tuple(option for option in _options(parser) if not common.intersection(option.names))
    arguments = tuple(_option(action) for action in _actions(parser) if not action.option_strings)
    return Command(name, heading.strip(), manual.strip(), own, arguments)


def _names(parser: argparse.ArgumentParser) -> set[str]:
    return {name for action in _actions(parser) for name in action.option_strings}


def _options(parser: argparse.ArgumentParser) -> tuple[Option, ...]:
    return tuple(_option(action) for action in _actions(parser) if action.option_strings)


def _option(action: argparse.Action) -> Option:
    value = None
    if action.nargs != 0:
        value = action.metavar if isinstance(action.metavar, str) else None
        value = value or ("|".join(action.choices) if action.choices else action.dest.upper())
    words = tuple(action.choices) if action.choices else _WORDS.get(value or "", ())
    names = tuple(action.option_strings)
    # Of an argument argparse says that it is required unless it may be left out.
    return Option(names, (action.help or "") % vars(action), value, tuple(words), action.required)


def _actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    # argparse has no public way to ask; every tool that reads parsers (argcomplete, shtab) reads this list.
    return parser._actions
