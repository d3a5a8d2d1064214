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
_VANISHED = (errno.ENODATA, *_UNSUPPORTED)
_OF_THE_CONTENT = ("security.ima", "security.evm")
"""They vouch for the old content: put on another one, they would make the kernel refuse the file."""


def xattrs(fd: int) -> dict[str, bytes]:
    """The extended attributes of the open file that may be read; empty where the filesystem has none."""
    try:
        names = os.listxattr(fd)
    except OSError as error:
        if error.errno in _UNSUPPORTED:
            return {}
        raise
    return {name: value for name in names if (value := _value(fd, name)) is not None}


def capabilities(fd: int) -> dict[str, bytes]:
    """The attribute that any write to the open file clears: file capabilities(7). Empty when it has none."""
    return {name: value for name, value in xattrs(fd).items() if name == "security.capability"}


def copy(source: int, target: int) -> None:
    """Give the open file ``target`` the owner, mode and extended attributes of ``source``.

    What ``target`` has beyond them goes, lest a default ACL of its directory opens it
    to others; what belongs to the kernel (``security.*``) stays.
    """
    info = os.fstat(source)
    os.fchown(target, info.st_uid, info.st_gid)
    attributes = xattrs(source)
    for name in xattrs(target):
        if name not in attributes and not name.startswith("security."):
            os.removexattr(target, name)
    os.fchmod(target, stat.S_IMODE(info.st_mode))
    restore(target, attributes)


def restore(fd: int, attributes: dict[str, bytes]) -> None:
    """Set the extended attributes that ``fd`` does not carry already.

    An attribute the filesystem sets by itself (a label given by policy) and refuses
    to take is left as the filesystem has it.
    """
    present = xattrs(fd)
    for name, value in attributes.items():
        if present.get(name) == value or name in _OF_THE_CONTENT:
            continue
        try:
            os.setxattr(fd, name, value)
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                raise


def _value(fd: int, name: str) -> bytes | None:
    try:
        return os.getxattr(fd, name)
    except OSError as error:
        if error.errno in _VANISHED:
            return None
        raise
