"""What a private key file says of itself, against ssh-keygen's own word."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest

from guestseal.guest.ssh.private_keys import public_half


@pytest.fixture(params=["ed25519", "ecdsa", "rsa"])
def key(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", request.param, "-N", "", "-f", path], check=True)
    return path


def test_it_is_the_public_key_beside_it(key: Path) -> None:
    blob = key.with_suffix(".pub").read_text().split()[1]
    assert public_half(key.read_bytes()) == base64.b64decode(blob)


def test_a_part_of_it_is_none(key: Path) -> None:
    content = key.read_bytes()
    for end in range(0, len(content) - 80, 7):
        assert public_half(content[:end]) is None
        assert public_half(content[:end] + b"\n-----END OPENSSH PRIVATE KEY-----\n") is None


@pytest.mark.parametrize("content", [b"", b"\0" * 400, b"-----BEGIN RSA PRIVATE KEY-----\n", b"ssh-ed25519 AAAA\n"])
def test_something_else_is_none(content: bytes) -> None:
    assert public_half(content) is None
