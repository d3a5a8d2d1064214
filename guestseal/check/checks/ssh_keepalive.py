"""sshd keeps idle connections alive

The load balancer of Azure forgets a connection on which nothing has passed for four minutes, and both sides
wait for ever. sshd's ClientAliveInterval makes it speak before: 180 seconds are recommended, 30
to 235 accepted; OpenSSH's own 0 speaks never.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.guest.ssh import ssh_login
from guestseal.guest.ssh.sshd_config import CONFIGS, SshdConfig

_LEAST, _MOST = 30, 235


def _look(subject: Subject) -> Iterator[Problem]:
    tree = subject.tree
    if not ssh_login.installed(tree):
        raise Inapplicable("no SSH server is installed")
    seconds = SshdConfig.read(tree).client_alive_interval
    if not _LEAST <= seconds <= _MOST:
        path = next((path for path in CONFIGS if tree.is_file(path)), "")
        said = f"after {seconds} idle seconds" if seconds else "never"
        yield Problem(f"sshd asks {said} whether the client is there", "set ClientAliveInterval 180", path)


CHECK = Check(
    _look,
    source='Microsoft, "Troubleshoot virtual machine certification": Client Alive Interval',
    profiles=("azure",),
)
