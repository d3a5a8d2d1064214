"""SELinux in a guest that does not run: whether it is used, and whether a file has a label."""

from __future__ import annotations

import errno
import os
import re

from guestseal.errors import GuestError
from guestseal.guest.tree import Tree

CONFIG = "/etc/selinux/config"
_MODE = re.compile(r"^[ \t]*SELINUX=[ \t]*(\w+)", re.MULTILINE)


def used(tree: Tree) -> bool:
    """Whether the guest's kernel loads a policy at boot: selinux_config(5)."""
    if not tree.is_file(CONFIG):
        return False
    modes = _MODE.findall(tree.read_text(CONFIG) or "")
    return bool(modes) and modes[-1].lower() in ("enforcing", "permissive")


def unlabelled(tree: Tree, path: str) -> bool:
    """Whether what is at ``path`` has no label; False where the filesystem has none at all, or nothing is there."""
    with tree.looked_at(path, follow=True) as fd:
        if fd is None:
            return False
        try:
            return not os.getxattr(f"/proc/self/fd/{fd}", "security.selinux")
        except OSError as error:
            if error.errno in (errno.ENODATA, errno.ENOTSUP):
                return error.errno == errno.ENODATA
            raise GuestError(path, error.strerror or str(error)) from error
