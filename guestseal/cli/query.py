"""Print what the platform said at this boot: one value, or all of them.

Keys: source, address, instance-id, hostname, ssh-keys, password (only whether one was
waiting). One key alone is printed bare, a list one item a line. Exit status 1: the platform
did not say, or no first boot has run; 2: there is no such key.
"""

from __future__ import annotations

import argparse

from guestseal.errors import GuestsealError, UsageError, printable
from guestseal.machine.runtime import METADATA, Runtime
from guestseal.report import Report

KEYS = ("source", "address", "instance-id", "hostname", "ssh-keys", "password")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``query``."""
    parser.add_argument("key", nargs="?", metavar="KEY", help=f"which value: {', '.join(KEYS)}")
    parser.add_argument(
        "--runtime-directory",
        metavar="DIR",
        default="/run/guestseal",
        help="where a boot leaves what it did (%(default)s)",
    )


def run(options: argparse.Namespace) -> Report:
    """Read what the network stage left."""
    if options.key not in (None, *KEYS):
        from guestseal.catalog import unknown

        raise UsageError(unknown("key", options.key, KEYS))
    said = Runtime(options.runtime_directory).read(METADATA)
    if said is None:
        raise GuestsealError("the platform has said nothing on this boot; `guestseal status --long` says why")
    wanted = KEYS if options.key is None else (options.key,)
    values = {key: said.get(key) for key in wanted}
    if options.key is not None and values[options.key] is None:
        raise GuestsealError(f"the platform does not say {options.key}")
    lines = [_line(key, values[key], alone=options.key is not None) for key in wanted]
    return Report("query", "", facts={"metadata": values}, text=tuple(lines))


def _line(key: str, value: object, *, alone: bool) -> str:
    parts = value if isinstance(value, list) else ["" if value is None else value]
    text = "\n".join(printable(str(part)) for part in parts)
    return text if alone else f"{key}: {text}"
