"""Why a path goes or stays, as `guestseal explain` tells it; and what the command line says of findings."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from support.operation_cases import SYSTEMD
from support.trees import File, build, fingerprint

from guestseal.cli import main
from guestseal.errors import UsageError
from guestseal.seal.profiles import choices
from guestseal.settings import Settings, merge

GUEST = {
    **SYSTEMD,
    "/etc/os-release": File("ID=debian\n"),
    "/etc/passwd": File("root:x:0:0:root:/root:/bin/sh\nkim:x:1000:1000::/srv/kim:/bin/sh\n"),
    "/etc/machine-id": File("0123456789abcdef0123456789abcdef\n"),
    "/etc/ssh/moduli": File("primes\n"),
    "/etc/ssh/ssh_host_rsa_key": File("key\n", 0o600),
    "/usr/sbin/sshd": File("ELF", 0o755),
    "/srv/kim/.bash_history": File("ls\n"),
    "/var/log/installer/syslog": File("x\n"),
    "/var/log/messages": File("x\n"),
}


@pytest.fixture
def guest(tmp_path: Path) -> Path:
    build(tmp_path, GUEST)
    return tmp_path


def explained(guest: Path, path: str, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    before = fingerprint(guest)
    assert main(["--root", str(guest), "--format", "json", "explain", path]) == 0
    assert fingerprint(guest) == before
    report: dict[str, object] = json.loads(capsys.readouterr().out)
    return report


@pytest.mark.parametrize(
    ("path", "operation", "does"),
    [
        ("/etc/machine-id", "machine-id", "truncate /etc/machine-id"),
        ("/srv/kim/.bash_history", "histories", "remove /srv/kim/.bash_history"),
        ("/srv/kim/.zsh_history", "histories", "nothing to do there now"),
        ("/var/log/installer/syslog", "installer-files", "remove /var/log/installer"),
        ("/var/log/messages", "logs", "truncate /var/log/messages"),
    ],
)
def test_it_names_the_operation_and_what_it_would_do(
    path: str, operation: str, does: str, guest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = explained(guest, path, capsys)
    (found,) = [each for each in report["operations"] if each["operation"] == operation]  # type: ignore[attr-defined]
    assert (found["does"], found["selected"]) == (does, True)
    assert found["why"]
    assert report["protected"] is None


def test_it_says_which_guard_keeps_it(guest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (guest / "lib/systemd/systemd").unlink()
    (guest / "sbin/init").unlink()
    (found,) = explained(guest, "/etc/ssh/ssh_host_rsa_key", capsys)["operations"]  # type: ignore[misc]
    assert found["operation"] == "ssh-host-keys"
    assert found["kept"].startswith("nothing in this guest would make new ones")


def test_a_protected_path_is_kept_on_purpose(guest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = explained(guest, "/etc/ssh/moduli", capsys)
    assert str(report["msg"]).startswith("/etc/ssh/moduli is kept on purpose: it stays as it is: it is no key")


def test_a_path_that_nobody_knows_stays(guest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (guest / "opt/unknown").mkdir(parents=True)
    report = explained(guest, "/opt/unknown", capsys)
    assert report["msg"] == "no operation knows /opt/unknown: it stays as it is"
    assert report["operations"] == []


def test_of_a_directory_it_says_who_knows_what_is_below_it(guest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (guest / "var/lib/mysql").mkdir(parents=True)
    below = "what is below it, to mysql-certificates, mysql-server-uuid"
    for path in ("/var/lib/mysql", "/var/lib/mysql/"):
        assert explained(guest, path, capsys)["msg"] == f"{path} itself is known to no operation; {below}"
    message = str(explained(guest, "/srv/kim", capsys)["msg"])
    assert re.search(r"; what is below it, to \d+ operations$", message)


def test_of_a_path_that_is_not_there_it_is_not_said_that_it_stays(
    guest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = explained(guest, "/opt/unknown", capsys)
    assert report["msg"] == "nothing is at /opt/unknown, and no operation knows it by name"


def test_a_protected_path_that_is_edited_in_its_place_says_by_what(
    guest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (guest / "etc/hosts").write_text("127.0.1.1 master\n")
    message = str(explained(guest, "/etc/hosts", capsys)["msg"])
    assert (
        message
        == "/etc/hosts is kept on purpose, though known to hostname: it stays in its place: it holds what others wrote"
    )


def test_a_path_on_no_disk_is_an_answer_and_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", "/", "explain", "/proc/1"]) == 0
    assert "/proc/1 does not belong to the disk" in capsys.readouterr().out


def test_an_operation_that_cannot_look_is_not_said_to_know_the_path(
    guest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for top in ("var/log", "srv/kim"):
        for each in sorted((guest / top).rglob("*"), reverse=True):
            each.rmdir() if each.is_dir() else each.unlink()
    (guest / "srv/kim").rmdir()
    (guest / "srv/kim").symlink_to("kim")
    assert main(["--root", str(guest), "explain", "/etc/ssh/moduli"]) == 0
    said = capsys.readouterr().out
    assert "cannot tell" not in said
    assert "known to" not in said


@pytest.mark.skipif(os.geteuid() != 0, reason="anybody else is told to be root")
def test_root_is_told_why_an_operation_could_not_look(guest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(guest / "etc/shadow")
    assert main(["--root", str(guest), "explain", "/etc/machine-id"]) == 0
    said = capsys.readouterr().out
    assert said.count("/etc/shadow: not a regular file: never opened") == 1
    assert "run it as root" not in said


def test_a_path_that_is_none_is_an_error(guest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(guest), "explain", "etc/machine-id"]) == 2
    assert "an absolute path is wanted" in capsys.readouterr().err


def test_a_selection_that_begins_with_a_dash_is_a_word_of_its_own(
    guest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["--operations", "-logs"], ["--operations=-logs"]):
        assert main(["--root", str(guest), "--format", "json", "seal", "-n", *words]) == 0
        names = [entry["name"] for entry in json.loads(capsys.readouterr().out)["entries"]]
        assert "logs" not in names
        assert "histories" in names
    with pytest.raises(SystemExit):
        main(["seal", "--operations", "--yes"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "expire"),
        ("operations = public-image", "lock"),
        ("operations = public-image,-logs", "lock"),
        ("operations = private-template", "expire"),
        ("operations = all,-public-image", "expire"),
        ("operations = public-image\nroot-password = keep", "keep"),
    ],
)
def test_a_public_image_has_no_password_of_roots_unless_a_setting_says_so(text: str, expected: str) -> None:
    settings = merge(Settings(), f"[seal]\n{text}\n", "a file")
    assert choices(settings)["root-password"] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "keep"),
        ("operations = public-image", "lock"),
        ("operations = private-template", "keep"),
        ("operations = public-image\nuser-passwords = keep", "keep"),
    ],
)
def test_a_public_image_has_no_password_of_anybodys_unless_a_setting_says_so(text: str, expected: str) -> None:
    settings = merge(Settings(), f"[seal]\n{text}\n", "a file")
    assert choices(settings)["user-passwords"] == expected


def test_the_accounts_to_remove_are_given_to_operations() -> None:
    settings = merge(Settings(), "[seal]\nremove-users = packer, vagrant\n", "a file")
    assert choices(settings)["remove-users"] == "packer vagrant"


@pytest.mark.parametrize("name", ["../x", "a/b", "-rf", "1000", "*", "a:b", "."])
def test_what_is_no_name_of_an_account_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="names of accounts"):
        merge(Settings(), f"[seal]\nremove-users = {name}\n", "a file")


def test_a_public_image_is_sealed_with_roots_password_locked(guest: Path) -> None:
    (guest / "etc/shadow").write_text("root:$6$salt$hash:19000:0:99999:7:::\n")
    assert main(["--root", str(guest), "seal", "--yes", "--operations", "root-password,public-image,-logs"]) == 0
    assert (guest / "etc/shadow").read_text() == "root:*:19000:0:99999:7:::\n"
    assert (guest / "var/log/messages").read_text() == "x\n"
