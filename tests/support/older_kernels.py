"""System calls that this kernel refuses a process, as an older one would: seccomp(2) with a filter of its own."""

from __future__ import annotations

import ctypes
import errno
import struct
from dataclasses import dataclass

_LOAD, _JUMP_EQUAL, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06  # linux/bpf_common.h
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000  # linux/seccomp.h: SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO
_NUMBER, _ARGUMENTS = (
    0,
    16,
)  # struct seccomp_data; of an argument the lower half, which little-endian machines have first
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2  # prctl(2)


@dataclass(frozen=True)
class Refused:
    """A system call that fails with ``error``; with ``bits``, only where one of them is set in ``argument``."""

    number: int
    error: int = errno.ENOSYS
    argument: int = 0
    bits: int = 0


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def refuse(call: Refused) -> None:
    """Have the kernel refuse ``call`` to this process and its children from here on; it cannot be taken back."""
    refused = (_RETURN, 0, 0, _REFUSE | call.error)
    asked = ((_LOAD, 0, 0, _ARGUMENTS + 8 * call.argument), (_JUMP_ANY_BIT, 0, 1, call.bits)) if call.bits else ()
    matched = (*asked, refused)
    rows = ((_LOAD, 0, 0, _NUMBER), (_JUMP_EQUAL, 0, len(matched), call.number), *matched, (_RETURN, 0, 0, _ALLOW))
    code = b"".join(struct.pack("=HBBI", *row) for row in rows)
    program = _Program(len(rows), code)
    libc = ctypes.CDLL(None, use_errno=True)
    for words in ((_NO_NEW_PRIVILEGES, 1, 0, 0, 0), (_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)):
        if libc.prctl(*words) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
