"""On a real Debian, nothing is found of a machine that it never was, and no secret but its own host keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.debian import base, dirty, guestseal, view
from support.residue import ADDRESS, MAC, NAME, WITHOUT_PROGRAMS, found, searched

from guestseal.check.residue.identifiers import Identifiers
from guestseal.check.residue.runner import SUMMARY, Extent
from guestseal.guest.facts import Guest
from guestseal.guest.mounts import within
from guestseal.guest.seal_record import read_record
from guestseal.guest.tree import Tree
from guestseal.report import Outcome
from guestseal.seal.runner import chosen, survey

pytestmark = pytest.mark.system


def _planned(root: Path) -> tuple[str, ...]:
    """What a seal would take away."""
    with Tree(str(root)) as tree:
        return tuple(path for entry in survey(chosen("defaults"), Guest(tree), every_path=True) for path in entry.paths)


@pytest.mark.parametrize("environment", [None, WITHOUT_PROGRAMS], ids=["grep", "python"])
def test_a_pristine_debian_raises_no_alarm(environment: dict[str, str] | None) -> None:
    root = base()
    planned = _planned(root)
    entries = searched(root, covered=lambda path: any(within(path, each) for each in planned), environment=environment)
    assert found(entries) == set()
    assert entries[SUMMARY].outcome is Outcome.PASSED


def test_its_own_host_keys_are_the_only_secret() -> None:
    keys = {f"/etc/ssh/ssh_host_{kind}_key" for kind in ("ecdsa", "ed25519", "rsa")}
    assert found(searched(base())) == {("private-key", key) for key in keys}


def test_what_is_hidden_in_it_is_found_in_spite_of_sealing(tmp_path: Path) -> None:
    with view(base(), tmp_path) as root:
        (root / "etc/network/if-up.d/zz-own").write_text(f"#!/bin/sh\nip neigh add {ADDRESS} lladdr {MAC} dev eth0\n")
        (root / f"var/lib/dpkg/info/{NAME}.list").write_text("/.\n")
        guestseal("--root", root, "seal", "--yes")
        assert found(searched(root)) == {
            ("ip-address", "/etc/network/if-up.d/zz-own"),
            ("mac-address", "/etc/network/if-up.d/zz-own"),
            ("host-name", f"/var/lib/dpkg/info/{NAME}.list"),
        }


def test_the_record_of_a_seal_recognises_nothing_in_what_was_sealed(tmp_path: Path) -> None:
    with view(base(), tmp_path) as root:
        dirty(root)
        guestseal("--root", root, "seal", "--yes")
        with Tree(str(root)) as tree:
            extent = Extent(record=read_record(tree))
        assert "machine-id" in searched(root, Identifiers(), extent=extent)[SUMMARY].detail
        assert found(searched(root, Identifiers(), extent=extent)) == set()
