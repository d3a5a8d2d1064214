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
_PORT = re.compile(r"[0-9]{1,5}")
_TIMES = re.compile(r"(?:[0-9]{1,9}[smhdw]?)+")
_TIME = re.compile(r"([0-9]+)([smhdw]?)")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_ALIASES = {"challengeresponseauthentication": "kbdinteractiveauthentication"}
_KEYWORD = re.compile(r"\s*(?P<keyword>[A-Za-z0-9]+)(?:\s*=\s*|\s+)(?P<rest>.*)", re.DOTALL)


@dataclass(frozen=True)
class SshdConfig:
    """The settings of one sshd that guestseal needs; what is not set has sshd's default."""

    host_keys: tuple[str, ...]
    host_certificates: tuple[str, ...] = ()
    authorized_keys_files: tuple[str, ...] = (".ssh/authorized_keys", ".ssh/authorized_keys2")
    permit_root_login: str = "prohibit-password"
    password_authentication: bool = True
    keyboard_interactive: bool = False
    """Whether PAM is asked in a dialogue, which takes a password as well."""
    pubkey_authentication: bool = True
    allow_users: tuple[str, ...] = ()
    deny_users: tuple[str, ...] = ()
    allow_groups: tuple[str, ...] = ()
    deny_groups: tuple[str, ...] = ()
    """Patterns of names: AllowUsers and the like; of users, with ``@HOST`` perhaps."""
    ports: tuple[int, ...] = (22,)
    client_alive_interval: int = 0
    """Seconds after which an idle client is asked whether it is there; 0: it is never asked."""

    @classmethod
    def read(cls, tree: Tree) -> SshdConfig:
        """The configuration of the sshd in ``tree``; all defaults when it has none."""
        path = next((path for path in CONFIGS if tree.is_file(path)), CONFIGS[0])
        directory = path.rpartition("/")[0].replace("/usr/etc/", "/etc/")
        found: dict[str, list[list[str]]] = {}
        for keyword, words in _Reader(tree, directory).settings(path):
            found.setdefault(_ALIASES.get(keyword, keyword), []).append(words)
        # sshd_config(5): the first value counts; HostKey and HostCertificate may be given several times.
        first = {keyword: given[0] for keyword, given in found.items()}
        switch = {keyword: words[0].lower() for keyword, words in first.items()}
        defaults = [f"{directory}/ssh_host_{kind}_key" for kind in ("rsa", "ecdsa", "ed25519")]
        return cls(
            host_keys=_paths(found.get("hostkey")) or tuple(defaults),
            host_certificates=_paths(found.get("hostcertificate")),
            authorized_keys_files=tuple(first.get("authorizedkeysfile", cls.authorized_keys_files)),
            permit_root_login=_root_login(first.get("permitrootlogin", ["prohibit-password"])[0]),
            password_authentication=switch.get("passwordauthentication", "yes") == "yes",
            keyboard_interactive=switch.get("kbdinteractiveauthentication", "yes") == switch.get("usepam") == "yes",
            pubkey_authentication=switch.get("pubkeyauthentication") != "no",
            allow_users=_all(found, "allowusers"),
            deny_users=_all(found, "denyusers"),
            allow_groups=_all(found, "allowgroups"),
            deny_groups=_all(found, "denygroups"),
            ports=tuple(int(word) for word in _all(found, "port") if _PORT.fullmatch(word)) or cls.ports,
            client_alive_interval=_seconds(first.get("clientaliveinterval", ["0"])[0]),
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


def _all(found: dict[str, list[list[str]]], keyword: str) -> tuple[str, ...]:
    """The words of all lines: AllowUsers and the like, and Port, add up."""
    return tuple(word for words in found.get(keyword, ()) for word in words)


def _root_login(value: str) -> str:
    """sshd_config(5): without-password is the old name of prohibit-password."""
    return value.lower().replace("without-password", "prohibit-password")


def _seconds(text: str) -> int:
    """sshd_config(5), TIME FORMATS: 90, 1m30s; what is none is nothing."""
    lower = text.lower()
    return sum(int(n) * _UNITS[unit] for n, unit in _TIME.findall(lower)) if _TIMES.fullmatch(lower) else 0
