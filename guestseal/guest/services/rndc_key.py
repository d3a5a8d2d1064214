"""BIND's control key: where it lies, what rndc-confgen(8) writes there, and a new one.

Debian's bind9 makes it in its postinst, where neither a key nor an rndc.conf is; Enterprise
Linux's named-setup-rndc.service, which named.service wants, does the same at every start.
"""

from __future__ import annotations

import re
import secrets
from base64 import b64encode

from guestseal.guest.facts import Family, Guest
from guestseal.guest.services.units import pulls_in
from guestseal.guest.tree import Tree

DEBIAN = "/etc/bind/rndc.key"
ENTERPRISE = "/etc/rndc.key"
PLACES = (DEBIAN, ENTERPRISE)

_MAKER = "named-setup-rndc.service"
_STANDARD = re.compile(rb'\s*key "rndc-key" \{\s*algorithm hmac-[\w-]+;\s*secret "[A-Za-z0-9+/=]+";\s*\};\s*')


def is_standard(content: bytes) -> bool:
    """Whether the file is as ``rndc-confgen -a`` writes it, so that nothing is lost with it but the key."""
    return _STANDARD.fullmatch(content) is not None


def new_key() -> bytes:
    """A file with a key that nobody has: as ``rndc-confgen -a`` of BIND 9.18 writes it."""
    secret = b64encode(secrets.token_bytes(32))
    return b'key "rndc-key" {\n\talgorithm hmac-sha256;\n\tsecret "' + secret + b'";\n};\n'


def is_made_by_package(tree: Tree, path: str) -> bool:
    """Whether the package's own unit makes a missing key before named starts."""
    return path == ENTERPRISE and pulls_in(tree, "named.service", _MAKER) and not _has_configuration(tree, path)


def is_made_by_first_boot(guest: Guest, path: str) -> bool:
    """Whether guestseal's first boot of a clone makes a missing key: as Debian's postinst does."""
    tree = guest.tree
    if path != DEBIAN or not tree.is_file("/etc/bind/named.conf") or guest.family is not Family.DEBIAN:
        return False
    return not _has_configuration(tree, path)


def _has_configuration(tree: Tree, path: str) -> bool:
    info = tree.stat(path.replace(".key", ".conf"))
    return info is not None and info.st_size > 0
