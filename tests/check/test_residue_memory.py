"""An identity is kept outside the guest, or recognised by the salted hashes of the seal record."""

from __future__ import annotations

import os
import stat
import subprocess
import uuid
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.residue import IDENTITY, MACHINE_ID, NAME, WITHOUT_PROGRAMS, found, searched
from support.trees import File, build

from guestseal.check.residue import memory
from guestseal.check.residue.identifiers import Identifiers
from guestseal.check.residue.runner import SUMMARY, Extent
from guestseal.errors import UsageError
from guestseal.guest.identity import read_identity
from guestseal.guest.seal_record import SealRecord
from guestseal.guest.tree import Tree

SALT = "00112233445566778899aabbccddeeff"


def _guest(tmp_path: Path) -> Path:
    root = tmp_path / "guest"
    root.mkdir(exist_ok=True)
    return root


def test_what_was_remembered_is_recalled(tmp_path: Path) -> None:
    file = tmp_path / "identity.json"
    with Tree(str(_guest(tmp_path))) as tree:
        memory.remember(str(file), IDENTITY, tree)
        memory.remember(str(file), IDENTITY, tree)
    assert set(memory.recall(str(file)).values) == set(IDENTITY.values)
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["guest", "identity.json"]


@pytest.mark.parametrize(
    "name", ["identity.json", "etc/identity.json", "../guest/identity.json", "etc/up/identity.json"]
)
def test_it_is_not_remembered_in_the_guest_itself(tmp_path: Path, name: str) -> None:
    root = _guest(tmp_path)
    (root / "etc").mkdir()
    (root / "etc/up").symlink_to(root)
    with Tree(str(root)) as tree, pytest.raises(UsageError, match="in the guest"):
        memory.remember(f"{root}/{name}", IDENTITY, tree)
    assert sorted(each.name for each in root.iterdir()) == ["etc"]


def test_on_the_running_system_only_what_is_on_no_disk_of_it_will_do(tmp_path: Path) -> None:
    volatile = Path("/dev/shm") / f"guestseal-test-{os.getpid()}.json"
    with Tree("/") as tree:
        try:
            memory.remember(str(volatile), IDENTITY, tree)
            assert set(memory.recall(str(volatile)).values) == set(IDENTITY.values)
        finally:
            volatile.unlink(missing_ok=True)
        with pytest.raises(UsageError, match="in the guest"):
            memory.remember("/etc/guestseal-test-identity.json", IDENTITY, tree)


def test_a_directory_that_is_not_there_is_an_error_of_the_user(tmp_path: Path) -> None:
    with Tree(str(_guest(tmp_path))) as tree, pytest.raises(UsageError, match="not written"):
        memory.remember(str(tmp_path / "none/identity.json"), IDENTITY, tree)


@pytest.mark.parametrize("kind", ["a fifo", "a link", "a device", "a directory"])
def test_what_is_no_file_is_not_replaced(tmp_path: Path, kind: str) -> None:
    place, target = tmp_path / "place", tmp_path / "target"
    target.write_text("")
    if kind == "a fifo":
        os.mkfifo(place)
    elif kind == "a link":
        place.symlink_to(target)
    elif kind == "a device":
        if os.geteuid() != 0:
            pytest.skip("device nodes are made by root")
        os.mknod(place, stat.S_IFCHR | 0o600, os.makedev(1, 7))
    else:
        place.mkdir()
    before = place.lstat()
    with Tree(str(_guest(tmp_path))) as tree, pytest.raises(UsageError, match="not a regular file"):
        memory.remember(str(place), IDENTITY, tree)
    assert (place.lstat().st_mode, place.lstat().st_ino) == (before.st_mode, before.st_ino)
    assert target.read_text() == ""


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"schema": 2, "identifiers": {}}',
        '{"schema": 1, "identifiers": {"host-name": [1]}}',
        '{"schema": 1, "identifiers": {"colour": ["blue-green"]}}',
        '{"schema": 1, "identifiers": {"host-name": ["a\\nb"]}}',
        '{"schema": 1, "identifiers": {"host-name": ["' + "a" * 3000 + '"]}}',
        '{"schema": 1, "identifiers": {"host-name": [' + ",".join(f'"name{n}x"' for n in range(501)) + "]}}",
        '{"schema": 1, "x": "' + "a" * (1 << 20) + '"}',
        "[" * 100_000,
    ],
    ids=range(11),
)
def test_another_file_is_not_recalled(tmp_path: Path, content: str) -> None:
    (tmp_path / "file").write_text(content)
    with pytest.raises(UsageError, match="not a file that --remember wrote"):
        memory.recall(str(tmp_path / "file"))


