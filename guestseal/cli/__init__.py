"""The command line. Every module here is a command: ``arguments`` declares, ``run`` calls one function.

Exit status:

    0    done, also with warnings (--strict makes them 1)
    1    failed, or something of the old identity or of secrets was found
    2    an argument or a configuration file is wrong
    3    refused or not confirmed; nothing was changed
    4    a wait came to its end before what was waited for happened
    130  interrupted (SIGINT); the operation that ran was finished
"""

from __future__ import annotations

import argparse
import errno
import gc
import importlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TextIO

from guestseal import __version__
from guestseal.catalog import names
from guestseal.errors import GuestsealError
from guestseal.report import Report

FORMATS = ("text", "json")
_SELECTIONS = ("--operations", "--checks")
_WITH_VALUE = ("--root", "--format", "--config")

Renderers = Mapping[str, Callable[[Report], str]]


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Help in 80 columns. argparse makes one for every option, and without a width each asks the terminal for its."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=78)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    _open_missing_streams()
    # Nearly all that is made here are modules, which stay: looking for garbage among them takes a stage 5 ms.
    gc.set_threshold(50_000)
    words = _joined(sys.argv[1:] if arguments is None else arguments)
    options = build_parser(_command_in(words)).parse_args(words)
    if options.command is None:
        build_parser().print_help()
        return 2
    from guestseal import log

    log.set_up(options.verbose - options.quiet)
    try:
        report: Report = options.run(options)
    except GuestsealError as error:
        report = Report(options.command, str(error), failed=True, exit_code=error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    status = _say(report, options)
    afterwards: Callable[[], None] | None = getattr(options, "afterwards", None)
    if afterwards is not None:
        sys.stdout.flush()
        afterwards()
    return status


def seal_main() -> int:
    """The command ``seal``: ``guestseal seal`` by its short name."""
    return main(["seal", *sys.argv[1:]])


def _joined(words: Sequence[str]) -> list[str]:
    """The words, with a selection such as ``-logs`` joined to its option: argparse would take it for options."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in _SELECTIONS and word.startswith("-") and not word.startswith("--"):
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def _command_in(words: Sequence[str]) -> str | None:
    """The command that is called, so that no other command's module is imported."""
    skip = False
    for word in words:
        if skip or word.startswith("-"):
            skip = not skip and word in _WITH_VALUE
            continue
        return word
    return None


def build_parser(command: str | None = None) -> argparse.ArgumentParser:
    """The whole parser; only ``command``'s options are filled in (all of them when it is None)."""
    parser = argparse.ArgumentParser(
        prog="guestseal",
        description="Seal a Linux template master, and make each clone a machine of its own.",
        formatter_class=_Formatter,
    )
    parser.add_argument("--version", action="version", version=f"guestseal {__version__}", help="show the version")
    _common(parser, default=True, formats=FORMATS)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    known = names(__name__)
    for name in known:
        if command not in (None, name):
            # A parser costs half a millisecond: the others are there only to be named in an error.
            if command not in known:
                commands.add_parser(name)
            continue
        module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
        heading, _, manual = (module.__doc__ or "").partition("\n")
        sub = commands.add_parser(
            name,
            help=heading.rstrip("."),
            description=f"{heading}\n{manual}",
            formatter_class=_Formatter,
        )
        renderers: Renderers = getattr(module, "RENDERERS", {})
        _common(sub, default=False, formats=(*FORMATS, *renderers))
        module.arguments(sub)
        sub.set_defaults(run=module.run, renderers=renderers)
    return parser


def _common(parser: argparse.ArgumentParser, *, default: bool, formats: Sequence[str]) -> None:
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


def _open_missing_streams() -> None:
    """Have a standard input, output and error that go nowhere in the place of those that the caller closed.

    The next files that are opened would get their numbers, and programs that are started mistake them for their own.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - for as long as this runs


def _say(report: Report, options: argparse.Namespace) -> int:
    """Write the report, and return the exit status: a command fails that was run only to be told something."""
    from guestseal import render

    renderers: Renderers = options.renderers
    if options.format in renderers:
        heard = _write(sys.stdout, renderers[options.format](report))
        if report.failed and not report.entries:
            _write(sys.stderr, render.to_text(report))
    elif options.format == "json":
        heard = _write(sys.stdout, render.to_json(report))
    else:
        text = render.to_text(report, listing=getattr(options, "listing", False), verbose=options.verbose > 0)
        stream = sys.stderr if report.failed and not report.entries else sys.stdout
        heard = _write(stream, "" if options.quiet and stream is sys.stdout else text)
    _write(sys.stderr, "")
    return report.exit_code or int(not heard and not getattr(options, "for_console", False))


def _write(stream: TextIO, text: str) -> bool:
    """Write to a stream at once; False: it takes nothing, as a console that is not there (EIO), or a full disk."""
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        import logging

        # Python flushes once more at its end, and would exit with 120: "Note on SIGPIPE" in its library's manual.
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
        if error.errno != errno.EPIPE:
            logging.getLogger(__name__).warning("%s: not written: %s", stream.name, error.strerror)
        return False
    return True
