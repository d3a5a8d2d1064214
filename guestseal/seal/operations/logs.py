"""Empty the logs

Logs tell who logged in from where, name other machines, and hold passwords that were
typed in the wrong place. Every file below /var/log is truncated, so that owner, mode and
label stay for programs that may write there but could not make the file anew; rotated,
dated and compressed copies are removed (*.1, *.gz, *-20250101, *.old …).

What is left counts as clutter and not as a secret: a running system writes new lines at
once, and only the final sweep leaves the logs empty.

Left on purpose: directories, links and sockets; numbers of more than three digits, which
are no rotation (MariaDB's mysql-bin.000001). The journal, audit records, login records,
process accounting, performance data, dumps, and the logs of installers, cloud-init and Azure's
agent are operations of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.actions import Action
from guestseal.guest.facts import Guest
from guestseal.guest.services.logfiles import emptied
from guestseal.seal.operation import Kind, Operation

# Subjects of other operations: whoever deselects one keeps what it is about.
_OTHERS = re.compile(
    r"(?:journal|audit|account|sa|sysstat|atop|dump|pcp/(?:pmlogger|pmie|sa)|azure"
    r"|installer|anaconda|archinstall|curtin|subiquity|debian-installer|YaST2|[cC]alamares[^/]*)/.*"
    r"|anaconda\..*|(?:wtmp|btmp|lastlog|faillog|tallylog)(?:[.-].*)?"
    r"|(?:oem-config|[cC]alamares|jeos-firstboot|kickstart|ks-)[^/]*|waagent\.log[^/]*|cloud-init[^/]*\.log[^/]*",
    re.DOTALL,
)


def _logs(guest: Guest) -> Iterator[Action]:
    return emptied(guest.tree, "/var/log", apart_from=_OTHERS)


STOP = (
    "rsyslog.service",
    "syslog.socket",
    "syslog-ng.service",
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
    "unattended-upgrades.service",
    "dnf-makecache.timer",
    "packagekit.service",
    "man-db.timer",
    "snapd.socket",
    "snapd.service",
)

OPERATION = Operation(kind=Kind.CLUTTER, also=_logs, stop=STOP)
