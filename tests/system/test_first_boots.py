"""Booting clones of a sealed Debian with systemd-nspawn: the units, the order, the logins."""

from __future__ import annotations

import json
import select
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.containers import INTERFACES, Container, network, platform, ssh
from support.debian import base, changed, dirty, guestseal, install, run, snapshot, view

from guestseal.firstboot import events

pytestmark = pytest.mark.system

PROBE = """#!/bin/sh
# Look at this boot from inside, then power off.
d=/probe/$(ls /probe | wc -l)
mkdir -p $d
systemctl is-active ssh > $d/ssh
systemctl --failed --no-legend --plain > $d/failed
guestseal status --format json > $d/status
cp /etc/machine-id $d/
journalctl -b -o cat -u guestseal-local -u guestseal-firstboot > $d/journal
journalctl -b -o json -t guestseal -u guestseal-firstboot > $d/events
journalctl -b -o cat _PID=1 | grep -i 'ordering cycle' > $d/cycles
systemctl --no-block poweroff
"""
PROBE_UNIT = """[Unit]
After=multi-user.target ssh.service guestseal-firstboot.service
[Service]
Type=oneshot
ExecStart=/probe.sh
[Install]
WantedBy=graphical.target
"""


@pytest.fixture
def template(tmp_path: Path) -> Iterator[Path]:
    """A sealed template with guestseal installed, as an overlay view."""
    with view(base(), tmp_path / "template") as tree:
        install(tree)
        dirty(tree)
        guestseal("--root", tree, "seal", "--yes")
        yield tree


def _with_probe(tree: Path) -> None:
    (tree / "probe").mkdir()
    (tree / "probe.sh").write_text(PROBE)
    (tree / "probe.sh").chmod(0o755)
    (tree / "etc/systemd/system/probe.service").write_text(PROBE_UNIT)
    run("systemctl", "--root", tree, "enable", "probe.service")


def _boot_and_look(tree: Path, number: int) -> dict[str, str]:
    with Container(tree) as container:
        container.wait()
    return {path.name: path.read_text() for path in (tree / "probe" / str(number)).iterdir()}


def _of_this_machine(tree: Path) -> dict[str, tuple[object, ...]]:
    kept = ("/etc/", "/root/", "/var/lib/guestseal/")
    return {path: what for path, what in snapshot(tree).items() if path.startswith(kept)}


def test_two_boots_the_second_changes_nothing(template: Path) -> None:
    _with_probe(template)
    first = _boot_and_look(template, 0)
    status = json.loads(first["status"])
    assert (first["ssh"], first["failed"], first["cycles"]) == ("active\n", "", ""), first
    assert status["status"] == "degraded"
    assert len(first["machine-id"].strip()) == 32
    told = [json.loads(line) for line in first["events"].splitlines() if "MESSAGE_ID" in line]
    ids = (events.UNANSWERED, events.FINISHED)
    assert [(each["MESSAGE_ID"], each["_SYSTEMD_UNIT"]) for each in told if each["MESSAGE_ID"] in ids] == [
        (name, "guestseal-firstboot.service") for name in ids
    ]
    assert [line for line in first["journal"].splitlines() if line.startswith("guestseal finished at ")]
    keys = sorted(path.name for path in (template / "etc/ssh").glob("ssh_host_*_key"))
    assert keys == ["ssh_host_ecdsa_key", "ssh_host_ed25519_key", "ssh_host_rsa_key"]

    before = _of_this_machine(template)
    second = _boot_and_look(template, 1)
    assert (second["ssh"], second["failed"], second["machine-id"]) == ("active\n", "", first["machine-id"])
    assert changed(before, _of_this_machine(template)) == set()


def test_a_clone_with_keys_only_takes_a_key_login_without_a_forced_change(template: Path, tmp_path: Path) -> None:
    key = tmp_path / "owner"
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
    public = key.with_suffix(".pub").read_text().strip()
    (template / "etc/network/interfaces").write_text(INTERFACES)
    said = {"instance_id": "i-0123456789abcdef0", "hostname": "web1", "ssh_keys": [public]}
    with network() as (lab, clone), platform(lab, tmp_path, "ec2", **said), Container(template, namespace=clone) as box:
        box.expect("-----END SSH HOST KEY FINGERPRINTS-----")
        box.expect("web1 login: ")
        done = _ssh(lab, key, "id -un; hostname; guestseal query instance-id; guestseal status --format json; poweroff")
        box.wait()
    lines = done.splitlines()
    assert lines[:3] == ["root", "web1", "i-0123456789abcdef0"]
    assert json.loads("\n".join(lines[3:]))["status"] == "done"
    shadow = (template / "etc/shadow").read_text().splitlines()[0].split(":")
    assert (shadow[1], shadow[2] != "0") == ("*", True)


def test_a_clone_with_a_password_takes_it_on_the_console(template: Path, tmp_path: Path) -> None:
    (template / "etc/network/interfaces").write_text(INTERFACES)
    said = {"instance_id": "6b1f2c3e-0000-4000-8000-000000000001", "hostname": "db1", "password": "Moldy-Pa:ss 1"}
    with (
        network() as (lab, clone),
        platform(lab, tmp_path, "cloudstack", **said),
        Container(template, namespace=clone) as box,
    ):
        box.expect("db1 login: ")
        box.say("root")
        box.expect("Password: ")
        box.say("Moldy-Pa:ss 1")
        seen = box.expect(r"root@db1:~# ")
        assert "change your password" not in seen
        box.say("poweroff")
        box.wait()
    state = json.loads((template / "var/lib/guestseal/state.json").read_text())
    assert state["steps"]["password"]["confirmed"] is True
    assert "Moldy" not in box.output.replace("Moldy-Pa:ss 1\r", "")
    assert not [path for path in (template / "var").rglob("*") if path.is_file() and b"Moldy" in path.read_bytes()]


def test_a_clone_without_metadata_can_be_logged_in_to_on_the_console(template: Path) -> None:
    with Container(template) as box:
        box.expect("localhost login: ")
        box.say("root")
        box.expect("Password: ")
        box.say("template-password")
        box.expect("change your password immediately")
        box.expect("(?i)current password: ")
        box.say("template-password")
        box.expect("(?i)new password: ")
        box.say("A-new-one-4-me")
        box.expect("(?i)new password: ")
        box.say("A-new-one-4-me")
        box.expect(r"root@localhost:~# ")
        box.say("poweroff")
        box.wait()


def _ssh(lab: str, key: Path, command: str) -> str:
    """Try until the clone answers; its sshd may still be starting."""
    end = time.monotonic() + 30
    while True:
        done = ssh(lab, key, command)
        # The power-off at the command's end may take the connection away, too: 255 with an answer is no refusal.
        if done.returncode != 255 or done.stdout or time.monotonic() > end:
            assert done.returncode == 0 or done.stdout, f"{done.returncode}: {done.stderr}"
            return done.stdout
        select.select([], [], [], 0.5)
