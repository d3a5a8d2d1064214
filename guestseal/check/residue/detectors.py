"""Everything that is a secret wherever it is found."""

from __future__ import annotations

import re

from guestseal.check.residue import passwords, private_keys, tokens
from guestseal.guest.services.tls_snakeoil import KEY as SNAKEOIL

NEEDLES = (*private_keys.NEEDLES, *tokens.NEEDLES, *passwords.NEEDLES)

_ELF = b"\x7fELF"
_PACKAGES = r"(?:(?:site|dist)-packages|node_modules|vendor|_vendor|gems|go/pkg/mod|registry/src|lib/python[\d.]+)"
_TESTS = r"(?:docs?|documentation|examples?|samples?|tests?|testing|test[-_]?data|fixtures|__tests__|specs?)"
_PUBLISHED = re.compile(
    rf"/{_PACKAGES}/(?:.*/)?(?:{_TESTS}/|[^/]+\.(?:dist|egg)-info/)|/_vendor/|/share/(?:doc|man|info)/", re.DOTALL
)


def known(path: str, begins: bytes) -> str:
    """Why a secret in the file at ``path``, which begins so, is none; empty: nothing is known of it."""
    if path == SNAKEOIL:
        return "the key of ssl-cert's own certificate: tls-snakeoil tells of it"
    if begins.startswith(_ELF):
        return "compiled into a program: libraries carry keys for their own tests"
    if _PUBLISHED.search(path):
        return "in the tests or the documentation of a package, which its makers have published"
    return ""
