"""Remove the host keys of the TinySSH server

As for OpenSSH: two machines with one host key can pretend to be each other. The key
directory /etc/tinyssh/sshkeydir is overwritten and removed, because tinysshd-makekey
makes keys only where there is no directory. It is kept where no tinysshd@.service
(Debian) or tinysshgenkeys.service (Arch) would make it again.
"""

from __future__ import annotations

from guestseal.guest.facts import Guest
from guestseal.guest.ssh.host_keys import unit_makes_keys
from guestseal.seal.operation import Guard, Kind, Operation

KEYS = "/etc/tinyssh/sshkeydir"


def _made_again(guest: Guest) -> bool:
    tree = guest.tree
    if not any(tree.is_file(path) for path in ("/usr/sbin/tinysshd", "/usr/bin/tinysshd")):
        return True
    return any(unit_makes_keys(tree, name) for name in ("tinysshd@.service", "tinyssh@.service"))


OPERATION = Operation(
    kind=Kind.IDENTITY,
    secrets=(KEYS,),
    needs=(Guard(_made_again, "no unit in this guest would run tinysshd-makekey before tinysshd starts"),),
)
