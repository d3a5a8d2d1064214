"""A platform that comes up when the clone has booted: asked again in the background until it has said everything."""

from __future__ import annotations

import json
import select
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.containers import INTERFACES, Container, network, platform, ssh
from support.debian import base, dirty, guestseal, install, run, view

pytestmark = pytest.mark.system

BUDGET = 4
LOGIN_WITHIN = 30.0
"""Seconds to the login prompt: the budget, and the boot of a container on a busy machine."""
DELIVERED_WITHIN = 120.0
"""Seconds for the first two attempts: pauses of 15 and 30, 10 of chance each, and the budget."""
STATE = (
    "guestseal status --format json; systemctl is-active guestseal-retry.timer; systemctl is-failed guestseal-retry; "
    "systemctl show guestseal-retry.timer -p NextElapseUSecMonotonic; hostname"
)


@pytest.fixture
def template(tmp_path: Path) -> Iterator[Path]:
    """A sealed template on a network where nobody answers, with a key for looking in."""
    with view(base(), tmp_path / "template") as tree:
        install(tree)
        dirty(tree)
        guestseal("--root", tree, "seal", "--yes")
        (tree / "etc/network/interfaces").write_text(INTERFACES)
        (tree / "etc/guestseal/guestseal.conf").write_text(f"[firstboot]\nbudget = {BUDGET}\n")
        yield tree


@pytest.mark.parametrize("limit", ["", "TimeoutStartSec=2"], ids=["degraded", "stopped"])
def test_Y9_a_platform_that_comes_up_late_still_delivers(template: Path, tmp_path: Path, limit: str) -> None:
    (template / "etc/systemd/system/guestseal-firstboot.service.d").mkdir()
    (template / "etc/systemd/system/guestseal-firstboot.service.d/limit.conf").write_text(f"[Service]\n{limit}\n")
    key = tmp_path / "owner"
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
    public = key.with_suffix(".pub").read_text().strip()
    said = {"instance_id": "6b1f2c3e-0000-4000-8000-000000000001", "hostname": "late1", "ssh_keys": [public]}
    started = time.monotonic()
    with network() as (lab, clone), Container(template, namespace=clone) as box:
        box.expect("localhost login: ")
        assert time.monotonic() - started < LOGIN_WITHIN
        assert json.loads((template / "var/lib/guestseal/state.json").read_text())["finished"] is False
        with platform(lab, tmp_path, "cloudstack", password="Moldy-Pa:ss 1", **said):
            status, *rest = _once_let_in(lab, key)
            assert status["status"] == "done", status
            assert status["source"] == "cloudstack"
            assert rest == ["inactive", "inactive", "NextElapseUSecMonotonic=infinity", "late1"]
            box.say("root")
            box.expect("Password: ")
            box.say("Moldy-Pa:ss 1")
            box.expect("root@")
            box.say("poweroff")
            box.wait()
    state = json.loads((template / "var/lib/guestseal/state.json").read_text())
    assert (state["finished"], state["steps"]["password"]["confirmed"]) == (True, True)


def test_what_was_told_of_the_boot_stands_while_it_asks_again_and_then_it_gives_up(template: Path) -> None:
    (template / "etc/guestseal/guestseal.conf").write_text("[firstboot]\nbudget = 2\nretry-for = 10\n")
    run("chroot", template, "chpasswd", input="root:x\n")
    run("chroot", template, "passwd", "--quiet", "--mindays", "0", "root")
    with network() as (_, clone), Container(template, namespace=clone) as box:
        box.expect("localhost login: ")
        box.say("root")
        box.expect("Password: ")
        box.say("x")
        box.expect("root@localhost:~# ")
        box.say("guestseal status; systemctl is-active guestseal-retry.timer")
        # In the lines of a terminal.
        assert "no source answered" in " ".join(box.expect("\nactive").split())
        # Nothing is said of an attempt on the console, where somebody is logged in.
        box.say(
            "while systemctl -q is-active guestseal-retry.timer; do guestseal status; sleep 0.2; done; echo ga''ve up"
        )
        seen = box.expect("gave up", timeout=DELIVERED_WITHIN)
        assert "being personalised" not in seen
        assert "nobody answered" not in seen
        box.say("journalctl -o cat -u guestseal-retry | grep -c 'asking ends'")
        box.expect("\n1\r")


def _once_let_in(lab: str, key: Path) -> tuple[dict[str, object], ...]:
    """What the clone says of itself, line by line after its status, as soon as the platform's key opens it."""
    end = time.monotonic() + DELIVERED_WITHIN
    while True:
        done = ssh(lab, key, STATE)
        if done.stdout:
            status, length = json.JSONDecoder().raw_decode(done.stdout)
            rest = done.stdout[length:].split()
            # The attempt that brought the key may still be at work.
            if (status["status"] != "degraded" and "activating" not in rest) or time.monotonic() > end:
                return status, *rest
        assert time.monotonic() < end, done.stderr
        select.select([], [], [], 1.0)
