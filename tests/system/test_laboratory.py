"""The clone laboratory with containers: the quick variant of tests/vm/test_vm_laboratory.py."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from laboratory.kinds import Containers
from laboratory.laboratory import CLOUDSTACK_CLONES, EC2_CLONES, LATE_CLONES, OPENSTACK_CLONES, run
from support import packages

pytestmark = pytest.mark.system

LOG = logging.getLogger("guestseal.laboratory")


def test_clones_of_one_sealed_master_on_every_kind_of_platform(tmp_path: Path) -> None:
    package = packages.build("deb", tmp_path / "package")
    table = run(Containers(tmp_path), package, [[EC2_CLONES, CLOUDSTACK_CLONES, OPENSTACK_CLONES, LATE_CLONES]])
    LOG.info("%s", table)
    assert table.all_proved, str(table)
