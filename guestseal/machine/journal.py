"""The journal, for programs: entries with fields and a message id, beside what is said on stderr.

systemd.journal-fields(7) has the fields that everybody knows. Whoever is not run by a unit
of systemd's has nothing to tell it: what a person starts is answered on the terminal.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from guestseal.log import to_journal

log = logging.getLogger(__name__)

INFO, WARNING, ERROR = 6, 4, 3
"""Priorities: syslog(3)."""


class Journal:
    """The journal of this machine. Nothing is imported before something is told."""

    def send(self, message_id: str, message: str, fields: Mapping[str, str] = {}, *, priority: int = INFO) -> None:
        """One entry. Where nobody keeps a journal, or systemd-python is missing, nothing happens."""
        if not to_journal():
            return
        try:
            import systemd.journal
        except ImportError:  # an extra where guestseal is installed with pip; stderr has told people the same
            return
        own = {"MESSAGE": message, "MESSAGE_ID": message_id, "PRIORITY": str(priority)}
        texts = {**own, "SYSLOG_IDENTIFIER": "guestseal", **fields}
        try:
            systemd.journal.sendv(*(f"{name}={text}" for name, text in texts.items()))
        except OSError as error:
            log.debug("not told to the journal: %s", error)
