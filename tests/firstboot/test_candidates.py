"""Which sources are asked first: the firmware orders, the setting chooses."""

from __future__ import annotations

import pytest
from support.machine import machine

from guestseal.catalog import names
from guestseal.errors import UsageError
from guestseal.firstboot.candidates import DEFAULTS, ON_REQUEST, PACKAGE, make, waves
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings

QEMU = Firmware(vendor="QEMU", product="Standard PC (Q35 + ICH9, 2009)")


def test_every_source_is_asked_by_default_or_on_request():
    assert sorted((*DEFAULTS, *ON_REQUEST)) == names(PACKAGE)


def test_the_one_that_the_firmware_names_comes_first_and_none_is_forbidden():
    first, second = waves(machine(firmware=Firmware(vendor="Amazon EC2")), Settings())
    assert "ec2" in first and "cloudstack" in second
    assert sorted(first + second) == sorted(DEFAULTS)


@pytest.mark.parametrize("firmware", [QEMU, Firmware()], ids=["hypervisor", "nothing"])
def test_where_the_firmware_names_no_platform_both_families_are_asked_at_once(firmware):
    first, _ = waves(machine(firmware=firmware), Settings())
    assert {"cloudstack", "ec2"} <= set(first)


def test_a_name_that_does_not_exist_is_refused_with_the_file_and_the_nearest_one():
    settings = Settings(sources="cloudstak", origin={"sources": "/etc/guestseal/guestseal.conf"})
    with pytest.raises(UsageError, match=r"/etc/guestseal/guestseal.conf: .*did you mean cloudstack"):
        waves(machine(), settings)


def test_all_can_be_made():
    assert [source.name for source in make(DEFAULTS, machine(), Settings())] == list(DEFAULTS)
