"""No limit of open files keeps people or programs out

A nofile limit above the kernel's fs.nr_open (1048576 unless sysctl.conf says otherwise) cannot be
set: pam_limits refuses every login then, and before Linux-PAM 1.5.2 "unlimited" is such a one.
Programs that close every descriptor they might have take minutes. Below 1024 servers run out.
Looked at are limits.conf(5) and its directory, and DefaultLimitNOFILE= of systemd. All are
warnings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.check.check import Check, Problem, Subject
from guestseal.guest.network.bringup.placed_files import placed
from guestseal.guest.sections import Sections
from guestseal.guest.tree import Tree

_LIMITS = ("/etc/security/limits.conf", "/etc/security/limits.d/*.conf")
_SYSTEM = "/etc/systemd/system.conf"
_SYSCTL = ("/etc/sysctl.conf", "/etc/sysctl.d/*.conf", "/usr/lib/sysctl.d/*.conf")
_NR_OPEN = re.compile(r"^\s*-?fs[./]nr_open\s*=\s*(\d{1,18})\s*$", re.MULTILINE)
_DEFAULT = 1 << 20  # Documentation/admin-guide/sysctl/fs.rst: nr_open
_LEAST = 1024
_NONE = ("unlimited", "infinity", "-1")
_REMEDY = f"set a number between {_LEAST} and {_DEFAULT}, or take the line out"


def _look(subject: Subject) -> Iterator[Problem]:
    tree = subject.tree
    most = max([_DEFAULT, *(int(value) for text in _texts(tree, _SYSCTL) for value in _NR_OPEN.findall(text))])
    for path, line, value in (*_of_pam(tree), *_of_systemd(tree)):
        what = _absurd(value, most, logins=not path.startswith("/etc/systemd"))
        if what:
            yield Problem(what, _REMEDY, path, line, fails=False)


def _absurd(value: str, most: int, *, logins: bool) -> str:
    if value in _NONE:
        # systemd.exec(5): systemd takes it for the most that there is.
        return "unlimited open files: the kernel refuses it, and older PAM then every login" if logins else ""
    if not value.isascii() or not value.isdecimal() or len(value) > 18:
        return ""
    if int(value) > most:
        return f"a limit of more than {most} open files, which the kernel may refuse"
    return f"a limit of fewer than {_LEAST} open files" if int(value) < _LEAST else ""


def _of_pam(tree: Tree) -> Iterator[tuple[str, int, str]]:
    """Each nofile of limits.conf(5): the file, the line, the value."""
    for pattern in _LIMITS:
        for path in tree.glob(pattern):
            if not tree.is_file(path):
                continue
            for number, line in enumerate((tree.read_text(path) or "").split("\n"), 1):
                words = line.partition("#")[0].split()
                if len(words) == 4 and words[2] == "nofile":
                    yield path, number, words[3].lower()


def _of_systemd(tree: Tree) -> Iterator[tuple[str, int, str]]:
    files = [(_SYSTEM, tree.read_text(_SYSTEM) or "")] if tree.is_file(_SYSTEM) else []
    files += [(file.where, file.text()) for file in placed("/systemd/system.conf.d", tree, None, suffix=".conf")]
    for path, text in files:
        for value in Sections(text).values("manager", "defaultlimitnofile"):
            yield from ((path, 0, part.lower()) for part in value.split(":"))


def _texts(tree: Tree, patterns: tuple[str, ...]) -> Iterator[str]:
    yield from (tree.read_text(path) or "" for pattern in patterns for path in tree.glob(pattern) if tree.is_file(path))


CHECK = Check(_look, source="limits.conf(5); pam_limits(8); setrlimit(2), EPERM; systemd-system.conf(5)")
