"""Passwords: their hashes, and those that programs keep in clear in their configuration."""

from __future__ import annotations

import re
from re import Match
from typing import Callable

from guestseal.check.residue.needles import Needle, everywhere
from guestseal.seal.operation import Kind

_SHADOW = re.compile(r"/etc/(?:shadow|gshadow|security/opasswd)-?")
_OF_PACKAGES = (
    *("/var/lib/apt/lists/", "/var/cache/apt/", "/var/lib/dpkg/status", "/var/lib/dpkg/available"),
    *("/var/cache/dnf/", "/var/cache/libdnf5/", "/var/cache/yum/", "/var/lib/rpm/", "/var/cache/zypp/"),
    *("/var/lib/pacman/", "/var/cache/apk/", "/lib/apk/db/"),
)
_HASH_REMEDY = "remove it, and change the password: a hash can be tried against a dictionary by whoever has it"
_REMEDY = "remove it, and change it where it opens something"

_HASHES = (
    rb"\$y\$[./0-9A-Za-z]{1,8}\$[./0-9A-Za-z]{1,86}\$[./0-9A-Za-z]{43}",
    rb"\$gy\$[./0-9A-Za-z]{1,8}\$[./0-9A-Za-z]{1,86}\$[./0-9A-Za-z]{43}",
    rb"\$7\$[./0-9A-Za-z]{11,97}\$[./0-9A-Za-z]{43}",
    rb"\$2[abxy]\$[0-9]{2}\$[./0-9A-Za-z]{53}",
    rb"\$6\$(?:rounds=[0-9]{1,9}\$)?[^$:\s]{1,16}\$[./0-9A-Za-z]{86}",
    rb"\$5\$(?:rounds=[0-9]{1,9}\$)?[^$:\s]{1,16}\$[./0-9A-Za-z]{43}",
    rb"\$(?:1|apr1)\$[^$:\s]{1,8}\$[./0-9A-Za-z]{22}",
)
_PLACEHOLDER = re.compile(
    rb"""[$<{%\[(*.].* | .*[>}\])]|(?:x+|\*+|\.+|-+|
    (?:my|your|the|some)?[_-]?(?:pass|passwd|password|passphrase|pwd|pw|secret|psk|key|token|changeme|example|none|null)
    [_-]?(?:here|word)?|None|user\w*|foo|bar|baz|qux|abc|test)""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)


def _not_shadow(path: str) -> bool:
    """Whether a hash has nothing to do at ``path``: shadow(5) is where it belongs, and root-password says of it."""
    return _SHADOW.fullmatch(path) is None


def _is_set(match: Match[bytes]) -> bool:
    """Whether it is a value, and no place to put one; and not in a comment."""
    line = match.string[match.string.rfind(b"\n", 0, match.start()) + 1 : match.start()].lstrip()
    return not line.startswith((b"#", b";", b"//")) and _PLACEHOLDER.fullmatch(match["value"]) is None


def _stored(
    what: str,
    anchors: tuple[bytes, ...],
    pattern: bytes,
    sieve: bytes | None,
    applies: Callable[[str], bool] = everywhere,
) -> Needle:
    compiled = re.compile(pattern, re.MULTILINE)
    said = f"holds {what}"
    return Needle("stored-password", Kind.SECRET, said, _REMEDY, anchors, compiled, sieve, applies, _is_set, True)


def _in(*names: str) -> Callable[[str], bool]:
    """Files whose path ends so, wherever they are."""
    return lambda path: path.endswith(names)


def _not_of_packages(path: str) -> bool:
    """Whether ``path`` is no list of packages: the descriptions in those have examples of everything."""
    return not path.startswith(_OF_PACKAGES)


NEEDLES = (
    Needle(
        "password-hash",
        Kind.SECRET,
        "holds the hash of a password",
        _HASH_REMEDY,
        (b"$y$", b"$gy$", b"$7$", b"$2a$", b"$2b$", b"$2x$", b"$2y$", b"$6$", b"$5$", b"$1$", b"$apr1$"),
        re.compile(rb"(?:" + rb"|".join(_HASHES) + rb")(?![./0-9A-Za-z])"),
        rb"\$(y|gy|7|2[abxy]|6|5|1|apr1)\$([^$:[:space:]]+\$)*[./0-9A-Za-z]{22}",
        applies=_not_shadow,
        accepts=lambda match: len(set(match[0])) > 12,
    ),
    _stored(
        "the password of a network (psk)",
        (b"psk=", b"PreSharedKey=", b"Passphrase="),
        rb"(?:(?<![\w-])psk|^PreSharedKey|^Passphrase)=[\"']?(?P<value>[^\s\"']{8,64})[\"']?[ \t\r]*$",
        rb"(psk|PreSharedKey|Passphrase)=.{8}",
    ),
    _stored(
        "a name with its password (netrc)",
        (b"machine",),
        rb"^machine\s{1,99}\S{1,99}\s{1,99}login\s{1,99}\S{1,99}\s{1,99}password\s{1,99}(?P<value>\S{1,999})",
        None,
        applies=_in("/.netrc", "/_netrc", "/.authinfo", "/apt/auth.conf"),
    ),
    _stored(
        "a password of PostgreSQL (pgpass)",
        (b":",),
        rb":[^:\n]{1,99}:[^:\n]{1,99}:[^:\n]{1,99}:(?P<value>[^:\s]{1,999})[ \t\r]*$",
        None,
        applies=_in("/.pgpass", "/pgpass.conf"),
    ),
    _stored(
        "a password of MySQL",
        (b"password", b"passwd"),
        rb"(?:password|passwd)[ \t]*=[ \t]*[\"']?(?P<value>[^\s\"']{3,999})",
        None,
        applies=_in("/.my.cnf"),
    ),
    _stored(
        "a name with its password in a URL",
        (b"://",),
        rb"(?<=[a-z0-9])://[^\s/:@\"'<>`|\\,;(){}\[\]]{1,128}:(?P<value>[^\s/:@\"'<>`|\\,;]{3,200})@[A-Za-z0-9\[][A-Za-z0-9.:-]*",
        rb"[a-z0-9]://[^ /:@]+:[^ /:@]+@[][A-Za-z0-9]",
        applies=_not_of_packages,
    ),
    _stored(
        "the password of a registry",
        (b"_authToken", b"_password", b'"auth"'),
        rb"(?:_authToken|_password|\"auth\")[ \t]*[=:][ \t]*\"?(?P<value>[A-Za-z0-9+/=_-]{12,300})",
        None,
        applies=_in("/.npmrc", "/.docker/config.json", "/.dockercfg", "/containers/auth.json"),
    ),
)
