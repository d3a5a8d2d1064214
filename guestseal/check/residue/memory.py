"""Keeping identifiers in a file outside the guest, from before it is sealed until it is checked."""

from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from typing import Any

from guestseal.check.residue.identifiers import MOST, Identifiers
from guestseal.check.residue.spellings import KINDS
from guestseal.documents import parse_object
from guestseal.errors import UsageError, printable
from guestseal.guest.mounts import within
from guestseal.guest.tree import Tree, up_to
from guestseal.guest.writing import temporary_beside, write_all

SCHEMA = 1

_LIMIT = 1 << 20
_LONGEST = 2000


def remember(path: str, identifiers: Identifiers, tree: Tree) -> None:
    """Write ``identifiers`` to the file ``path``, which root alone may read: all of it, or nothing.

    It must not lie in ``tree``: there it would be what it warns of. What is there already is
    replaced when it is a regular file; a device, a link and the like are not. Raises UsageError.
    """
    directory, name = os.path.split(os.path.abspath(path))
    values: dict[str, list[str]] = {}
    for each in identifiers.values:
        values.setdefault(each.kind, []).append(each.value)
    content = json.dumps({"schema": SCHEMA, "identifiers": values}, indent=1, sort_keys=True).encode() + b"\n"
    try:
        parent = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            _require_outside(parent, tree, path)
            _require_file(parent, name, path)
            with temporary_beside(parent, name) as (temporary, fd):
                write_all(fd, content)
                os.fsync(fd)
                os.rename(temporary, name, src_dir_fd=parent, dst_dir_fd=parent)
            os.fsync(parent)
        finally:
            os.close(parent)
    except OSError as error:
        raise UsageError(f"--remember {printable(path)}: not written: {error.strerror}") from error


def recall(path: str) -> Identifiers:
    """The identifiers in a file that ``remember`` wrote. Raises UsageError for anything else."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
        try:
            content = up_to(fd, _LIMIT + 1)
        finally:
            os.close(fd)
    except OSError as error:
        raise UsageError(f"--recall {printable(path)}: not read: {error.strerror}") from error
    wrong = UsageError(f"--recall {printable(path)}: not a file that --remember wrote")
    if len(content) > _LIMIT:
        raise wrong
    try:
        return Identifiers.of(_pairs(parse_object(content)))
    except ValueError:
        raise wrong from None


def _pairs(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Kind and value of each. Raises ValueError for what is not a remembered identity."""
    values = document.get("identifiers")
    if document.get("schema") != SCHEMA or not isinstance(values, dict):
        raise ValueError("not identifiers")
    pairs = [(kind, value) for kind, its in values.items() if isinstance(its, list) for value in its]
    for kind, value in pairs:
        if kind not in KINDS or not isinstance(value, str) or len(value) > _LONGEST or not value.isprintable():
            raise ValueError(kind)
    if len(pairs) > MOST:
        raise ValueError("too many")
    return pairs


def _require_file(parent: int, name: str, path: str) -> None:
    """Raise UsageError where something else than a regular file is called ``name`` already: it would be lost."""
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(os.stat(name or ".", dir_fd=parent, follow_symlinks=False).st_mode):
            raise UsageError(f"--remember {printable(path)}: there is something that is not a regular file")


def _require_outside(parent: int, tree: Tree, path: str) -> None:
    """Raise UsageError where a file in the open directory ``parent`` would be a part of the guest."""
    if os.path.realpath(tree.path) == "/":
        inside = tree.mounts.foreign(parent) is None
    else:
        inside = within(os.readlink(f"/proc/self/fd/{parent}"), os.path.realpath(tree.path))
    if inside:
        raise UsageError(
            f"--remember {printable(path)}: it would lie in the guest, and be found in its clones; "
            "name a file on another machine's disk, or below /run"
        )
