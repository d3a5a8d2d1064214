"""SSH keys: made here, so that no test needs ssh-keygen, and spoiled in every way seen in the wild."""

from __future__ import annotations

import base64
import random
import struct
import time

import pytest

from guestseal.errors import Malformed
from guestseal.firstboot.public_keys import MOST_KEYS, MOST_REMARKS, ssh_keys

WHERE = "10.1.1.1:80"


def field(content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + content


def blob(kind: str, *fields: bytes) -> str:
    return base64.b64encode(b"".join(map(field, (kind.encode(), *fields)))).decode()


def rsa(bits: int, seed: int = 1) -> str:
    modulus = random.Random(seed).getrandbits(bits) | (1 << (bits - 1)) | 1
    return "ssh-rsa " + blob("ssh-rsa", b"\x01\x00\x01", b"\0" + modulus.to_bytes(bits // 8, "big"))


def ed25519(seed: int = 1) -> str:
    return "ssh-ed25519 " + blob("ssh-ed25519", random.Random(seed).randbytes(32))


def ecdsa(curve: str, size: int) -> str:
    kind = f"ecdsa-sha2-{curve}"
    return f"{kind} {blob(kind, curve.encode(), b'%c' % 4 + bytes(size - 1))}"


SK_ED25519 = "sk-ssh-ed25519@openssh.com"
SK_ECDSA = "sk-ecdsa-sha2-nistp256@openssh.com"
GOOD = {
    "ed25519": ed25519(),
    "rsa 2048": rsa(2048),
    "rsa 4096": rsa(4096),
    "p256": ecdsa("nistp256", 65),
    "p384": ecdsa("nistp384", 97),
    "p521": ecdsa("nistp521", 133),
    "sk ed25519": f"{SK_ED25519} {blob(SK_ED25519, bytes(32), b'ssh:')}",
    "sk p256": f"{SK_ECDSA} {blob(SK_ECDSA, b'nistp256', b'%c' % 4 + bytes(64), b'ssh:')}",
}
KEY, OTHER = ed25519(1), ed25519(2)
DSA = "ssh-dss " + blob("ssh-dss", *[bytes(20)] * 4)
CERTIFICATE = "ssh-ed25519-cert-v01@openssh.com " + blob("ssh-ed25519-cert-v01@openssh.com", bytes(32), bytes(32))


def take(text: str | bytes) -> tuple[str, ...]:
    return ssh_keys(WHERE, text if isinstance(text, bytes) else text.encode()).keys


@pytest.mark.parametrize("key", GOOD.values(), ids=GOOD)
def test_every_type_of_openssh(key):
    assert ssh_keys(WHERE, f"{key} me@home\n".encode()) == ((f"{key} me@home",), ())


@pytest.mark.parametrize("body", ["", "\n", " \r\n\r\n", "# a comment\n"])
def test_nothing_sent_is_no_key(body):
    assert ssh_keys(WHERE, body.encode()) == ((), ())


@pytest.mark.parametrize(
    "text",
    [
        f"{KEY} a\n{OTHER} b",
        f"{KEY} a\r\n{OTHER} b\r\n",
        f"\n# both\n  {KEY}   a  \n\n\t{OTHER} b \n\n",
        f"{KEY} a\n{OTHER} b\n{KEY} again\n",
    ],
    ids=["K2", "K2-crlf", "K2-blanks", "K2-twice"],
)
def test_several_keys_are_normalised_in_their_order(text):
    assert ssh_keys(WHERE, text.encode()) == ((f"{KEY} a", f"{OTHER} b"), ())


@pytest.mark.parametrize("width", [16, 64, 76])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_wrapped_key_is_put_together(width, end):
    key = f"{GOOD['rsa 4096']} me@home"
    wrapped = end.join(key[start : start + width] for start in range(0, len(key), width))
    found = take(f"{wrapped}{end}{KEY} b{end}")
    assert found[-1] == f"{KEY} b"
    assert found[0].split()[:2] == key.split()[:2]


def test_lines_that_do_not_make_a_key_are_not_put_together():
    half = KEY[:60]
    keys, remarks = ssh_keys(WHERE, f"{half}\n{KEY[65:]}\n{OTHER}\n".encode())
    assert keys == (OTHER,)
    assert len(remarks) == 2


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("ssh-ed25519 AAAA*notbase64", "not base64"),
        ("ssh-ed25519", "not a key of a type"),
        (KEY[:-8], "base64|truncated"),
        (KEY.replace("ssh-ed25519 ", "ssh-rsa "), "type is not the one"),
        ("ssh-future AAAAC3NzaC1lZDI1NTE5", "not a key of a type"),
        (DSA, "DSA"),
        (CERTIFICATE, "certificate"),
        (rsa(1024), "1024 bits"),
        (rsa(2040), "2040 bits"),
        ("ssh-ed25519 " + blob("ssh-ed25519", bytes(31)), "truncated"),
        ("ssh-ed25519 " + blob("ssh-ed25519", bytes(32), b"more"), "more follows"),
        ("ecdsa-sha2-nistp256 " + blob("ecdsa-sha2-nistp256", b"nistp384", bytes(65)), "not a point"),
        (f"{SK_ED25519} {blob(SK_ED25519, bytes(32), b'')}", "no application"),
        ("---- BEGIN SSH2 PUBLIC KEY ----\nComment: x\nAAAA\n---- END SSH2 PUBLIC KEY ----", "not OpenSSH's"),
        ("hello world", "not a key"),
    ],
    ids=[
        "text",
        "bare",
        "truncated",
        "mismatch",
        "unknown",
        "dsa",
        "cert",
        "rsa1024",
        "rsa2040",
        "short",
        "long",
        "curve",
        "sk",
        "K9",
        "prose",
    ],
)
def test_a_bad_line_is_left_out_and_the_others_stay(line, why):
    keys, remarks = ssh_keys(WHERE, f"{line}\n{OTHER} b\n".encode())
    assert keys == (f"{OTHER} b",)
    (remark,) = remarks
    assert remark.startswith("SSH key in line 1 refused")
    assert any(word in remark for word in why.split("|"))
    with pytest.raises(Malformed, match="no usable SSH key"):
        take(line)


def test_a_private_key_is_refused_loudly_and_not_shown():
    block = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaHNlY3JldA\n-----END OPENSSH PRIVATE KEY-----\n"
    keys, remarks = ssh_keys(WHERE, f"{block}{KEY}\n".encode())
    assert keys == (KEY,)
    assert "PRIVATE KEY" in remarks[0]
    assert "b3Blbn" not in "".join(remarks)
    with pytest.raises(Malformed) as caught:
        take(block.replace("-----END", "cut off"))
    assert "b3Blbn" not in str(caught.value)


@pytest.mark.parametrize("options", ['environment="A=B"', "pty,agent-forwarding", "no-touch-required"])
def test_options_that_only_give_more_are_dropped(options):
    keys, remarks = ssh_keys(WHERE, f"{options} {KEY} me".encode())
    assert keys == (f"{KEY} me",)
    assert remarks == ("SSH key in line 1: its options were dropped",)


@pytest.mark.parametrize(
    "options",
    [
        'command="rm -rf /"',
        'restrict,command="echo \\"ssh-rsa AAAA\\""',
        'from="10.0.0.0/8"',
        "cert-authority",
        "no-pty",
        "Restrict",
        'pty,command="a,b"',
        "unheard-of",
    ],
)
def test_a_key_that_its_options_restrict_is_not_let_loose(options):
    keys, remarks = ssh_keys(WHERE, f"{options} {KEY} me\n{OTHER}\n".encode())
    assert keys == (OTHER,)
    assert "options restrict it" in remarks[0]


@pytest.mark.parametrize(
    ("comment", "clean"),
    [
        (b"a\0b", "a?b"),
        (b"\x1b[31mred", "?[31mred"),
        (b"caf\xe9", "caf\ufffd"),
        ("\ud648 me".encode(), "\ud648 me"),
        (b"x" * 500, "x" * 128),
        (b"a\x85b\xe2\x80\xa8c", "a\ufffdb?c"),
        (b"two words", "two words"),
    ],
    ids=["nul", "ansi", "latin-1", "hangul", "long", "line separators", "words"],
)
def test_a_comment_cannot_do_harm(comment, clean):
    assert take(KEY.encode() + b" " + comment) == (f"{KEY} {clean}",)


def test_ten_thousand_keys_are_too_many():
    many = "\n".join(ed25519(seed) for seed in range(500))
    keys, remarks = ssh_keys(WHERE, many.encode())
    assert len(keys) == MOST_KEYS
    assert remarks == (f"SSH keys: only the first {MOST_KEYS} of 500 are used",)
    with pytest.raises(Malformed, match="more than"):
        take(f"{KEY}\n" * 10_000)


def test_remarks_are_bounded():
    _, remarks = ssh_keys(WHERE, f"nonsense\n{KEY}\n".encode() + b"nonsense\n" * 5000)
    assert len(remarks) == MOST_REMARKS + 1
    assert "4993 more" in remarks[-1]


@pytest.mark.parametrize("body", [b"<html>", b" <!DOCTYPE html>", b'{"error": 1}'])
def test_a_document_is_no_list_of_keys(body):
    with pytest.raises(Malformed, match="document"):
        take(body)


def test_the_worst_64_kib_are_quick():
    start = time.monotonic()
    for body in ('"' * 65536, "a," * 32768, "ssh-rsa AAAA\n" * 5000, ("ssh-rsa " + "AAAA\n" * 13000), 'a="\\' * 16384):
        with pytest.raises(Malformed):
            take(body)
    assert time.monotonic() - start < 3


def test_nothing_at_random_breaks_it():
    chance = random.Random(7)
    alphabet = [
        KEY,
        " ",
        "\n",
        "\r",
        '"',
        "ssh-rsa",
        "=",
        ",",
        "\0",
        "\x1c",
        "\u2028",
        "-----BEGIN",
        "A" * 30,
        "command=",
    ]
    for _ in range(2000):
        body = "".join(chance.choices(alphabet, k=chance.randint(1, 12))).encode()
        try:
            keys = take(body)
        except Malformed:
            continue
        assert all(key.isprintable() and key.split()[:2] == KEY.split() for key in keys)
