"""Secrets are found in every form, and what only looks like one is not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from support.residue import WITHOUT_PROGRAMS, found, searched
from support.trees import File, build

from guestseal.check.residue.identifiers import Identifiers

BODY = "MHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY/PuoAoGCCqGSM49"
RANDOM = (
    "aB3dE5gH7jK9mN1pQ4sT6vX8zC0bF2hL5nR"  # of no service: a token is put together here, so that no scanner takes it
)
HEX = "0f1e2d3c4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddeeff0"


def _pem(kind: str, *, begin: str = "", end: str = "\n") -> str:
    return f"-----BEGIN {kind}-----{end}{begin}{BODY}{end}-----END {kind}-----{end}"


KEYS = {
    "pkcs8": _pem("PRIVATE KEY"),
    "rsa, encrypted the old way": _pem("RSA PRIVATE KEY", begin="Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n"),
    "encrypted": _pem("ENCRYPTED PRIVATE KEY"),
    "openssh": _pem("OPENSSH PRIVATE KEY"),
    "with line ends of Windows": _pem("EC PRIVATE KEY", end="\r\n"),
    "in YAML": "key: |\n    " + _pem("PRIVATE KEY").replace("\n", "\n    "),
    "in JSON": '{"private_key": "' + _pem("PRIVATE KEY").replace("\n", "\\n") + '"}',
    "pgp": _pem("PGP PRIVATE KEY BLOCK", begin="Version: 1\nComment: x y\n\n"),
    "putty": "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: c\nPublic-Lines: 2\nAAAA\nBBBB\n"
    f"Private-Lines: 1\n{BODY[:44]}\nPrivate-MAC: {HEX}\n",
    "age": "# public key: age1x\nAGE-SECRET-KEY-1" + "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L" * 2 + "\n",
    "minisign": "untrusted comment: minisign encrypted secret key\nRWRTY0Iy" + BODY * 2 + "\n",
    "signify": "untrusted comment: signify secret key\nRWRCSwAAAACzJBN2gC5" + BODY * 2 + "\n",
    "wireguard": f"[Interface]\nPrivateKey = {BODY[:42]}E=\n",
    "wireguard in a keyfile": f"[wireguard]\nprivate-key={BODY[:42]}E=\n",
    "dnssec": f"Private-key-format: v1.3\nAlgorithm: 13 (ECDSAP256SHA256)\nPrivateKey: {BODY[:43]}=\n",
    "gnupg": "Created: 20240101T000000\nKey: (protected-private-key (ecc (curve Ed25519)(flags eddsa)(q #40" + HEX,
    "gnupg, canonical": b"(21:protected-private-key(3:rsa(1:n257:" + bytes(range(256)),
    "dropbear, ed25519": b"\0\0\0\x0bssh-ed25519\0\0\0\x40" + bytes(range(64)),
    "dropbear, rsa": b"\0\0\0\x07ssh-rsa\0\0\0\3\1\0\1" + (b"\0\0\1\1\0" + bytes(range(256))) * 2,
    "dropbear, ecdsa": b"\0\0\0\x13ecdsa-sha2-nistp256\0\0\0\x08nistp256\0\0\0\x41\4"
    + bytes(64)
    + b"\0\0\0\x20"
    + HEX.encode()[:32],
}
TOKENS = {
    "aws": "id=AKI" + "AQ4W2E7R5T6Y3U7I2",
    "aws session": "ASI" + "AQ4W2E7R5T6Y3U7I2\n",
    "aws secret": "aws_secret_access_key = " + RANDOM + "abc/+",
    "aws secret in JSON": '"SecretAccessKey": "' + RANDOM + 'abc/+"',
    "github": "https://x-access-token:gh" + f"p_{RANDOM}1@github.com/a/b",
    "github app": "ghs" + f"_{RANDOM}1",
    "github fine": "github" + f"_pat_{RANDOM[:22]}_{RANDOM}{RANDOM[:24]}",
    "gitlab": "token=gl" + f"pat-{RANDOM[:20]}",
    "gitlab runner": 'token = "gl' + f'rt-{RANDOM[:20]}"',
    "slack": "xo" + f"xb-123456789012-1234567890123-{RANDOM[:24]}",
    "slack webhook": "https://hooks.sla" + f"ck.com/services/T01234567/B01234567/{RANDOM[:24]}",
    "google": "key=AI" + f"za{RANDOM}",
    "google client": "GOC" + f"SPX-{RANDOM[:28]}",
    "stripe": "sk" + f"_live_{RANDOM[:24]}",
    "npm": "//registry.npmjs.org/:_authToken=np" + f"m_{RANDOM}1",
    "pypi": "password = py" + f"pi-AgEIcHlwaS5vcmc{RANDOM}{RANDOM}",
    "digitalocean": "do" + f"p_v1_{HEX}",
    "vault": "hv" + f"s.{RANDOM[:24]}",
    "azure account": f"AccountName=a;AccountKey={BODY}{BODY[:22]}==;",
    "azure sas": f"https://a.blob.core.windows.net/c?sv=2022-11-02&ss=b&se=2030-01-01&sig={RANDOM}%2Bx%3D{RANDOM}",
    "kubernetes": f"    client-key-data: LS0tLS1CRUdJTi{BODY}\n",
    "jwt": f"Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.{RANDOM}",
}
HASHES = {
    "yescrypt": "ada:$y$j9T$" + RANDOM[:22] + "$" + (RANDOM * 2)[:43],
    "sha512": "rootpw --iscrypted $6$" + RANDOM[:16] + "$" + (RANDOM * 3)[:86] + "\n",
    "sha512 with rounds": "$6$rounds=656000$" + RANDOM[:8] + "$" + (RANDOM * 3)[:86],
    "sha256": "$5$" + RANDOM[:16] + "$" + (RANDOM * 2)[:43],
    "md5": "$1$" + RANDOM[:8] + "$" + RANDOM[:22],
    "apache": "ada:$apr1$" + RANDOM[:8] + "$" + RANDOM[:22],
    "bcrypt": "ada:$2y$10$" + (RANDOM * 2)[:53],
}
STORED = {
    "/etc/NetworkManager/system-connections/wifi": "[wifi-security]\nkey-mgmt=wpa-psk\npsk=correct horse\n".replace(
        " ", ""
    ),
    "/etc/wpa_supplicant/site.conf": 'network={\n\tssid="x"\n\tpsk="correcthorse"\n}\n',
    "/var/lib/iwd/net.psk": f"[Security]\nPassphrase=correcthorse\nPreSharedKey={HEX}\n",
    "/root/.netrc": "machine example.org\n  login ada\n  password correcthorse\n",
    "/home/ada/.pgpass": "# host:port:db:user:pw\ndb.example.org:5432:*:ada:correcthorse\n",
    "/home/ada/.my.cnf": "[client]\npassword = correcthorse\n",
    "/home/ada/.git-credentials": "https://ada:correcthorse@git.example.org\n",
    "/etc/apt/sources.list.d/own.list": "deb https://ada:correcthorse@deb.example.org/debian stable main\n",
    "/home/ada/.docker/config.json": '{"auths": {"r.example.org": {"auth": "YWRhOmNvcnJlY3Rob3JzZQ=="}}}',
}
HARMLESS = {
    "certificate": _pem("CERTIFICATE") + _pem("PUBLIC KEY"),
    "header in a program": 'if line == "-----BEGIN RSA PRIVATE KEY-----":\n    return None\n',
    "header and end": "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
    "example key": "-----BEGIN PRIVATE KEY-----\n" + "x" * 64 + "\n-----END PRIVATE KEY-----\n",
    "public key of dropbear": b"\0\0\0\x07ssh-rsa\0\0\0\3\1\0\1\0\0\1\1\0" + bytes(range(256)),
    "sshd's list of algorithms": b"\0\0\0\x0bssh-ed25519\0ssh-rsa\0ecdsa-sha2-nistp256\0",
    "peer": f"[Peer]\nPublicKey = {BODY[:42]}E=\nPresharedKey = \n",
    "placeholder": "PrivateKey = <your key here>\npsk=PASSWORD\npsk=${PSK}\n#psk=correcthorse\n",
    "aws documentation": "AKIAIOSFODNN7EXAMPLE aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "longer words": f"XAKIAQ4W2E7R5T6Y3U7I2X ghp_short {HEX}AKIAQ4W2E7R5T6Y3U7I2",
    "urls": "http://user:password@host http://${U}:${P}@host ssh://git@host:22/a http://host:80/a@b ftp://a:<pw>@h",
    "times": "2024-01-01T10:20:30 http://[::1]:80/ mailto:a@b.example urn:x:y@z",
    "shell": 'echo "$1$2" "$5$6" $6$x$y; awk \'{print $1$2}\'\n',
    "locked": "ada:!:19000:0:99999:7:::\nbob:*:19000::::::\n",
    "jwt of nothing": "eyJhbGciOi.eyJ.x eyJ",
    "age recipient": "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
}


def _kinds(root: Path, path: str, content: str | bytes, environment: dict[str, str] | None = None) -> set[str]:
    build(root, {path: File(content)})
    return {kind for kind, _ in found(searched(root, Identifiers(), environment=environment))}


@pytest.mark.parametrize("environment", [None, WITHOUT_PROGRAMS], ids=["grep", "python"])
@pytest.mark.parametrize(
    ("kind", "secrets"),
    [("private-key", KEYS), ("access-token", TOKENS), ("password-hash", HASHES)],
    ids=["keys", "tokens", "hashes"],
)
def test_a_secret_is_found_whatever_its_form(
    tmp_path: Path, kind: str, secrets: dict[str, str | bytes], environment: dict[str, str] | None
) -> None:
    files = {f"/opt/{number:02}": File(content) for number, content in enumerate(secrets.values())}
    build(tmp_path, files)
    told = {path for each, path in found(searched(tmp_path, Identifiers(), environment=environment)) if each == kind}
    assert [name for name, path in zip(secrets, files) if path not in told] == []


@pytest.mark.parametrize("environment", [None, WITHOUT_PROGRAMS], ids=["grep", "python"])
def test_a_password_in_clear_is_found_where_programs_keep_it(
    tmp_path: Path, environment: dict[str, str] | None
) -> None:
    build(tmp_path, {path: File(content) for path, content in STORED.items()})
    told = found(searched(tmp_path, Identifiers(), environment=environment))
    assert told == {("stored-password", path) for path in STORED}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_like_a_secret_is_none(tmp_path: Path, name: str) -> None:
    assert _kinds(tmp_path, "/etc/some.conf", HARMLESS[name]) == set()


@pytest.mark.parametrize("kind", ["ed25519", "rsa", "ecdsa"])
def test_a_key_that_ssh_keygen_made_is_found_and_its_public_half_is_not(tmp_path: Path, kind: str) -> None:
    (tmp_path / "srv").mkdir()
    words = ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "", "-f", str(tmp_path / "srv/key")]
    subprocess.run(words, check=True, timeout=60)
    assert found(searched(tmp_path, Identifiers())) == {("private-key", "/srv/key")}


def test_two_keys_have_two_fingerprints(tmp_path: Path) -> None:
    (tmp_path / "srv").mkdir()
    for name in ("a", "b"):
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(tmp_path / f"srv/{name}")]
        subprocess.run(words, check=True, timeout=60)
    first, second = searched(tmp_path, Identifiers())["private-key"].findings
    assert first.fingerprint != second.fingerprint


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("/var/lib/apt/lists/deb.debian.org_debian_dists_bookworm_main_i18n_Translation-en", set()),
        ("/var/lib/dpkg/status", set()),
        ("/etc/keystone/keystone.conf", {"stored-password"}),
    ],
)
def test_an_example_in_the_description_of_a_package_is_no_password(tmp_path: Path, path: str, kinds: set[str]) -> None:
    assert _kinds(tmp_path, path, "connection = mysql://keystone:foobar@127.0.0.1/keystone\n") == kinds


@pytest.mark.parametrize("path", ["/etc/shadow", "/etc/shadow-", "/etc/gshadow"])
def test_the_hash_of_a_password_belongs_into_shadow(tmp_path: Path, path: str) -> None:
    assert _kinds(tmp_path, path, HASHES["yescrypt"]) == set()


def test_the_hash_of_a_password_in_a_copy_of_shadow_is_found(tmp_path: Path) -> None:
    assert _kinds(tmp_path, "/etc/shadow.bak", HASHES["yescrypt"]) == {"password-hash"}


@pytest.mark.parametrize(
    "path",
    [
        "/usr/local/lib/python3.11/dist-packages/cryptography/tests/key.pem",
        "/opt/app/node_modules/tls/test/fixtures/key.pem",
        "/usr/local/share/doc/openvpn/sample-keys/server.key",
        "/root/.pyenv/versions/3.11.7/lib/python3.11/test/certdata/keycert.pem",
        "/etc/ssl/private/ssl-cert-snakeoil.key",
    ],
)
def test_a_key_that_everybody_has_is_counted_only(tmp_path: Path, path: str) -> None:
    build(tmp_path, {path: File(KEYS["pkcs8"])})
    entries = searched(tmp_path, Identifiers())
    assert found(entries) == set()
    assert "private-key" in entries["residue-search"].detail


def test_a_test_key_that_a_library_carries_is_counted_only(tmp_path: Path) -> None:
    assert _kinds(tmp_path, "/usr/local/lib/libtls.so.30", b"\x7fELF" + bytes(60) + KEYS["pkcs8"].encode()) == set()


def test_a_key_of_the_users_own_tests_is_found(tmp_path: Path) -> None:
    assert _kinds(tmp_path, "/home/ada/app/tests/key.pem", KEYS["pkcs8"]) == {"private-key"}


@pytest.mark.parametrize(
    "content",
    [
        "-----BEGIN PRIVATE KEY-----\n" + " " * 600_000,
        "PuTTY-User-Key-File-2: abc\n" * 20_000,
        "eyJ" * 200_000,
        ":" * 300_000,
        "://a:" * 100_000,
        "$6$" * 200_000,
        "sv=2020-01-01&" * 40_000,
    ],
    ids=range(7),
)
def test_a_hostile_file_does_not_take_long(tmp_path: Path, content: str) -> None:
    import time

    build(tmp_path, {"/home/ada/.pgpass": File(content)})
    started = time.process_time()
    searched(tmp_path, Identifiers(), environment=WITHOUT_PROGRAMS)
    assert time.process_time() - started < 6
