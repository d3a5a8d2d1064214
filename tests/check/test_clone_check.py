"""A booted clone against the seal record: what of the template's identity it still has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.trees import File, build

from guestseal.check import clone, verdict
from guestseal.cli import main
from guestseal.errors import Refused
from guestseal.guest.identity import read_identity
from guestseal.guest.root import Root
from guestseal.guest.seal_record import Preparation, begin, finish, read_record
from guestseal.guest.tree import Tree
from guestseal.report import Outcome

UUID = "11111111-2222-3333-4444-555555555555"
TEMPLATE_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ000000000000000000000000000000000000000000 root@master\n"
OTHER_KEY = TEMPLATE_KEY.replace("0000", "1111")


def guest(machine_id: str, hostname: str, key: str) -> dict[str, File]:
    return {
        "/etc/os-release": File("ID=debian\n"),
        "/etc/machine-id": File(f"{machine_id}\n"),
        "/etc/hostname": File(f"{hostname}\n"),
        "/etc/ssh/ssh_host_ed25519_key.pub": File(key),
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A clone that still has the whole identity of its template."""
    build(tmp_path, guest("a" * 32, "master", TEMPLATE_KEY))
    with Root(str(tmp_path)) as tree:
        preparation = Preparation().knowing(read_identity(tree), UUID)
        begin(tree, preparation)
        finish(tree, preparation, {}, swept=True)
    return tmp_path


def outcomes(root: Path, system_uuid: str | None = None) -> dict[str, Outcome]:
    with Tree(str(root)) as tree:
        return {entry.name: entry.outcome for entry in clone.entries(tree, read_record(tree), system_uuid)}


def test_a_clone_with_an_identity_of_its_own_passes(root: Path) -> None:
    (root / "etc/machine-id").write_text("b" * 32 + "\n")
    (root / "etc/hostname").write_text("clone\n")
    (root / "etc/ssh/ssh_host_ed25519_key.pub").write_text(OTHER_KEY)
    assert set(outcomes(root).values()) == {Outcome.PASSED}
    assert main(["--root", str(root), "check", "--clone", "--only", "clone", "-q"]) == 0


def test_every_value_of_the_template_is_found(root: Path) -> None:
    assert outcomes(root) == dict.fromkeys(
        ("machine-id", "host-key-ed25519", "hostname", "dhcp-identity"), Outcome.FAILED
    )


def test_one_value_is_enough_to_fail(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "etc/machine-id").write_text("b" * 32 + "\n")
    (root / "etc/hostname").write_text("clone\n")
    assert outcomes(root)["host-key-ed25519"] is Outcome.FAILED
    assert main(["--root", str(root), "check", "--clone", "--only", "clone", "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["msg"] == "NOT reset: host-key-ed25519"
    assert "master" not in json.dumps(document)


def test_a_clone_without_what_its_template_had_has_not_made_it_anew(root: Path) -> None:
    (root / "etc/machine-id").write_text("")
    (root / "etc/ssh/ssh_host_ed25519_key.pub").unlink()
    (root / "etc/hostname").unlink()
    found = outcomes(root)
    assert (found["machine-id"], found["host-keys"]) == (Outcome.WARNED, Outcome.WARNED)
    # What follows from the machine-id, and a name, a clone may well be without.
    assert (found["dhcp-identity"], found["hostname"]) == (Outcome.SKIPPED, Outcome.SKIPPED)


def test_a_host_key_of_another_type_is_one(root: Path) -> None:
    (root / "etc/ssh/ssh_host_ed25519_key.pub").unlink()
    (root / "etc/ssh/ssh_host_rsa_key.pub").write_text(OTHER_KEY)
    assert outcomes(root)["host-key-rsa"] is Outcome.PASSED
    assert "host-keys" not in outcomes(root)


def test_a_name_that_many_machines_have_is_no_identity(tmp_path: Path) -> None:
    build(tmp_path, guest("a" * 32, "localhost", TEMPLATE_KEY))
    with Root(str(tmp_path)) as tree:
        preparation = Preparation().knowing(read_identity(tree), UUID)
        begin(tree, preparation)
        finish(tree, preparation, {}, swept=True)
    assert outcomes(tmp_path)["hostname"] is Outcome.SKIPPED


def test_the_template_itself_and_what_was_never_sealed_are_refused(root: Path) -> None:
    with pytest.raises(Refused, match="template master itself"):
        outcomes(root, UUID)
    (root / "var/lib/guestseal/sealed.json").unlink()
    with pytest.raises(Refused, match="no clone of a sealed template"):
        outcomes(root)


def test_the_verdict_of_a_clone(root: Path) -> None:
    with Tree(str(root)) as tree:
        report = verdict.report(list(clone.entries(tree, read_record(tree), None)), [], strict=False)
    assert report.exit_code == 1
    assert report.message.startswith("NOT reset: machine-id, host-key-ed25519")
