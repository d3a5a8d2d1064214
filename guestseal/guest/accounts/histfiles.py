"""Shell histories in places of the account's own choice: HISTFILE in its start-up files."""

from __future__ import annotations

import re

from guestseal.errors import GuestError
from guestseal.guest.patterns import quote
from guestseal.guest.tree import Tree

_START_FILES = (".bashrc", ".bash_profile", ".profile", ".zshrc", ".zshenv", ".kshrc", ".mkshrc")
_HISTFILE = re.compile(r"^[^#\n]*\bHISTFILE=[\"']?(~|\$HOME|\$\{HOME\}|)(/[\w./+@-]+)", re.MULTILINE)


def histfiles(tree: Tree, home: str) -> list[str]:
    """The regular files in ``home`` that HISTFILE names there.

    One outside ``home`` is not among them: an account could name any file.
    """
    named = [found for file in _START_FILES for found in _HISTFILE.findall(_text(tree, f"{home}/{file}"))]
    paths = {path for tilde, rest in named for path in tree.glob(quote(home + rest if tilde else rest))}
    return sorted(path for path in paths if path.startswith(f"{home}/") and _is_plain(tree, path))


def _is_plain(tree: Tree, path: str) -> bool:
    return tree.readlink(path) is None and tree.is_file(path)


def _text(tree: Tree, path: str) -> str:
    """The account's file, or "" when it is none: what an account made there must not stop the seal."""
    try:
        return (tree.read_text(path) or "") if tree.is_file(path) else ""
    except GuestError as error:
        tree.passed_over[error.path] = error.why
        return ""
