"""zypper's registration: the credentials of SUSE's customer center, and what is fetched with them.

SUSEConnect(8) writes one file of credentials for the system and one for each service into
/etc/zypp/credentials.d, all with an account SCC_…; a service names its file in the address
(``?credentials=NAME``), and a repository that comes from a service names the service.
"""

from __future__ import annotations

import re

from guestseal.guest.tree import Tree

_CREDENTIALS = "/etc/zypp/credentials.d"
_ACCOUNT = re.compile(r"^\s*username\s*=\s*SCC_", re.MULTILINE)
_USES = re.compile(r"[?&]credentials=([\w.+-]+)")
_NAME = re.compile(r"^\s*\[(.+)\]\s*$", re.MULTILINE)
_SERVICE = re.compile(r"^\s*service\s*=\s*(\S.*?)\s*$", re.MULTILINE)
_LIMIT = 1 << 16


def credentials(tree: Tree) -> list[str]:
    """The files with an account of the customer center, or of a server that speaks for it."""
    return [path for path, text in _files(tree, f"{_CREDENTIALS}/*") if _ACCOUNT.search(text)]


def subscribed(tree: Tree) -> list[str]:
    """The services and repositories that are of no use without those credentials."""
    names = {path.rpartition("/")[2] for path in credentials(tree)}
    services = [(path, text) for path, text in _files(tree, "/etc/zypp/services.d/*.service") if _wants(text, names)]
    aliases = {alias for _, text in services for alias in _NAME.findall(text)}
    repositories = [
        path
        for path, text in _files(tree, "/etc/zypp/repos.d/*.repo")
        if _wants(text, names) or aliases.intersection(_SERVICE.findall(text))
    ]
    return [path for path, _ in services] + repositories


def _wants(text: str, names: set[str]) -> bool:
    return bool(names.intersection(_USES.findall(text)))


def _files(tree: Tree, pattern: str) -> list[tuple[str, str]]:
    found = [path for path in tree.glob(pattern) if tree.readlink(path) is None and tree.is_file(path)]
    return [(path, tree.read_text(path, limit=_LIMIT) or "") for path in found]
