"""What a file carries beside its content: owner, mode, ACL, SELinux label, capabilities.

ACLs, labels and capabilities are extended attributes (xattr(7)), so copying all of
them copies the three. They are set last: chown(2) and write(2) clear capabilities
and the set-user-ID bits.
"""

from __future__ import annotations

import errno
import os
import stat

_UNSUPPORTED = (errno.ENOTSUP, errno.EPERM, errno.EINVAL, errno.ENOSYS)


def xattrs(fd: int) -> dict[str, bytes]:
    """Every extended attribute of the open file; empty where the filesystem has none."""
    try:
        return {name: os.getxattr(fd, name) for name in os.listxattr(fd)}
    except OSError as error:
        if error.errno in _UNSUPPORTED:
            return {}
        raise


def copy(source: int, target: int) -> None:
    """Give the open file ``target`` the owner, mode and extended attributes of ``source``."""
    info = os.fstat(source)
    os.fchown(target, info.st_uid, info.st_gid)
    os.fchmod(target, stat.S_IMODE(info.st_mode))
    restore(target, xattrs(source))


def restore(fd: int, attributes: dict[str, bytes]) -> None:
    """Set the extended attributes that ``fd`` does not carry already.

    An attribute the filesystem sets by itself (a label given by policy) and refuses
    to take is left as the filesystem has it.
    """
    present = xattrs(fd)
    for name, value in attributes.items():
        if present.get(name) == value:
            continue
        try:
            os.setxattr(fd, name, value)
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                raise
