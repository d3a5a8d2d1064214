"""The parser of the command line: its help fits 80 columns, and what is wrong is told in one line."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from guestseal import __version__
from guestseal.catalog import names, unknown
from guestseal.cli import write

FORMATS = ("text", "json")
_COMMANDS = "guestseal.cli"


class Formatter(argparse.HelpFormatter):
    """Help in 80 columns. argparse makes one for every option, and without a width each asks the terminal for its."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=78)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        """Paragraphs; a block that is indented stays as it is."""
        blocks = text.strip("\n").split("\n\n")
        return "\n\n".join(
            block if block.startswith("    ") else super(Formatter, self)._fill_text(block, width, indent)
            for block in blocks
        )


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line that says where more is to be read: usage would push them off the screen."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and exit with 2."""
        self.exit(2, f"{self.prog}: {message}; see `{self.prog} --help`\n")

    def _print_message(self, message: str, file: Any = None) -> None:
        """Write at once all that argparse says; help and a version that nothing takes are a failure."""
        if not write(file or sys.stderr, message) and file is sys.stdout:
            sys.exit(1)


def parsed(words: Sequence[str], command: str | None) -> argparse.Namespace:
    """The options among ``words``, which call ``command``. Exits with 2 when they are wrong."""
    parser = build(command)
    known = names(_COMMANDS)
    if command is not None and command not in known:
        parser.error(unknown("command", command, known))
    options, rest = parser.parse_known_args(words)
    if rest:
        # argparse would say this of the whole program, and not of the command.
        called = Parser(prog=" ".join(filter(None, (parser.prog, command))))
        called.error(f"unrecognized arguments: {' '.join(rest)}")
    return options


def build(command: str | None = None) -> argparse.ArgumentParser:
    """The whole parser; only ``command`` is in it (every one when it is None)."""
    # A parser costs half a millisecond, and a module more: of a command that is called only its own.
    called = [name for name in names(_COMMANDS) if command in (None, name)]
    modules = {name: importlib.import_module(f"{_COMMANDS}.{name.replace('-', '_')}") for name in called}
    forms = {name: (*FORMATS, *getattr(module, "RENDERERS", {})) for name, module in modules.items()}
    parser = Parser(
        prog="guestseal",
        description="Seal a Linux template master, and make each clone a machine of its own.",
        epilog="`guestseal COMMAND --help` says more of one command, and `man guestseal` is the manual.",
        formatter_class=Formatter,
    )
    parser.add_argument("--version", action="version", version=f"guestseal {__version__}", help="show the version")
    _common(parser, default=True, formats=FORMATS if command is None else forms.get(command, FORMATS))
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, module in modules.items():
        heading, _, manual = (module.__doc__ or "").partition("\n")
        sub = commands.add_parser(
            name,
            help=heading.rstrip("."),
            description=f"{heading}\n{manual}",
            formatter_class=Formatter,
        )
        module.arguments(sub)
        _common(sub.add_argument_group("options of every command"), default=False, formats=forms[name])
        sub.set_defaults(run=module.run, renderers=getattr(module, "RENDERERS", {}))
    return parser


def _common(parser: argparse._ActionsContainer, *, default: bool, formats: Sequence[str]) -> None:
    """The options every command takes, before or after its name."""

    def value(of: object) -> object:
        return of if default else argparse.SUPPRESS

    parser.add_argument("--root", metavar="DIR", default=value("/"), help="work on the guest whose files are in DIR")
    parser.add_argument("--config", metavar="FILE", default=value(None), help="one more configuration file, read last")
    parser.add_argument(
        "--format",
        choices=formats,
        default=value("text"),
        help="the form of the result: text, or json as one document",
    )
    parser.add_argument("-v", "--verbose", action="count", default=value(0), help="say more; twice: everything")
    parser.add_argument("-q", "--quiet", action="count", default=value(0), help="say less")
