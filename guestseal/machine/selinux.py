"""SELinux labels of files that were made anew: restorecon(8) of the running system.

A file that replaces another keeps its label (an extended attribute). A new one gets
its directory's, which for /etc/ssh and a home directory is not what the policy wants.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from guestseal.errors import CommandError

if TYPE_CHECKING:
    from guestseal.machine.commands import Commands

MOUNTED = "/sys/fs/selinux/enforce"
"""There while the kernel has a policy: selinuxfs."""
TIMEOUT = 30.0


def relabel(commands: Commands, paths: Sequence[str], *, mounted: str = MOUNTED) -> tuple[str, ...]:
    """Give ``paths`` of the running system the policy's labels; warnings, none without SELinux."""
    if not paths or not os.path.exists(mounted):
        return ()
    try:
        commands.run(["restorecon", "--", *paths], timeout=TIMEOUT)
    except CommandError as error:
        return (f"SELinux labels not set ({error}); run restorecon on {' '.join(paths)}",)
    return ()
