"""Private keys in home directories go whatever their names, and nothing that is none."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, Entry, Fifo, File, build

from guestseal.guest.facts import Guest
from guestseal.guest.tree import Tree
from guestseal.seal.operations.ssh_user_keys import OPERATION

OPENSSH, PEM = File("-----BEGIN OPENSSH PRIVATE KEY-----\n", 0o600), File("-----BEGIN PRIVATE KEY-----\n", 0o600)
PUBLIC = File("ssh-ed25519 AAAA kim@golden\n")
PASSWD: dict[str, Entry] = {
    "/etc/passwd": File(
        "root:x:0:0:root:/root:/bin/sh\nkim:x:1000:1000:Kim:/home/kim:/bin/sh\njenkins:x:990:990::/var/lib/jenkins:/bin/sh\n"
    )
}
SETTINGS = {
    "/root/.ssh/config": File("Host bastion\n"),
    "/root/.ssh/config.d/work": File("Host git\n"),
    "/root/.ssh/rc": File("true\n"),
    "/root/.ssh/environment": File("A=b\n"),
}
STAYS: dict[str, Entry] = {
    "/root/.ssh/authorized_keys": File("", 0o600),
    "/root/.ssh/notes": File("the -----BEGIN OPENSSH PRIVATE KEY----- is in the safe\n"),
    "/root/.ssh/huge": File("-----BEGIN OPENSSH PRIVATE KEY-----\n" + "x" * (1 << 16), 0o600),
    "/root/keys/id_rsa": File("-----BEGIN OPENSSH PRIVATE KEY-----\nof a program\n"),
}

CASES = (
    Case(
        "root's",
        DEBIAN,
        {
            **STAYS,
            **SETTINGS,
            "/root/.ssh/id_ed25519": OPENSSH,
            "/root/.ssh/id_ed25519.pub": PUBLIC,
            "/root/.ssh/id_ed25519-cert.pub": PUBLIC,
            "/root/.ssh/identity": PEM,
            "/root/.ssh/identity.pub": PUBLIC,
            "/root/.ssh/agent/s.1.agent.2": Fifo(0o600),
        },
        {**STAYS, **SETTINGS, "/root/.ssh/agent": Dir()},
        found=tuple(SETTINGS),
    ),
    Case(
        "under names of their own",
        REDHAT,
        {
            **PASSWD,
            "/home/kim/.ssh/deploy": PEM,
            "/home/kim/.ssh/aws.pem": File("-----BEGIN RSA PRIVATE KEY-----\n", 0o600),
            "/home/kim/.ssh/putty.ppk": File("PuTTY-User-Key-File-3: ssh-ed25519\nPRIVATE KEY\n", 0o600),
            "/home/kim/.ssh/deploy.pub": PUBLIC,
        },
        {**PASSWD, "/home/kim/.ssh/deploy.pub": PUBLIC},
    ),
    Case(
        "a service's, in the home that passwd names",
        SUSE,
        {**PASSWD, "/var/lib/jenkins/.ssh/id_rsa": OPENSSH, "/var/lib/jenkins/config.xml": File("<x/>\n")},
        {**PASSWD, "/var/lib/jenkins/.ssh": Dir(), "/var/lib/jenkins/config.xml": File("<x/>\n")},
    ),
    Case("none", ALPINE, STAYS),
)


def test_a_socket_of_a_shared_connection_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path, {"/root/.ssh": Dir(0o700)})
    monkeypatch.chdir(tmp_path / "root/.ssh")  # a socket's address is at most 107 bytes long
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("cm-git@example:22")
    with Tree(str(tmp_path)) as tree:
        assert [action.path for action in OPERATION.plan(Guest(tree))] == ["/root/.ssh/cm-git@example:22"]
