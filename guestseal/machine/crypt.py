"""Password hashes: crypt(3) of the running system's libcrypt.

Python's crypt module is gone since 3.13 (PEP 594), and a hash must be one that the
system's PAM can check. A password goes into the library's memory only, which is
cleared after every call: no argument, no environment, no message holds it.
"""

from __future__ import annotations

import hmac
import os
from functools import lru_cache
from typing import TYPE_CHECKING

from guestseal.errors import CommandError

if TYPE_CHECKING:
    import ctypes

SHA512 = "$6$"
YESCRYPT = "$y$"

# libxcrypt by its two names, and musl, whose libc has crypt_r itself.
_LIBRARIES = ("libcrypt.so.2", "libcrypt.so.1", None)
_ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_DATA_SIZE = 1 << 18
"""Bytes for a ``struct crypt_data``: 131232 in glibc 2.x, 32768 in libxcrypt, 260 in musl."""
_SETTING_SIZE = 192  # crypt_gensalt(3): CRYPT_GENSALT_OUTPUT_SIZE


def hash_password(password: bytes, method: str = SHA512) -> str:
    """A new hash of ``password`` with a salt of its own, by ``method`` or, where libcrypt lacks it, by SHA512.

    Raises CommandError when libcrypt is missing or does not take the password: it is
    empty, holds a NUL, or is longer than the library allows (511 bytes in libxcrypt).
    """
    if not password or b"\0" in password:
        raise CommandError("crypt(3): a password is not empty and holds no NUL")
    for setting in (_setting(method), _sha512_setting()):
        hashed = None if setting is None else _crypt(password, setting)
        if hashed is not None:
            return hashed
    raise CommandError("crypt(3): the library refused the password; it may be too long")


def verify(password: bytes, hashed: str) -> bool:
    """Whether ``hashed`` is a hash of ``password``, compared in constant time.

    A locked or empty field is nobody's, and so is a traditional DES hash, which ignores
    what follows the eighth character: crypt(5).
    """
    if not hashed.startswith("$") or b"\0" in password:
        return False
    again = _crypt(password, hashed)
    return again is not None and hmac.compare_digest(again.encode(), hashed.encode())


def usable(hashed: str) -> bool:
    """Whether crypt(3) can check passwords against ``hashed``: it knows the method, and nothing is cut off."""
    again = _crypt(b"any", hashed) if hashed.startswith("$") else None
    return again is not None and len(again) == len(hashed)


def _setting(method: str) -> str | None:
    return _yescrypt_setting() if method == YESCRYPT else _sha512_setting()


def _sha512_setting() -> str:
    return SHA512 + "".join(_ALPHABET[byte & 63] for byte in os.urandom(16))


def _yescrypt_setting() -> str | None:
    """A setting at the library's own cost for yescrypt; None: the library does not know yescrypt."""
    import ctypes

    library = _library()
    if not hasattr(library, "crypt_gensalt_rn"):
        return None
    make = library.crypt_gensalt_rn
    make.argtypes = (ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int)
    make.restype = ctypes.c_char_p
    output = ctypes.create_string_buffer(_SETTING_SIZE)
    random = os.urandom(16)
    made = make(YESCRYPT.encode(), 0, random, len(random), output, _SETTING_SIZE)
    return None if made is None else made.decode("ascii")


def _crypt(password: bytes, setting: str) -> str | None:
    """What crypt_r(3) makes of ``password``; None: it knows no such setting or refuses the password."""
    import ctypes

    call = _library().crypt_r
    call.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p)
    call.restype = ctypes.c_char_p
    data = ctypes.create_string_buffer(_DATA_SIZE)
    try:
        made: bytes | None = call(password, setting.encode(), data)  # ctypes copies the result out of ``data``
    finally:
        ctypes.memset(data, 0, _DATA_SIZE)
    # Failures are NULL, or a token that begins with * and is no hash: crypt(3).
    return None if made is None or not made.startswith(b"$") else made.decode("ascii")


@lru_cache(maxsize=1)
def _library() -> ctypes.CDLL:
    import ctypes

    for name in _LIBRARIES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        if hasattr(library, "crypt_r"):
            return library
    raise CommandError("crypt(3): no libcrypt on this system; install libcrypt (libcrypt1, libxcrypt)")