def test_a_fifo_and_a_missing_file_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for name in ("fifo", "none"):
        with pytest.raises(UsageError):
            memory.recall(str(tmp_path / name))


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=200) | st.builds(lambda text: b'{"schema": 1, "identifiers": ' + text, st.binary(max_size=60))
)
def test_any_bytes_are_an_identity_or_an_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "recalled"
    file.write_bytes(content)
    with suppress(UsageError):
        assert isinstance(memory.recall(str(file)), Identifiers)


@pytest.fixture
def sealed(tmp_path: Path) -> tuple[Path, SealRecord, str]:
    """A guest before it was sealed, its record as sealing would write it, and the blob of its host key."""
    root = _guest(tmp_path)
    build(root, {"/etc/machine-id": File(MACHINE_ID + "\n"), "/etc/hostname": File(f"{NAME}\n")})
    (root / "etc/ssh").mkdir()
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(root / "etc/ssh/ssh_host_ed25519_key")]
    subprocess.run(words, check=True, timeout=60)
    blob = (root / "etc/ssh/ssh_host_ed25519_key.pub").read_text().split()[1]
    with Tree(str(root)) as tree:
        identity = read_identity(tree).salted(bytes.fromhex(SALT))
    for path in ("machine-id", "hostname", "ssh/ssh_host_ed25519_key", "ssh/ssh_host_ed25519_key.pub"):
        (root / "etc" / path).unlink()
    return root, SealRecord("id", "2024-01-01T00:00:00+00:00", "1", {}, SALT, identity), blob


@pytest.mark.parametrize("environment", [None, WITHOUT_PROGRAMS], ids=["grep", "python"])
def test_the_seal_record_is_enough_to_recognise_what_is_left(
    sealed: tuple[Path, SealRecord, str], environment: dict[str, str] | None
) -> None:
    root, record, blob = sealed
    (root / "srv").mkdir()
    (root / "srv/pub").write_text(f"ssh-ed25519 {blob} root@somewhere\n")
    printed = subprocess.run(["ssh-keygen", "-l", "-f", root / "srv/pub"], capture_output=True, timeout=60).stdout
    (root / "srv/print").write_bytes(printed)
    (root / "srv/id").write_text(f"agent: 11111111222222223333333344444444\nid={MACHINE_ID}\n")
    (root / "srv/uuid").write_text(f"{uuid.UUID(MACHINE_ID)}\n")
    (root / f"srv/{MACHINE_ID}").mkdir()
    (root / "etc/agent.conf").write_text(f"# other words\nname = {NAME}.example.org; x\n")
    (root / "srv/agent.conf").write_text("name = beeblebrox\nid = 07d1a2b3c4e5f60718293a4b5c6d7e80\n")
    entries = searched(root, Identifiers(), extent=Extent(record=record), environment=environment)
    assert found(entries) == {
        ("host-key", "/srv/pub"),
        ("host-key", "/srv/print"),
        ("machine-id", "/srv/id"),
        ("machine-id", "/srv/uuid"),
        ("machine-id", f"/srv/{MACHINE_ID}"),
        ("host-name", "/etc/agent.conf"),
    }
    assert {finding.line for finding in entries["machine-id"].findings} == {0, 1, 2}
    assert "compared with the seal record" in entries[SUMMARY].detail


def test_only_what_is_recognised_is_said_to_be_compared(sealed: tuple[Path, SealRecord, str]) -> None:
    root, record, _ = sealed
    assert "DHCP identity" in record.identity
    detail = searched(root, Identifiers(), extent=Extent(record=record))[SUMMARY].detail
    assert "compared with the seal record: host key ed25519, hostname, machine-id" in detail
    assert "DHCP" not in detail


def test_nothing_is_recognised_in_a_guest_that_was_cleaned(sealed: tuple[Path, SealRecord, str]) -> None:
    root, record, _ = sealed
    (root / "etc/words").write_text("the quick brown fox jumps over 0123456789abcdef0123456789abcdee\n" * 50)
    assert found(searched(root, Identifiers(), extent=Extent(record=record))) == set()
