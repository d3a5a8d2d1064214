"""What the console of a clone shows: bounded, in ASCII, and in the words that tools look for."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from support.clones import CloneTree, clone_tree
from support.trees import File

from guestseal.firstboot.summary import last_line, lines
from guestseal.report import Entry, Outcome

BLOCKS = re.compile(r"-----BEGIN SSH HOST KEY (\w+)-----\n(.*?)-----END SSH HOST KEY \1-----\n", re.DOTALL)
ENTRIES = (Entry("hostname", Outcome.DONE), Entry("ssh-keys", Outcome.CLEAN), Entry("password", Outcome.FAILED))
ANSWERED = {"source": "ec2", "address": "169.254.169.254:80", "remarks": []}
LOCKED = File("root:*:19000:0:99999:7:::\n", 0o640)


def show(tree: CloneTree, facts: dict[str, object], entries: tuple[Entry, ...] = ENTRIES) -> str:
    clone = tree.clone()
    try:
        return "\n".join([*lines(clone, entries, facts), ""])
    finally:
        clone.root.close()


def attempts(count: int, address: str = "192.0.2.{}:80", answer: str = "timed out") -> dict[str, object]:
    made = [{"source": "ec2", "address": address.format(number), "answer": answer} for number in range(count)]
    return {"attempts": made}


def host_keys(tree: CloneTree, *paths: str, comment: str = "") -> None:
    kinds = {"rsa": ["-b", "2048"], "ecdsa": ["-b", "384"], "ed25519": []}
    for path in paths:
        kind = next((kind for kind in kinds if kind in path), "ed25519")
        place = Path(f"{tree.path}{path}")
        place.parent.mkdir(parents=True, exist_ok=True)
        words = ["ssh-keygen", "-q", "-t", kind, *kinds[kind], "-N", "", "-C", comment, "-f", str(place)]
        subprocess.run(words, check=True, timeout=60)


def test_it_says_who_the_machine_is_and_who_said_so(tmp_path: Path) -> None:
    text = show(clone_tree(tmp_path, {"/etc/hostname": File("web1\n")}), ANSWERED)
    assert BLOCKS.sub("", text).split("\n") == [
        "guestseal: this machine is web1",
        "metadata: ec2 at 169.254.169.254:80",
        "root: password expired, 0 SSH keys",
        "done: hostname",
        "failed: password",
        "",
    ]


def test_what_was_not_believed_is_told(tmp_path: Path) -> None:
    text = show(clone_tree(tmp_path), {**ANSWERED, "remarks": ["10.1.1.1:8080: no answer about a password"]})
    assert "\n  10.1.1.1:8080: no answer about a password\n" in text


def test_when_nobody_answered_it_says_who_was_asked_and_what_still_opens_the_machine(tmp_path: Path) -> None:
    text = show(clone_tree(tmp_path), attempts(2))
    assert "metadata: nobody answered" in text
    assert "\n  ec2 at 192.0.2.0:80: timed out\n  ec2 at 192.0.2.1:80: timed out\n" in text
    assert "\naccess: the sealed template's password may be the only one\n" in text


def test_a_machine_that_nothing_opens_is_told_of(tmp_path: Path) -> None:
    text = show(clone_tree(tmp_path, {"/etc/shadow": LOCKED}), attempts(1))
    assert "\naccess: neither a password nor a key is known to open this machine\n" in text
    assert "login:" not in show(clone_tree(tmp_path / "answered", {"/etc/shadow": LOCKED}), ANSWERED)


@pytest.mark.parametrize("count", [0, 5, 6, 64])
def test_it_is_never_longer_than_twelve_lines_of_eighty_columns_of_ascii(tmp_path: Path, count: int) -> None:
    hostile = attempts(count, "h\u00fcte\x1b[2J\n{}" + "x" * 100, "timed out " * 20)
    tree = clone_tree(tmp_path, {"/etc/hostname": File("n" * 200 + "\u2028\n")})
    entries = tuple(Entry(f"step-{number}", outcome) for number in range(20) for outcome in Outcome)
    text = BLOCKS.sub("", show(tree, hostile, entries))
    rows = [*text.splitlines(), last_line(1.0, 999.0, "cloudstack")]
    assert len(rows) <= 12
    assert all(len(row) <= 80 and row.isascii() and row.isprintable() for row in rows)
    assert "and 60 more: guestseal status --long" in text or count != 64


def test_host_keys_are_shown_as_ssh_keygen_shows_them(tmp_path: Path) -> None:
    tree = clone_tree(tmp_path)
    names = ("rsa", "ecdsa", "ed25519")
    host_keys(tree, *(f"/etc/ssh/ssh_host_{name}_key" for name in names))
    blocks = dict(BLOCKS.findall(show(tree, ANSWERED)))
    files = [tmp_path / f"etc/ssh/ssh_host_{name}_key.pub" for name in names]
    said = [subprocess.run(["ssh-keygen", "-l", "-f", file], capture_output=True, check=True).stdout for file in files]
    assert blocks["FINGERPRINTS"].encode() == b"".join(said)
    assert blocks["KEYS"].splitlines() == [file.read_text().strip() for file in files]


def test_only_the_keys_that_sshd_loads_are_shown_wherever_they_are(tmp_path: Path) -> None:
    config = File("HostKey /etc/ssh/keys/mine\nHostKey /etc/ssh/missing\n")
    tree = clone_tree(tmp_path, {"/etc/ssh/sshd_config": config})
    host_keys(tree, "/etc/ssh/keys/mine", "/etc/ssh/ssh_host_ecdsa_key", comment="a \u00fc comment " + "c" * 80)
    blocks = dict(BLOCKS.findall(show(tree, ANSWERED)))
    assert re.fullmatch(r"256 SHA256:\S{43} a \\xfc comment  \(ED25519\)\n", blocks["FINGERPRINTS"])
    assert len(blocks["FINGERPRINTS"]) == 81
    assert blocks["KEYS"].startswith("ssh-ed25519 ")
    assert blocks["KEYS"].isascii()


@pytest.mark.parametrize("blob", ["AAAA", "AAAAC3NzaC1lZDI1NTE5", "////", "=", "%"])
def test_a_broken_public_key_is_left_out(tmp_path: Path, blob: str) -> None:
    tree = clone_tree(tmp_path, {"/etc/ssh/ssh_host_rsa_key.pub": File(f"ssh-rsa {blob}\n")})
    assert dict(BLOCKS.findall(show(tree, ANSWERED)))["KEYS"] == ""


def test_the_last_line_says_when_it_was_over_by_whose_word_and_how_long_it_took() -> None:
    said = last_line(1700000000.9, 5.0, "ec2")
    assert said == "guestseal finished at 2023-11-14T22:13:20Z. Source ec2. Up 5.00 seconds"
    assert last_line(0.0, 12.345, None) == "guestseal finished at 1970-01-01T00:00:00Z. Source none. Up 12.35 seconds"
