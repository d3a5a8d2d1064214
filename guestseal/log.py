"""Log messages: to stderr for people, with a level that journald understands in a unit."""

from __future__ import annotations

import logging
import os
import sys

from guestseal.errors import printable

# sd-daemon(3): a line on stderr may begin with its syslog level.
_PREFIX = {logging.DEBUG: "<7>", logging.INFO: "<6>", logging.WARNING: "<4>", logging.ERROR: "<3>"}


class _Formatter(logging.Formatter):
    def __init__(self, *, levels: bool) -> None:
        super().__init__("%(message)s")
        self._levels = levels

    def format(self, record: logging.LogRecord) -> str:
        lines = super().format(record).split("\n")
        prefix = _PREFIX.get(record.levelno, "") if self._levels else ""
        return "\n".join(prefix + printable(line) for line in lines)


def to_journal() -> bool:
    """Whether stderr is a stream of the journal's: systemd.exec(5), $JOURNAL_STREAM.

    The variable alone tells nothing: whatever a service starts inherits it.
    """
    try:
        stream = os.fstat(2)
    except OSError:  # closed
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{stream.st_dev}:{stream.st_ino}"


def set_up(verbosity: int) -> None:
    """Send guestseal's messages to stderr: -1 errors, 0 warnings, 1 information, 2 everything."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter(levels=to_journal()))
    logger = logging.getLogger("guestseal")
    logger.handlers[:] = [handler]
    logger.propagate = False
    levels = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO}
    logger.setLevel(levels.get(verbosity, logging.DEBUG))
