"""The clone laboratory with containers: the quick variant of tests/vm/test_vm_laboratory.py."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from laboratory.kinds import Containers, FromRpm
from laboratory.laboratory import CLOUDSTACK_CLONES, EC2_CLONES, LATE_CLONES, OPENSTACK_CLONES, run
from support import packages

pytestmark = pytest.mark.system
PLATFORMS = [EC2_CLONES, CLOUDSTACK_CLONES, OPENSTACK_CLONES, LATE_CLONES]

LOG = logging.getLogger("guestseal.laboratory")


def test_clones_of_one_sealed_master_on_every_kind_of_platform(tmp_path: Path) -> None:
    package = packages.build("deb", tmp_path / "package")
    table = run(Containers(tmp_path), package, [PLATFORMS])
    LOG.info("%s", table)
    assert table.all_proved, str(table)


@pytest.mark.packages
def test_so_are_clones_with_the_files_of_the_rpm(tmp_path: Path) -> None:
    package = packages.build("rpm", tmp_path / "package")
    table = run(FromRpm(tmp_path, package), package, [PLATFORMS])
    LOG.info("%s", table)
    assert table.all_proved, str(table)
