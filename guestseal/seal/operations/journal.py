"""Remove the journal

The directories of /var/log/journal are named by the machine-id. Once that has changed,
journald neither shows nor ever vacuums the old one: each clone would carry the
template's journal, with all that was logged, for good. Journals received from other
machines (journal/remote) and rsyslog's position in the journal go too.

Left on purpose: /var/log/journal itself, with its mode, ACL and attributes: that it
exists is what makes the journal persistent (journald.conf(5), Storage=auto).
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

_MACHINE_ID = "[0-9a-f]" * 32  # and with a suffix: the namespaces of journald@.service

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=(
        f"/var/log/journal/{_MACHINE_ID}*",
        "/var/log/journal/remote/*",
        "/var/log/journal/*.journal*",
        "/var/lib/rsyslog/imjournal.state",
    ),
)
