"""User data on real systemd: the script runs after the boot that started it, and once."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from support.containers import INTERFACES, Container, network, platform
from support.debian import base, dirty, guestseal, install, view

pytestmark = pytest.mark.system

SCRIPT = """#!/bin/sh
echo "$HOME $(id -un) $(systemctl is-active multi-user.target guestseal-firstboot.service | tr '\\n' ' ')" >> /ran
"""


def test_a_script_runs_once_when_the_boot_has_ended_and_nothing_waits_for_it(tmp_path: Path) -> None:
    said = {"instance_id": "i-0123456789abcdef0", "hostname": "web1", "user_data": SCRIPT}
    with view(base(), tmp_path / "template") as tree, network() as (lab, clone), platform(lab, tmp_path, "ec2", **said):
        install(tree)
        dirty(tree)
        (tree / "etc/network/interfaces").write_text(INTERFACES)
        (tree / "etc/guestseal").mkdir(exist_ok=True)
        (tree / "etc/guestseal/guestseal.conf").write_text("[firstboot]\nuser-data = run\n")
        guestseal("--root", tree, "seal", "--yes")
        ran = tree / "ran"
        with Container(tree, namespace=clone) as box:
            box.expect("web1 login: ")
            end = time.monotonic() + 30
            while not ran.exists() or not ran.read_text():
                assert time.monotonic() < end, box.output[-4000:]
                time.sleep(0.1)
        assert ran.read_text() == "/root root active active \n"
        with Container(tree, namespace=clone) as box:
            box.expect("web1 login: ")
            time.sleep(3)  # as long as it took on the first boot, and more
        assert len(ran.read_text().splitlines()) == 1
