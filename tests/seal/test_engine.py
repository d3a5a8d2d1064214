"""The engine with operations made for it: what it refuses, reports, counts, and how little it remembers."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.memory import peak_of
from support.trees import Dir, File, Link, Tree, build, fingerprint

from guestseal.catalog import Item
from guestseal.errors import GuestError
from guestseal.guest.actions import Action, Edit, Remove, Replace, SetMode, Truncate
from guestseal.guest.facts import Guest
from guestseal.guest.protected import PROTECTED, Keep, protection
from guestseal.guest.root import Root
from guestseal.report import Entry, Finding, Outcome
from guestseal.seal import runner
from guestseal.seal.operation import Guard, Kind, Operation, Profile
from guestseal.seal.profiles import members

GUEST: Tree = {
    "/etc/os-release": File("ID=debian\n"),
    "/etc/passwd": File("root:x:0:0:root:/root:/bin/sh\n"),
    "/etc/ssh/moduli": File("primes\n"),
    "/etc/ssh/ssh_host_rsa_key": File("key\n", 0o600),
    "/etc/hosts": File("127.0.0.1 localhost\n"),
    "/var/log/audit/audit.log": File("line\n"),
    "/opt/agent/id": File("id\n"),
    "/opt/agent/log": File("line\n"),
    "/srv/ssh": Link("/etc/ssh"),
    "/tmp/x": File("x\n"),
}


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Root]:
    build(tmp_path, GUEST)
    with Root(str(tmp_path)) as opened:
        yield opened


def item(operation: Operation, name: str = "made-for-this-test") -> Item[Operation]:
    return Item(name, "A heading", "A manual.", operation)


def doing(*actions: Action) -> Operation:
    return Operation(kind=Kind.IDENTITY, also=lambda guest: actions)


def survey(root: Root, operation: Operation) -> Entry:
    (entry,) = runner.survey([item(operation)], Guest(root))
    return entry


def apply(root: Root, operation: Operation) -> Entry:
    (entry,) = runner.apply([item(operation)], Guest(root), root)
    return entry


@pytest.mark.parametrize(
    "operation",
    [
        Operation(kind=Kind.IDENTITY, remove=("/opt/agent/id", "/etc/ssh/*")),
        Operation(kind=Kind.IDENTITY, remove=("/opt/agent/id",), truncate=("/etc/ssh/moduli",)),
        Operation(kind=Kind.IDENTITY, remove=("/opt/agent/id",), empty=("/etc/ssh",)),
        Operation(kind=Kind.CLUTTER, empty=("/opt/agent", "/var/log")),
        doing(Remove("/opt/agent/id"), Remove("/etc/ssh")),
        doing(Remove("/opt/agent/id"), Remove("/etc/ssh/moduli", secret=True)),
        doing(Remove("/opt/agent/id"), Remove("/srv/ssh/moduli")),
        doing(Remove("/opt/agent/id"), Remove("/etc")),
        doing(Remove("/opt/agent/id"), Remove("/tmp")),
        doing(Replace("/etc/ssh/moduli", b"other")),
        doing(Edit("/etc/ssh/moduli", b"primes\n", b"fewer\n")),
        doing(Truncate("/etc/passwd")),
        doing(SetMode("/etc/ssh/moduli", 0o600)),
        doing(Replace("/etc/hosts", b"")),
        Operation(kind=Kind.IDENTITY, first=lambda guest: [Truncate("/opt/agent/log"), Remove("/etc/passwd")]),
    ],
)
def test_an_operation_that_reaches_a_protected_path_fails_and_does_nothing(
    operation: Operation, root: Root, tmp_path: Path
) -> None:
    before = fingerprint(tmp_path)
    for entry in (survey(root, operation), apply(root, operation)):
        assert (entry.outcome, entry.count, entry.paths) == (Outcome.FAILED, 0, ())
        assert "(protected: " in entry.detail
        assert "made-for-this-test must not touch it" in entry.detail
    assert fingerprint(tmp_path) == before


@pytest.mark.parametrize(
    "operation",
    [
        Operation(kind=Kind.CLUTTER, empty=("/var/log/audit", "/tmp")),
        Operation(kind=Kind.IDENTITY, remove=("/etc/ssh/ssh_host_*",)),
        doing(Edit("/etc/hosts", b"127.0.0.1 localhost\n", b"127.0.0.1 localhost other\n")),
        doing(Remove("/opt/agent")),
        doing(SetMode("/etc/passwd", 0o644)),
    ],
)
def test_what_lies_beside_a_protected_path_is_done(operation: Operation, root: Root) -> None:
    entry = apply(root, operation)
    assert (entry.outcome, entry.detail) == (Outcome.DONE, "")


def test_the_protected_list_is_well_formed() -> None:
    for row in PROTECTED:
        assert row.pattern.startswith("/")
        assert "**" not in row.pattern
        assert row.why
        assert row.fact
    assert len({row.pattern for row in PROTECTED if row.keep is Keep.WHOLE}) == sum(
        row.keep is Keep.WHOLE for row in PROTECTED
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/etc/ssh/moduli", Keep.WHOLE),
        ("/etc/hosts.allow", Keep.WHOLE),
        ("/boot/loader/entries/0123-6.1.conf", Keep.WHOLE),
        ("/boot/loader/entries/0123-0-rescue.conf", None),
        ("/boot/vmlinuz-6.1", Keep.WHOLE),
        ("/boot/vmlinuz-0-rescue-0123", None),
        ("/etc/udev/rules.d/66-azure-storage.rules", Keep.WHOLE),
        ("/etc/firewalld/zones/public.xml", Keep.WHOLE),
        ("/var/spool/postfix/deferred", Keep.PLACE),
        ("/var/spool/postfix/deferred/A/A123", None),
        ("/etc/ssh/ssh_host_rsa_key", None),
        ("/etc/machine-id", None),
        ("/", None),
    ],
)
def test_which_paths_are_protected(path: str, expected: Keep | None) -> None:
    row = protection(path)
    assert (None if row is None else row.keep) is expected


def test_what_is_found_is_reported_and_left_alone(root: Root, tmp_path: Path) -> None:
    finding = Finding("/opt/agent/id", "holds a licence", "ask for another one")
    operation = Operation(kind=Kind.SECRET, findings=lambda guest: [finding])
    before = fingerprint(tmp_path)
    for entry in (survey(root, operation), apply(root, operation)):
        assert (entry.outcome, entry.findings, entry.found) == (Outcome.WARNED, (finding,), 1)
        assert entry.warnings == ("made-for-this-test: /opt/agent/id: holds a licence; ask for another one",)
        assert entry.to_json()["findings"] == [finding.to_json()]
    assert fingerprint(tmp_path) == before


def test_an_operation_acts_on_one_thing_and_reports_another(root: Root) -> None:
    finding = Finding("/opt/agent/log", "names other machines", "look at it")
    operation = Operation(kind=Kind.SECRET, remove=("/opt/agent/id",), findings=lambda guest: [finding])
    entry = apply(root, operation)
    assert (entry.outcome, entry.count, entry.found) == (Outcome.DONE, 1, 1)


def test_a_finding_that_cannot_be_looked_for_stops_no_seal(root: Root) -> None:
    def look(guest: Guest) -> Iterator[Finding]:
        yield Finding("/a", "is there", "remove it")
        raise GuestError("/b", "more than 10 bytes")

    entry = apply(root, Operation(kind=Kind.SECRET, findings=look))
    assert entry.outcome is Outcome.WARNED
    assert [finding.path for finding in entry.findings] == ["/a", "/b"]


def test_what_a_guard_keeps_is_counted(root: Root, tmp_path: Path) -> None:
    guard = Guard(lambda guest: False, "nobody could log in")
    operation = Operation(kind=Kind.IDENTITY, remove=("/opt/agent/*",), needs=(guard,))
    before = fingerprint(tmp_path)
    for entry in (survey(root, operation), apply(root, operation)):
        assert (entry.outcome, entry.count) == (Outcome.KEPT, 2)
        assert entry.detail == "kept, because nobody could log in"
    assert fingerprint(tmp_path) == before


def test_very_many_errors_are_counted_and_not_kept(root: Root) -> None:
    broken = doing(*(Truncate(f"/opt/agent/{number}/..") for number in range(100)))
    entry = apply(root, broken)
    assert entry.outcome is Outcome.FAILED
    assert entry.detail.count("; ") == runner.NAMED_ERRORS
    assert entry.detail.endswith("and 80 more")


def test_a_path_that_several_patterns_match_is_planned_once(root: Root, tmp_path: Path) -> None:
    build_more = {"/opt/agent/deep/id": File(), "/opt/agent/deep/dir": Dir(), "/srv/agent": Link("/opt/agent")}
    for path, entry in build_more.items():
        Path(f"{tmp_path}{path}").parent.mkdir(exist_ok=True)
        if isinstance(entry, Link):
            Path(f"{tmp_path}{path}").symlink_to(entry.target)
        elif isinstance(entry, Dir):
            Path(f"{tmp_path}{path}").mkdir()
        else:
            Path(f"{tmp_path}{path}").touch()
    patterns = ("/opt/agent/**", "/opt/*/id", "/srv/agent/[il]*", "/opt/agent/deep/*", "/opt/agent/log")
    plan = list(Operation(kind=Kind.CLUTTER, remove=patterns).plan(Guest(root)))
    expected = ["/opt/agent/deep/dir", "/opt/agent/deep/id", "/opt/agent/id", "/opt/agent/log"]
    # ** matches no directory, so a later pattern does.
    assert sorted(action.path for action in plan) == expected


def test_memory_does_not_grow_with_what_matches(root: Root, tmp_path: Path) -> None:
    spool = tmp_path / "opt/spool"
    spool.mkdir()
    operation = Operation(kind=Kind.SECRET, remove=("/opt/none/*", "/opt/spool/*", "/opt/spool/0*"))
    peaks = []
    for start, count in ((0, 20_000), (20_000, 60_000)):
        for number in range(start, start + count):
            os.mknod(spool / f"{number:06}-with-a-name-of-some-length")
        peaks.append(peak_of(lambda: survey(root, operation)))
    # 60 000 names more, of which those beyond the first 50 000 are kept as bytes.
    assert peaks[1] - peaks[0] < 60_000 * 100, peaks


def test_the_files_to_overwrite_are_told_one_by_one(root: Root) -> None:
    guard = Guard(lambda guest: False, "no")
    kept = Operation(kind=Kind.SECRET, remove=("/tmp/x",), needs=(guard,))
    secret = Operation(kind=Kind.SECRET, remove=("/opt/agent/*",))
    public = Operation(kind=Kind.IDENTITY, also=lambda guest: [Remove("/a"), Remove("/etc/hosts", secret=True)])
    items = [item(operation) for operation in (kept, secret, public)]
    found = runner.overwritten(items, Guest(root))
    assert next(found) == "/opt/agent/id"
    assert list(found) == ["/opt/agent/log", "/etc/hosts"]


def test_an_operation_belongs_to_every_profile_unless_it_says_otherwise() -> None:
    known = {
        "plain": item(Operation(kind=Kind.CLUTTER)),
        "on-request": item(Operation(kind=Kind.CLUTTER, default=False)),
        "credentials": item(Operation(kind=Kind.SECRET, default=False, profiles=(Profile.PUBLIC,))),
    }
    assert members(known) == {"public-image": ["plain", "credentials"], "private-template": ["plain"]}


def test_an_immutable_file_is_an_error_of_that_file_alone(root: Root, tmp_path: Path) -> None:
    path = tmp_path / "opt/agent/id"
    subprocess.run(["chattr", "+i", path], check=True)
    try:
        entry = apply(root, Operation(kind=Kind.CLUTTER, remove=("/opt/agent/*",)))
    finally:
        subprocess.run(["chattr", "-i", path], check=True)
    assert (entry.outcome, entry.count, entry.paths) == (Outcome.FAILED, 1, ("/opt/agent/log",))
