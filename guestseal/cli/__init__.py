"""The command line. Every module here is a command: ``arguments`` declares, ``run`` calls one function.

Exit status:

    0    done, also with warnings (--strict makes them 1)
    1    failed, or something of the old identity or of secrets was found
    2    an argument or a configuration file is wrong
    3    refused or not confirmed; nothing was changed
    4    a wait came to its end before what was waited for happened
    130  interrupted (SIGINT); a seal under way has finished the operation that ran
"""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

from guestseal.errors import GuestsealError, Interrupted
from guestseal.report import Report

if TYPE_CHECKING:
    import argparse

_SELECTIONS = ("--operations", "--checks")
_WITH_VALUE = ("--root", "--format", "--config")

Renderers = Mapping[str, Callable[[Report], str]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    _open_missing_streams()
    # Nearly all that is made here are modules, which stay: looking for garbage among them takes a stage 5 ms.
    gc.set_threshold(50_000)
    words = _joined(sys.argv[1:] if arguments is None else arguments)
    options = _options(words)
    if options.command is None:
        build_parser().print_help()
        return 2
    from guestseal import log

    log.set_up(options.verbose - options.quiet)
    try:
        report: Report = options.run(options)
    except GuestsealError as error:
        report = _failed(options, error)
    except KeyboardInterrupt:
        report = _failed(options, Interrupted("interrupted"))
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    status = _say(report, options)
    afterwards: Callable[[], None] | None = getattr(options, "afterwards", None)
    if afterwards is not None:
        sys.stdout.flush()
        try:
            afterwards()
        except GuestsealError as error:
            from guestseal import render

            write(sys.stderr, render.to_text(_failed(options, error), width=render.columns(sys.stderr)))
            return error.exit_code
    return status


def seal_main() -> int:
    """The command ``seal``: ``guestseal seal`` by its short name."""
    return main(["seal", *sys.argv[1:]])


def _failed(options: argparse.Namespace, error: GuestsealError) -> Report:
    return Report(options.command, str(error), failed=True, exit_code=error.exit_code)


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


def _options(words: Sequence[str]) -> argparse.Namespace:
    """What is asked for. Of the words in the units it is known: argparse is a tenth of what a stage's start costs."""
    if words[:1] == ["firstboot"]:
        from guestseal.cli import firstboot

        known: argparse.Namespace | None = firstboot.in_a_unit(words)
        if known is not None:
            return known
    from guestseal.cli import _parser

    return _parser.parsed(words, _command_in(words))


def build_parser(command: str | None = None) -> argparse.ArgumentParser:
    """The whole parser; only ``command`` is in it (every one when it is None)."""
    from guestseal.cli import _parser

    return _parser.build(command)


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
        heard = write(sys.stdout, renderers[options.format](report))
        if report.failed and not report.entries:
            write(sys.stderr, render.to_text(report, width=render.columns(sys.stderr)))
    elif options.format == "json":
        heard = write(sys.stdout, render.to_json(report))
    else:
        stream = sys.stderr if report.failed and not report.entries else sys.stdout
        text = render.to_text(
            report,
            listing=getattr(options, "listing", False),
            verbose=options.verbose > 0,
            width=render.columns(stream),
        )
        heard = write(stream, "" if options.quiet and stream is sys.stdout else text)
    write(sys.stderr, "")
    return report.exit_code or int(not heard and not getattr(options, "for_console", False))


def write(stream: TextIO, text: str) -> bool:
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
            logging.getLogger(__name__).warning("%s: not written: %s", stream.name.strip("<>"), error.strerror)
        return False
    return True
