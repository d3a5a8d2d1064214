"""Which certificates a machine made for itself: against openssl's and sscg's own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from support.certificates import AUTHORITY, ISSUED, PRIVATE_KEY, SELF_SIGNED, SSCG

from guestseal.guest.services.certificates import is_self_made


def openssl(*words: str) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True, timeout=60)


@pytest.mark.parametrize("kind", [("rsa:2048",), ("ec", "-pkeyopt", "ec_paramgen_curve:P-256")], ids=["RSA", "EC"])
@pytest.mark.parametrize("subject", ["/CN=master", "/C=DE/O=Example/OU=x/CN=master.example.com/emailAddress=a@b"])
def test_a_self_signed_one_is_self_made(kind: tuple[str, ...], subject: str, tmp_path: Path) -> None:
    key, certificate = str(tmp_path / "key"), tmp_path / "certificate"
    openssl("req", "-x509", "-newkey", *kind, "-nodes", "-subj", subject, "-keyout", key, "-out", str(certificate))
    assert is_self_made(certificate.read_bytes())


def test_one_of_version_1_is_read_as_well(tmp_path: Path) -> None:
    """It has no field for the version."""
    key, request, certificate = (str(tmp_path / name) for name in ("key", "request", "certificate"))
    openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=master", "-keyout", key, "-out", request)
    openssl("x509", "-req", "-in", request, "-signkey", key, "-out", certificate)
    assert is_self_made(Path(certificate).read_bytes())


def test_what_sscg_writes_is_self_made() -> None:
    assert is_self_made(SSCG.encode())
    assert is_self_made((PRIVATE_KEY + SELF_SIGNED).encode())


@pytest.mark.parametrize(
    "content",
    [ISSUED, ISSUED + AUTHORITY, ISSUED + AUTHORITY + SELF_SIGNED, PRIVATE_KEY, ""],
    ids=["issued", "with its authority", "a chain", "a key", "nothing"],
)
def test_one_that_an_authority_issued_is_not(content: str) -> None:
    assert not is_self_made(content.encode())


def test_a_part_of_one_is_not() -> None:
    lines = SELF_SIGNED.split("\n")
    for start in range(1, len(lines) - 2):
        for end in range(start, len(lines) - 2):
            if (start, end) != (1, len(lines) - 2):
                assert not is_self_made("\n".join((lines[0], *lines[start:end], *lines[-2:])).encode())


@pytest.mark.parametrize("size", [b"\x00", b"\x80", b"\xff", b"\x7f", b"\x84\xff\xff\xff\xff"])
def test_a_length_of_nonsense_is_no_certificate(size: bytes) -> None:
    import base64

    body = base64.encodebytes(b"\x30" + size + b"\xa0" + size * 64)
    assert not is_self_made(b"-----BEGIN CERTIFICATE-----\n" + body + b"-----END CERTIFICATE-----\n")
