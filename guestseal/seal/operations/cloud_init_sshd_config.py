"""Remove what cloud-init decided about password logins

cloud-init writes the platform's ssh_pwauth as PasswordAuthentication into
/etc/ssh/sshd_config.d/50-cloud-init.conf, and sshd takes the first value it reads: a clone
would have the template's, whatever an administrator sets in sshd_config.

It is kept where cloud-init is not enabled: nothing would write it again, and who may log in
must not change by a seal. `cloud-init clean --configs ssh_config` removes the same file.
"""

from __future__ import annotations

from guestseal.guest.facts import Guest
from guestseal.guest.services import cloud_init
from guestseal.seal.operation import Guard, Kind, Operation


def _is_enabled(guest: Guest) -> bool:
    return cloud_init.enabled(guest.tree)


OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=("/etc/ssh/sshd_config.d/50-cloud-init.conf",),
    needs=(
        Guard(_is_enabled, "cloud-init is not enabled and would not write it again: remove it, or keep it, yourself"),
    ),
)
