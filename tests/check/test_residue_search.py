"""What no operation knows is found wherever it is, and nothing else."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from support.initramfs import archive, unified_kernel_image
from support.memory import peak_of
from support.residue import (
    ADDRESS,
    ADDRESS6,
    DUID,
    HOST_KEY,
    IDENTITY,
    IQN,
    MAC,
    MACHINE_ID,
    NAME,
    SERIAL,
    WITHOUT_PROGRAMS,
    found,
    paths,
    searched,
)
from support.trees import File, Hardlink, Link, Tree, build, fingerprint

from guestseal.check.residue import contents
from guestseal.check.residue.identifiers import Identifiers
from guestseal.check.residue.needles import LONGEST
from guestseal.check.residue.runner import SUMMARY, Extent
from guestseal.check.residue.spellings import needles
from guestseal.report import Outcome

PEM = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY/PuoAoGCCqGSM49\n"
DROPBEAR = b"\0\0\0\x0bssh-ed25519\0\0\0\x40" + bytes(range(100, 164))
BOOT = {
    "etc/hostid": bytes.fromhex(MACHINE_ID),
    "etc/dropbear/dropbear_ed25519_host_key": DROPBEAR,
    "init": b"#!/bin/sh",
}

HIDDEN: Tree = {
    "/etc/os-release": File("ID=debian\n"),
    "/etc/systemd/network/.05-eth0.network": File(f"[Match]\nName=eth0\n\n[Network]\nAddress={ADDRESS}/24\n"),
    "/etc/NetworkManager/dispatcher.d/99-up": File(f'#!/bin/sh\n[ "$MAC" = {MAC.upper()} ] && exit\n', 0o755),
    "/opt/shop/conf/application.yml": File(f"server:\n  bind: {ADDRESS}:8080\n"),
    "/opt/shop/conf/v6.yml": File(f"bind: '[{ADDRESS6.upper()}]:8080'\n"),
    f"/srv/reports/{NAME}-2024.csv": File("a;b\n"),
    f"/var/lib/agent/{MACHINE_ID}/empty": File(""),
    "/usr/local/etc/peer": Link(f"/net/{NAME}/peer"),
    "/var/lib/app/state.db": File(b"SQLite format 3\0" + bytes(5000) + MAC.encode() + bytes(9)),
    "/var/lib/dhcpcd/raw": File(b"\1\1\6\0" + bytes(24) + bytes.fromhex(MAC.replace(":", "")) + bytes(10)),
    "/var/lib/dhcp/old6": File('default-duid "\\000\\001\\000\\001,\\237\\012qRT\\000\\253\\235\\357";\n'),
    "/root/known": File(f"[other]:22 ssh-ed25519 {HOST_KEY}\n"),
    "/home/ada/.cache/x": File(f"{IQN}\nserial {SERIAL.lower()}\n"),
    "/home/ada/key": Hardlink("/etc/ssl/server.key"),
    "/etc/ssl/server.key": File(PEM, 0o600),
    "/boot/initrd.img-6.1": File(archive({"kernel/x86/microcode/x.bin": b"\1"}) + bytes(8) + archive(BOOT, "zstd")),
    "/boot/EFI/Linux/debian.efi": File(
        unified_kernel_image({".cmdline": b"quiet systemd.machine_id=" + MACHINE_ID.encode()})
    ),
}
EXPECTED = {
    ("ip-address", "/etc/systemd/network/.05-eth0.network"),
    ("mac-address", "/etc/NetworkManager/dispatcher.d/99-up"),
    ("ip-address", "/opt/shop/conf/application.yml"),
    ("ip-address", "/opt/shop/conf/v6.yml"),
    ("host-name", f"/srv/reports/{NAME}-2024.csv"),
    ("machine-id", f"/var/lib/agent/{MACHINE_ID}"),
    ("host-name", "/usr/local/etc/peer"),
    ("mac-address", "/var/lib/app/state.db"),
    ("mac-address", "/var/lib/dhcpcd/raw"),
    ("mac-address", "/var/lib/dhcp/old6"),
    ("host-key", "/root/known"),
    ("iscsi-initiator", "/home/ada/.cache/x"),
    ("firmware-identity", "/home/ada/.cache/x"),
    ("private-key", "/etc/ssl/server.key"),
    ("private-key", "/home/ada/key"),
    ("machine-id", "/boot/initrd.img-6.1: etc/hostid"),
    ("private-key", "/boot/initrd.img-6.1: etc/dropbear/dropbear_ed25519_host_key"),
    ("machine-id", "/boot/EFI/Linux/debian.efi: .cmdline"),
}


PADDING = b"padding\n" * 1000


@pytest.fixture
def hidden(tmp_path: Path) -> Path:
    build(tmp_path, HIDDEN)
    return tmp_path


def test_everything_that_is_hidden_where_no_operation_looks_is_found(hidden: Path) -> None:
    assert found(searched(hidden)) == EXPECTED


def test_without_any_program_the_same_is_found_but_for_what_was_not_looked_into(hidden: Path) -> None:
    entries = searched(hidden, environment=WITHOUT_PROGRAMS)
    image = "/boot/initrd.img"
    told = {(kind, path) for kind, path in found(entries) if not path.startswith(image)}
    assert told == {(kind, path) for kind, path in EXPECTED if not path.startswith(image)}
    assert [finding.what for finding in entries[SUMMARY].findings] == [
        "not searched: not looked into: zstd is not installed"
    ]


@pytest.mark.parametrize("behaviour", ["exit 1", "exit 0", "exec sleep 0.1", "echo /proc/self/fd/3"])
def test_a_grep_that_cannot_be_relied_on_is_not(
    hidden: Path, tmp_path_factory: pytest.TempPathFactory, behaviour: str
) -> None:
    programs = tmp_path_factory.mktemp("programs")
    for name, said in (("grep", behaviour), ("zstd", 'exec /usr/bin/zstd "$@"')):
        (programs / name).write_text(f"#!/bin/sh\n{said}\n")
        (programs / name).chmod(0o755)
    assert found(searched(hidden, environment={"PATH": f"{programs}:/usr/bin:/bin"})) == EXPECTED


def test_nothing_is_changed_and_no_value_is_told(hidden: Path) -> None:
    before = fingerprint(hidden)
    entries = searched(hidden)
    assert fingerprint(hidden) == before
    said = repr([entry for name, entry in entries.items() if name not in (SUMMARY, "host-name", "machine-id")])
    for value in (MAC, ADDRESS, ADDRESS6, HOST_KEY, IQN, DUID, SERIAL, PEM[40:80]):
        assert value.lower() not in said.lower()


def test_a_finding_tells_the_line_and_the_same_fingerprint_for_the_same_value(hidden: Path) -> None:
    entries = searched(hidden)
    lines = {finding.path: finding.line for finding in entries["ip-address"].findings}
    assert lines["/etc/systemd/network/.05-eth0.network"] == 5
    assert lines["/opt/shop/conf/application.yml"] == 2
    key, again = entries["private-key"].findings[1:]
    assert key.fingerprint == again.fingerprint != ""
    assert len(key.fingerprint) == 8


def test_entries_say_what_is_left_by_kind(hidden: Path) -> None:
    entries = searched(hidden)
    assert {(entry.outcome, entry.section) for name, entry in entries.items() if name != SUMMARY} == {
        (Outcome.LEFT, "residue")
    }
    assert entries["mac-address"].kind == "identity"
    assert entries["private-key"].kind == "secret"
    assert entries[SUMMARY].outcome is Outcome.PASSED


def test_what_an_operation_takes_away_is_left_out(hidden: Path) -> None:
    entries = searched(hidden, covered=lambda path: path.startswith(("/opt/", "/boot/")))
    assert found(entries) == {(kind, path) for kind, path in EXPECTED if not path.startswith(("/opt/", "/boot/"))}


def test_nothing_outside_the_tree_is_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    build(outside, {"/secret": File(PEM + MAC)})
    tree = tmp_path / "tree"
    tree.mkdir()
    build(
        tree, {"/etc/out": Link(str(outside / "secret")), "/home": Link(str(outside)), "/srv/up": Link("../../outside")}
    )
    assert found(searched(tree)) == set()


@pytest.mark.parametrize("home", ["/var/home", "/data/home"])
def test_a_directory_that_is_a_link_inside_the_tree_is_searched_once(tmp_path: Path, home: str) -> None:
    build(tmp_path, {"/home": Link(home), f"{home}/ada/.config": File(f"mac={MAC}\n")})
    entries = searched(tmp_path)
    assert [finding.path for finding in entries["mac-address"].findings] == [f"{home}/ada/.config"]


def test_the_long_and_the_short_name_in_one_line_are_one_finding(tmp_path: Path) -> None:
    build(tmp_path, {"/etc/app.conf": File(f"# {NAME}\nhost = {NAME}.example.org, {NAME}\n")})
    assert [finding.line for finding in searched(tmp_path)["host-name"].findings] == [1, 2]


@pytest.mark.parametrize("size", [1, 977, LONGEST, LONGEST + 1, 3 * LONGEST])
def test_the_size_of_the_pieces_makes_no_difference(size: int) -> None:
    longer = b"a" + MAC.replace(":", "").encode()
    lines = (MAC.encode() if number % 700 == 0 else longer + b"x" * (number % 5) for number in range(4000))
    content = b"\n".join(lines)
    every = needles("mac-address", MAC)
    cut = (content[at : at + size] for at in range(0, len(content), size))
    assert [hit.line for hit in contents.search(cut, every)] == [1, 701, 1401, 2101, 2801, 3501]


def test_sockets_fifos_and_devices_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    os.mkfifo(tmp_path / f"etc/{NAME}.fifo")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "etc/socket"))
        entries = searched(tmp_path)
    assert found(entries) == {("host-name", f"/etc/{NAME}.fifo")}


def test_a_file_that_is_too_large_or_cannot_be_looked_into_is_said(tmp_path: Path) -> None:
    build(tmp_path, {"/srv/disk.img": File(MAC + "x" * 5000), "/boot/initrd.img-1": File("no archive " + MAC)})
    entries = searched(tmp_path, extent=Extent(largest=4096))
    assert entries[SUMMARY].outcome is Outcome.WARNED
    assert {finding.path for finding in entries[SUMMARY].findings} == {"/srv/disk.img", "/boot/initrd.img-1"}
    assert found(entries) == {("mac-address", "/boot/initrd.img-1")}


def test_a_password_has_no_fingerprint_by_which_it_could_be_guessed(tmp_path: Path) -> None:
    build(
        tmp_path,
        {
            "/opt/app.conf": File("db = postgres://app:hunter2hunter@db.example/app\n"),
            "/opt/key": File(PEM),
            "/opt/bin": File(b"\0\0mysql://app:correct-horse@db.example/x\0\0mysql://app:battery-staple@db/x\0"),
        },
    )
    entries = searched(tmp_path)
    told = {(finding.path, finding.fingerprint) for finding in entries["stored-password"].findings}
    assert told == {("/opt/app.conf", ""), ("/opt/bin", "")}
    assert entries["stored-password"].found == 3
    assert all(finding.fingerprint for finding in entries["private-key"].findings)


def test_other_directories_can_be_searched(tmp_path: Path) -> None:
    build(tmp_path, {"/data/app.conf": File(MAC)})
    assert found(searched(tmp_path)) == set()
    assert paths(searched(tmp_path, extent=Extent(directories=("/data",))), ["mac-address"]) == {"/data/app.conf"}


def test_a_value_that_lies_across_two_pieces_is_found_once_and_in_its_line(tmp_path: Path) -> None:
    rows = (1 << 16) - 1
    files = {
        f"/etc/{shift:02}": File(
            b"0123456789abcde\n" * rows + b"x" * shift + b" " + MAC.encode() + b"\n" + PADDING + MAC.encode()
        )
        for shift in range(0, 24, 5)
    }
    build(tmp_path, files)
    told = [(finding.path, finding.line) for finding in searched(tmp_path)["mac-address"].findings]
    assert told == [(path, line) for path in sorted(files) for line in (rows + 1, rows + 1002)]


def test_very_many_places_in_one_file_are_told_by_the_first_ones(tmp_path: Path) -> None:
    build(tmp_path, {"/var/log/app": File(f"{MAC}\n" * 50_000)})
    entries = searched(tmp_path)
    assert [finding.line for finding in entries["mac-address"].findings] == [*range(1, contents.NAMED + 1)]


def test_memory_does_not_grow_with_a_file_or_with_their_number(tmp_path: Path) -> None:
    build(tmp_path, {f"/var/lib/many/{number:04}": File("x" * 3000) for number in range(3000)})
    (tmp_path / "etc").mkdir()
    with (tmp_path / "etc/big").open("wb") as file:
        for _ in range(64):
            file.write(b"password list " * 75_000 + MAC.encode())
    assert peak_of(lambda: searched(tmp_path)) < 24 << 20


def test_descriptors_are_given_back(hidden: Path) -> None:
    (hidden / "srv/many").mkdir()
    for number in range(700):
        (hidden / f"srv/many/{number}").write_text("x")
    searched(hidden)
    before = set(os.listdir("/proc/self/fd"))
    searched(hidden)
    assert set(os.listdir("/proc/self/fd")) == before


def test_names_with_any_bytes_are_told(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    with open(os.fsencode(tmp_path) + b"/etc/\xff\n" + NAME.encode(), "w") as file:
        file.write(MAC)
    assert {kind for kind, _ in found(searched(tmp_path))} == {"host-name", "mac-address"}


def test_without_anything_known_only_secrets_are_searched_for_and_that_is_said(hidden: Path) -> None:
    entries = searched(hidden, Identifiers())
    assert set(entries) == {"private-key", SUMMARY}
    assert "--remember" in entries[SUMMARY].detail


def test_filesystems_are_searched_for_only_where_they_need_not_be(tmp_path: Path) -> None:
    uuid = "3f2a9c1e-77aa-4c0b-9a55-0c1d2e3f4a5b"
    build(
        tmp_path,
        {
            "/etc/fstab": File(f"UUID={uuid} / ext4 defaults 0 1\n"),
            "/boot/grub/grub.cfg": File(f"search --fs-uuid {uuid}\n"),
            "/opt/backup.conf": File(f"target={uuid.upper()}\n"),
        },
    )
    identity = Identifiers.of([("filesystem-uuid", uuid)])
    assert found(searched(tmp_path, identity)) == {("filesystem-uuid", "/opt/backup.conf")}


def test_the_summary_says_what_was_searched_for(hidden: Path) -> None:
    detail = searched(hidden)[SUMMARY].detail
    assert "searched for machine-id, host-name, mac-address, ip-address" in detail
    assert "zaphod" not in detail + repr(IDENTITY)
