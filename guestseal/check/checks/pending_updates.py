"""No security update is waiting

Each clone would begin with holes that are known and mended already. Nothing is fetched for it: what
the package manager looked up last time is asked. Of apt it is its files; dnf and zypper are asked
in a guest that runs, and told to stay off the network. Where that is more than a week old and
has no update, or is not there, nothing is said: `apt-get update` or `dnf makecache` first. Alpine and
Arch do not tell security updates from others.

A package that is held is left out. A warning, unless the platform's profile says more.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.check.decompression import NotLookedInto, Reader, unpacked
from guestseal.guest.accounts.people import listed
from guestseal.guest.packages import apt_lists
from guestseal.guest.tree import Tree
from guestseal.machine.commands import Commands

_FRESH = 7 * 86400.0
_WITHIN = 120.0
_COMPRESSED = (".gz", ".xz", ".lz4", ".zst", ".bz2")
_DNF = ("/usr/bin/dnf5", "/usr/bin/dnf", "/usr/bin/yum")
_DNF_STATE = ("/var/cache/libdnf5/*/repodata/repomd.xml", "/var/cache/dnf/*/repodata/repomd.xml")
_ZYPPER_STATE = ("/var/cache/zypp/raw/*/repodata/repomd.xml",)
_SOME_WAIT = 100  # dnf(8), check-update; zypper(8), patch-check, has 101 for those of security
_SECURITY_WAITS = 101


def _look(subject: Subject) -> Iterator[Problem]:
    tree = subject.tree
    if tree.is_file(apt_lists.STATUS):
        return _by_apt(subject)
    if tree.is_file("/usr/bin/zypper"):
        return _by_zypper(subject)
    if any(tree.is_file(path) for path in _DNF):
        return _by_dnf(subject)
    raise Inapplicable("its package manager does not tell security updates from others")


def _by_apt(subject: Subject) -> Iterator[Problem]:
    tree = subject.tree
    paths = apt_lists.security_indexes(tree)
    if not paths:
        raise Inapplicable("apt has no index of security updates: run `apt-get update`")
    status = tree.read_text(apt_lists.STATUS, limit=apt_lists.LIMIT) or ""
    names = apt_lists.waiting(status, (_index(subject, path) for path in paths))
    if names:
        what = f"security updates wait for {len(names)} package{'s' if len(names) > 1 else ''}: {listed(names)}"
        yield Problem(what, "`apt-get dist-upgrade`", paths[0], fails=False)
    else:
        _require_fresh(subject, apt_lists.fetched(tree), "apt-get update")


def _index(subject: Subject, path: str) -> str:
    data = subject.tree.read(path, limit=apt_lists.LIMIT) or b""
    if path.endswith(_COMPRESSED):
        commands = Commands() if subject.machine is None else subject.machine.commands
        try:
            data = b"".join(unpacked(Reader(path, iter([data]), apt_lists.LIMIT), commands))
        except NotLookedInto as error:
            raise Inapplicable(f"an index of apt's cannot be read here: {error.why}") from error
    return data.decode("utf-8", "replace")


def _by_dnf(subject: Subject) -> Iterator[Problem]:
    program = next(path for path in _DNF if subject.tree.is_file(path))
    words = [program, "--quiet", "--cacheonly", "check-update", "--security"]
    status = subject.live.commands.run(words, timeout=_WITHIN, accept=(0, _SOME_WAIT, 1)).status
    if status == _SOME_WAIT:
        yield Problem("security updates wait", "`dnf upgrade --security`", fails=False)
    else:
        _require_fresh(subject, 0 if status else _newest(subject.tree, _DNF_STATE), "dnf makecache")


def _by_zypper(subject: Subject) -> Iterator[Problem]:
    words = ["/usr/bin/zypper", "--non-interactive", "--quiet", "--no-refresh", "patch-check"]
    accepted = (0, _SOME_WAIT, _SECURITY_WAITS)
    if subject.live.commands.run(words, timeout=_WITHIN, accept=accepted).status == _SECURITY_WAITS:
        yield Problem("security updates wait", "`zypper patch --category security`", fails=False)
    else:
        _require_fresh(subject, _newest(subject.tree, _ZYPPER_STATE), "zypper refresh")


def _newest(tree: Tree, patterns: tuple[str, ...]) -> float:
    found = (tree.stat(path) for pattern in patterns for path in tree.glob(pattern))
    return max((info.st_mtime for info in found if info is not None), default=0.0)


def _require_fresh(subject: Subject, when: float, command: str) -> None:
    """Raise Inapplicable where what was asked is too old to tell that no update waits."""
    age = subject.clock.now() - when
    if not when or age > _FRESH:
        said = f"{age / 86400:.0f} days ago" if when else "never"
        raise Inapplicable(f"updates were last looked up {said}: run `{command}`")


CHECK = Check(_look, source="apt-get(8), dpkg(1), dnf(8) check-update, zypper(8) patch-check")
