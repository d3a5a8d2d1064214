"""The files of accounts have the owners and modes of the distribution

A /etc/shadow that others can read gives every password's hash away; one that is not root's, or a
missing one, makes PAM refuse passwords and some platforms refuse the image. passwd and group
have to be readable for all. sudo refuses to run with a sudoers file that is not root's or that
others can write to, and without its own set-user-ID bit.

Mended are owner and mode of shadow, gshadow, passwd and group. A file of sudoers' is not:
who could write to it may have, and root's name on it would make that count.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass

from guestseal.check.check import Check, Fix, Inapplicable, Problem, Subject
from guestseal.guest.actions import SetMode
from guestseal.guest.facts import Family
from guestseal.guest.tree import Tree

_SECRET = ("/etc/shadow", "/etc/gshadow", "/etc/shadow-", "/etc/gshadow-")
_PUBLIC = ("/etc/passwd", "/etc/group")
_SUDOERS = ("/etc/sudoers", "/etc/sudoers.d/*")
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_ROOTS = {Family.REDHAT: 0o000, Family.ARCH: 0o600}
"""The mode of shadow and gshadow where they are root's alone: the packages setup and filesystem."""


@dataclass(frozen=True)
class _Found:
    """A regular file with its owner and mode."""

    path: str
    uid: int
    gid: int
    mode: int


def _look(subject: Subject) -> Iterator[Problem]:
    tree = subject.tree
    if not tree.is_file("/etc/passwd"):
        raise Inapplicable("there is no /etc/passwd")
    if tree.lstat("/etc/shadow") is None and any(_asks_shadow(line) for line in _lines(tree, "/etc/passwd")):
        yield Problem("is missing: no password is accepted, and keys may not be either", "`pwconv`", "/etc/shadow")
    for path, what in (*_secrets(tree), *_public(tree)):
        yield Problem(what, "restore the distribution's owner and mode (`guestseal check --fix`)", path)
    yield from _sudo(tree)


def _secrets(tree: Tree) -> Iterator[tuple[str, str]]:
    shadow = _group(tree, "shadow")
    for each in _files(tree, *_SECRET):
        if each.uid != 0:
            yield each.path, "does not belong to root"
        elif each.mode & stat.S_IRWXO:
            yield each.path, "holds password hashes and is open to everybody"
        elif each.mode & stat.S_IWGRP or (each.mode & stat.S_IRGRP and each.gid not in (0, shadow)):
            yield each.path, "holds password hashes and is open to another group"


def _public(tree: Tree) -> Iterator[tuple[str, str]]:
    for each in _files(tree, *_PUBLIC):
        if each.uid != 0 or each.mode & _OTHERS_WRITE:
            yield each.path, "can be changed by others than root"
        elif not each.mode & stat.S_IROTH:
            yield each.path, "cannot be read by everybody: accounts have no names, and sshd may let nobody in"


def _sudo(tree: Tree) -> Iterator[Problem]:
    for each in _files(tree, *_SUDOERS):
        name = each.path.rpartition("/")[2]
        # sudoers(5), @includedir: names with a dot or a tilde at the end are skipped.
        ignored = each.path != "/etc/sudoers" and ("." in name or name.endswith("~"))
        writable = each.mode & stat.S_IWOTH or (each.mode & stat.S_IWGRP and each.gid != 0)
        if not ignored and (each.uid != 0 or writable):
            remedy = "look through it first, then chown it to root and chmod it to 0440"
            yield Problem("can be changed by others than root: sudo refuses it", remedy, each.path)
    for each in _files(tree, "/usr/bin/sudo"):
        if each.uid != 0 or not each.mode & stat.S_ISUID:
            yield Problem("has no set-user-ID bit of root's: it refuses to run", "install sudo again", each.path)


def _fix(subject: Subject) -> Fix | None:
    tree, family = subject.tree, subject.guest.family
    group = 0 if family in _ROOTS else _group(tree, "shadow") or 0
    mode = _ROOTS.get(family, 0o640 if group else 0o600)
    actions = [SetMode(path, mode, (0, group)) for path, _ in _secrets(tree)]
    actions += [SetMode(path, 0o644, (0, 0)) for path, _ in _public(tree)]
    return Fix(tuple(actions)) if actions else None


def _files(tree: Tree, *patterns: str) -> Iterator[_Found]:
    """The regular files; what is a link or anything else is somebody's own arrangement."""
    for pattern in patterns:
        for path in tree.glob(pattern):
            info = tree.lstat(path)
            if info is not None and stat.S_ISREG(info.st_mode):
                yield _Found(path, info.st_uid, info.st_gid, stat.S_IMODE(info.st_mode))


def _group(tree: Tree, name: str) -> int | None:
    fields = (line.split(":") for line in _lines(tree, "/etc/group"))
    return next((int(each[2]) for each in fields if each[0] == name and len(each) == 4 and each[2].isdecimal()), None)


def _lines(tree: Tree, path: str) -> list[str]:
    return (tree.read_text(path, limit=16 << 20) or "").split("\n")


def _asks_shadow(line: str) -> bool:
    return line.split(":")[1:2] == ["x"]


CHECK = Check(_look, fix=_fix, source="shadow(5), passwd(5), sudoers(5); unix_chkpwd(8); sudo's sudo_secure_file()")
