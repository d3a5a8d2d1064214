"""A machine whose platform speaks by a drive, booted after the drive was detached."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from support.clones import CloneTree, needs_root
from support.clouds import Cloud, this_machine
from support.first_boot import boot, sealed_clone
from support.media import drives_of
from support.platforms import UUID

from guestseal.settings import Settings

pytestmark = needs_root

DRIVE = {"openstack/latest/meta_data.json": json.dumps({"uuid": UUID, "hostname": "web"})}


def with_drives(tmp_path: Path, *drives: dict[str, str], sources: str = "config-drive") -> Cloud:
    own = this_machine()
    own.media = drives_of("config-2", tmp_path / "drives", *drives)  # type: ignore[assignment]
    return Cloud(Settings(sources=sources), machine=own)


@pytest.fixture
def clone(tmp_path: Path) -> CloneTree:
    return sealed_clone(tmp_path / "clone")


def test_once_personalised_it_lacks_nothing(clone: CloneTree, tmp_path: Path) -> None:
    assert boot(clone, with_drives(tmp_path, DRIVE)).status == "done"
    without = boot(clone, with_drives(tmp_path))
    assert (without.status, without.facts.get("source")) == ("done", None)
    assert clone.read("/etc/hostname") == "web\n"


def test_before_that_it_lacks_everything(clone: CloneTree, tmp_path: Path) -> None:
    assert boot(clone, with_drives(tmp_path)).status == "degraded"


def test_a_service_that_is_asked_as_well_is_missed(clone: CloneTree, tmp_path: Path) -> None:
    assert boot(clone, with_drives(tmp_path, DRIVE)).status == "done"
    cloud = with_drives(tmp_path, sources="config-drive,ec2")
    cloud.settings = replace(cloud.settings, endpoints=(("ec2", "http://127.0.0.99:1"),))
    assert boot(clone, cloud, budget=0.6).status == "degraded"
