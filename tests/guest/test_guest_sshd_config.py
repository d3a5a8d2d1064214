"""sshd_config as sshd reads it: first value, includes, Match, quotes."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.trees import Dir, Entry, File, Link, build

from guestseal.guest.ssh.sshd_config import SshdConfig
from guestseal.guest.tree import Tree

MAIN, DROP_INS = "/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d"
DEFAULT_KEYS = tuple(f"/etc/ssh/ssh_host_{kind}_key" for kind in ("rsa", "ecdsa", "ed25519"))
DEFAULTS = SshdConfig(host_keys=DEFAULT_KEYS)


def config(*, keys: tuple[str, ...] = DEFAULT_KEYS, **settings: object) -> SshdConfig:
    return SshdConfig(host_keys=keys, **settings)  # type: ignore[arg-type]


CASES: dict[str, tuple[dict[str, Entry], SshdConfig]] = {
    "no configuration": ({}, DEFAULTS),
    "a directory in its place": ({MAIN: Dir()}, DEFAULTS),
    "comments and empty lines": ({MAIN: File("\n  # PermitRootLogin yes\n#HostKey /x\n")}, DEFAULTS),
    "the first value counts": (
        {MAIN: File("PermitRootLogin no\nPermitRootLogin yes\n")},
        config(permit_root_login="no"),
    ),
    "keywords in any case, equals signs, CRLF": (
        {MAIN: File("permitrootlogin=no\r\nPASSWORDAUTHENTICATION = No\r\n")},
        config(permit_root_login="no", password_authentication=False),
    ),
    "the old name of prohibit-password": ({MAIN: File("PermitRootLogin without-password\n")}, DEFAULTS),
    "quotes, several words, a comment behind them": (
        {MAIN: File('AuthorizedKeysFile "/etc/ssh/my keys/%u" .ssh/authorized_keys # both\n')},
        config(authorized_keys_files=("/etc/ssh/my keys/%u", ".ssh/authorized_keys")),
    ),
    "who is let in, on several lines": (
        {MAIN: File("AllowUsers ada kim@10.*\nAllowUsers root\nDenyUsers x\nAllowGroups a\nDenyGroups b c\n")},
        config(
            allow_users=("ada", "kim@10.*", "root"),
            deny_users=("x",),
            allow_groups=("a",),
            deny_groups=("b", "c"),
        ),
    ),
    "keys are refused": ({MAIN: File("PubkeyAuthentication no\n")}, config(pubkey_authentication=False)),
    "keys, bound to the host": ({MAIN: File("PubkeyAuthentication host-bound\n")}, DEFAULTS),
    "a dialogue by PAM": ({MAIN: File("UsePAM yes\n")}, config(keyboard_interactive=True)),
    "a dialogue without PAM": ({MAIN: File("KbdInteractiveAuthentication yes\n")}, DEFAULTS),
    "no dialogue, by its old name": ({MAIN: File("UsePAM yes\nChallengeResponseAuthentication no\n")}, DEFAULTS),
    "several ports, and none": ({MAIN: File("Port 22\nPort x\nPort 2222\n")}, config(ports=(22, 2222))),
    "several host keys, each once, and none": (
        {MAIN: File("HostKey /a\nHostKey /b\nHostKey /a\nHostKey relative\nHostCertificate /a-cert.pub\n")},
        config(keys=("/a", "/b"), host_certificates=("/a-cert.pub",)),
    ),
    "HostKey none": ({MAIN: File("HostKey none\n")}, DEFAULTS),
    "drop-ins in the order of their names, before the rest": (
        {
            MAIN: File("Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\n"),
            f"{DROP_INS}/50-b.conf": File("PermitRootLogin forced-commands-only\n"),
            f"{DROP_INS}/10-a.conf": File("PermitRootLogin no\n"),
            f"{DROP_INS}/.hidden.conf": File("PasswordAuthentication no\n"),
            f"{DROP_INS}/00-other": File("PasswordAuthentication no\n"),
            f"{DROP_INS}/20-dir.conf": Dir(),
        },
        config(permit_root_login="no"),
    ),
    "drop-ins that nothing includes": (
        {MAIN: File(""), f"{DROP_INS}/10-a.conf": File("PermitRootLogin no\n")},
        DEFAULTS,
    ),
    "a relative include, through a link inside the guest": (
        {
            MAIN: File("Include other.conf\n"),
            "/etc/ssh/other.conf": Link("/srv/other.conf"),
            "/srv/other.conf": File("PermitRootLogin no\n"),
        },
        config(permit_root_login="no"),
    ),
    "an include of itself ends": (
        {MAIN: File("Include sshd_config\nPermitRootLogin no\n")},
        config(permit_root_login="no"),
    ),
    "Match ends what is unconditional": (
        {MAIN: File("Match User kim\nPermitRootLogin no\nInclude x\n"), "/etc/ssh/x": File("HostKey /x\n")},
        DEFAULTS,
    ),
    "Match all is unconditional again": (
        {MAIN: File("Match User kim\nPermitRootLogin no\nMatch all\nPasswordAuthentication no\n")},
        config(password_authentication=False),
    ),
    "Match in an included file ends with it": (
        {MAIN: File("Include a\nPermitRootLogin no\n"), "/etc/ssh/a": File("Match User kim\nPermitRootLogin yes\n")},
        config(permit_root_login="no"),
    ),
    "SUSE's vendor file": (
        {
            "/usr/etc/ssh/sshd_config": File("Include /etc/ssh/sshd_config.d/*.conf\nPasswordAuthentication no\n"),
            f"{DROP_INS}/a.conf": File("PermitRootLogin yes\n"),
        },
        config(permit_root_login="yes", password_authentication=False),
    ),
    "the administrator's file instead of the vendor's": (
        {MAIN: File(""), "/usr/etc/ssh/sshd_config": File("PasswordAuthentication no\n")},
        DEFAULTS,
    ),
    "ALT": (
        {"/etc/openssh/sshd_config": File("Include a\n"), "/etc/openssh/a": File("PermitRootLogin no\n")},
        config(keys=tuple(key.replace("/ssh/", "/openssh/") for key in DEFAULT_KEYS), permit_root_login="no"),
    ),
    "bytes that are not text": ({MAIN: File(b"\xff\xfe\nPermitRootLogin no\n")}, config(permit_root_login="no")),
}


@pytest.mark.parametrize("name", CASES)
def test_a_configuration_is_read_as_sshd_reads_it(name: str, tmp_path: Path) -> None:
    before, expected = CASES[name]
    build(tmp_path, before)
    with Tree(str(tmp_path)) as tree:
        assert SshdConfig.read(tree) == expected
