"""What a guest's sshd_config(5) says, read from its files and without running sshd.

Conditional settings are not decided: what stands under a ``Match`` other than
``Match all`` is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guestseal.guest.tree import Tree

CONFIGS = (
    "/etc/ssh/sshd_config",
    "/etc/openssh/sshd_config",  # ALT Linux
    "/usr/etc/ssh/sshd_config",  # SUSE: the vendor's, read when /etc/ssh has none
)

_MAX_DEPTH = 16  # OpenSSH, servconf.c: SERVCONF_MAX_DEPTH
_WORD = re.compile(r'\s*(?:"(?P<double>[^"]*)"|\'(?P<single>[^\']*)\'|(?P<plain>[^\s"\']+))')
_KEYWORD = re.compile(r"\s*(?P<keyword>[A-Za-z0-9]+)(?:\s*=\s*|\s+)(?P<rest>.*)", re.DOTALL)


@dataclass(frozen=True)
class SshdConfig:
    """The settings of one sshd that guestseal needs; what is not set has sshd's default."""

    host_keys: tuple[str, ...]
    host_certificates: tuple[str, ...] = ()
    authorized_keys_files: tuple[str, ...] = (".ssh/authorized_keys", ".ssh/authorized_keys2")
    permit_root_login: str = "prohibit-password"
    password_authentication: bool = True

    @classmethod
    def read(cls, tree: Tree) -> SshdConfig:
        """The configuration of the sshd in ``tree``; all defaults when it has none."""
        path = next((path for path in CONFIGS if tree.is_file(path)), CONFIGS[0])
        directory = path.rpartition("/")[0].replace("/usr/etc/", "/etc/")
        found: dict[str, list[list[str]]] = {}
        for keyword, words in _Reader(tree, directory).settings(path):
            found.setdefault(keyword, []).append(words)
        # sshd_config(5): the first value counts; HostKey and HostCertificate may be given several times.
        first = {keyword: given[0] for keyword, given in found.items()}
        defaults = [f"{directory}/ssh_host_{kind}_key" for kind in ("rsa", "ecdsa", "ed25519")]
        return cls(
            host_keys=_paths(found.get("hostkey")) or tuple(defaults),
            host_certificates=_paths(found.get("hostcertificate")),
            authorized_keys_files=tuple(first.get("authorizedkeysfile", cls.authorized_keys_files)),
            permit_root_login=_root_login(first.get("permitrootlogin", ["prohibit-password"])[0]),
            password_authentication=first.get("passwordauthentication", ["yes"])[0].lower() == "yes",
        )


class _Reader:
    """Reads a configuration with everything it includes, in the order in which sshd reads it."""

    def __init__(self, tree: Tree, directory: str) -> None:
        self.tree = tree
        self.directory = directory

    def settings(self, path: str, depth: int = 0) -> Iterator[tuple[str, list[str]]]:
        """Each unconditional setting: the keyword in lower case, and its words."""
        if depth > _MAX_DEPTH or not self.tree.is_file(path):
            return
        unconditional = True  # a Match in an included file ends with that file
        for line in (self.tree.read_text(path) or "").split("\n"):
            keyword, words = _parse(line)
            if keyword == "match":
                unconditional = [word.lower() for word in words] == ["all"]
            elif not unconditional or not words:
                continue
            elif keyword == "include":
                for included in self._included(words):
                    yield from self.settings(included, depth + 1)
            else:
                yield keyword, words

    def _included(self, words: list[str]) -> Iterator[str]:
        for word in words:
            # sshd_config(5): a file that is not absolute is in /etc/ssh.
            pattern = word if word.startswith("/") else f"{self.directory}/{word}"
            for path in self.tree.glob(pattern):
                # glob(7), which sshd uses: a wildcard does not match a leading dot.
                if not path.rpartition("/")[2].startswith(".") or "/." in pattern:
                    yield path


def _parse(line: str) -> tuple[str, list[str]]:
    """The keyword in lower case and the words of one line; ("", []) for a comment."""
    match = _KEYWORD.match(line.rstrip())
    if match is None:
        return "", []
    words = []
    for word in _WORD.finditer(match["rest"]):
        if word["plain"] is not None and word["plain"].startswith("#"):
            break
        words.append(next(text for text in word.groups() if text is not None))
    return match["keyword"].lower(), words


def _paths(given: list[list[str]] | None) -> tuple[str, ...]:
    """The absolute paths among the first words; ``none`` is none."""
    return tuple(dict.fromkeys(words[0] for words in given or () if words[0].startswith("/")))


def _root_login(value: str) -> str:
    """sshd_config(5): without-password is the old name of prohibit-password."""
    return value.lower().replace("without-password", "prohibit-password")
