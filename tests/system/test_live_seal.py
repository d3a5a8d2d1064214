"""Sealing a running Debian in a container: what the session and the shutdown write is swept as well."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.containers import Container
from support.debian import base, dirty, guestseal, install, run, view

pytestmark = pytest.mark.system

TYPED = "s3cret-typed-on-the-console"


@pytest.fixture(params=["bookworm"])
def master(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A template master with guestseal installed, dirtied, and never sealed; cron was disabled by its administrator."""
    with view(base(request.param), tmp_path / "master") as tree:
        install(tree)
        dirty(tree)
        run("systemctl", "--root", tree, "disable", "cron.service")
        yield tree


def _log_in(box: Container) -> None:
    box.expect("login: ")
    box.say("root")
    box.expect("Password: ")
    box.say("template-password")
    box.expect(r"root@\S+:~# ")


def _seal_from_the_console(tree: Path, *options: str) -> tuple[Container, float]:
    with Container(tree) as box:
        _log_in(box)
        box.say(f"export TOKEN={TYPED}; logger a line of the journal {TYPED}")
        box.expect(r"root@\S+:~# ")
        start = time.monotonic()
        box.say(f"guestseal seal --yes --force {' '.join(options)}")
        box.wait(timeout=120)
    return box, time.monotonic() - start


def _readable(tree: Path) -> Iterator[tuple[Path, bytes]]:
    for top in ("root", "home", "var", "etc", "tmp"):
        for path in (tree / top).rglob("*"):
            if path.is_file() and not path.is_symlink():
                yield path, path.read_bytes()


def test_from_the_console_to_power_off(master: Path) -> None:
    box, seconds = _seal_from_the_console(master, "--poweroff")
    assert seconds < 60, box.output[-3000:]
    record = json.loads((master / "var/lib/guestseal/sealed.json").read_text())
    assert record["swept"] is True, box.output[-3000:]
    assert not (master / "var/lib/guestseal/sealing.json").exists()
    for gone in ("root/.bash_history", "var/lib/systemd/random-seed", "etc/udev/rules.d/70-persistent-net.rules"):
        assert not (master / gone).exists(), gone
    assert not list((master / "etc/ssh").glob("ssh_host_*"))
    assert not list((master / "var/log/journal").glob("*/*"))
    assert (master / "etc/machine-id").read_bytes() == b""
    assert (master / "etc/hostname").read_text() == "localhost\n"
    assert (master / "var/log/wtmp").stat().st_size == 0
    assert [path for path, content in _readable(master) if TYPED.encode() in content] == []
    assert guestseal("--root", master, "check", "--only", "leftovers,residue", "--strict").returncode == 0


@pytest.mark.parametrize("master", ["bookworm", "trixie"], indirect=True)
def test_any_other_power_off_sweeps_as_well_and_a_clone_keeps_what_was_decided(master: Path) -> None:
    with Container(master) as box:
        _log_in(box)
        box.say("guestseal seal --yes --force; guestseal status; guestseal check; echo $HOME=$?")
        box.expect("guestseal status: prepared")
        box.expect("/root=")
        box.say("systemctl poweroff")
        box.wait()
    assert guestseal("--root", master, "check", "--only", "leftovers,residue").returncode == 0
    with Container(master) as clone:
        _log_in_with_a_change(clone)
        clone.say("systemctl is-enabled cron ssh; ls /etc/ssh/*_key | wc -l; wc -c < /etc/machine-id; guestseal status")
        seen = clone.expect("guestseal status: [a-z ]+")
        clone.say("poweroff")
        clone.wait()
    assert seen.split("guestseal status\r\n")[-1].split()[:4] == ["disabled", "enabled", "3", "33"], seen


def test_files_under_mount_points_are_cleaned_too(master: Path) -> None:
    with Container(master) as box:
        _log_in(box)
        box.say("mount -t tmpfs tmpfs /var/log && ls /var/log && guestseal seal --yes --force --poweroff")
        box.wait()
    assert (master / "var/lib/guestseal/sealed.json").exists(), box.output[-3000:]
    assert (master / "var/log/app/app.log").read_bytes() == b""
    assert not (master / "var/log/syslog.1").exists()
    assert guestseal("--root", master, "check", "--only", "leftovers,residue", "--strict").returncode == 0


def test_disarmed_the_shutdown_seals_nothing(master: Path) -> None:
    with Container(master) as box:
        _log_in(box)
        box.say("guestseal seal --yes --force && guestseal disarm; guestseal status")
        box.expect("guestseal status: this machine was not sealed")
        box.say("poweroff")
        box.wait()
    assert not (master / "var/lib/guestseal/sealed.json").exists()
    assert not (master / "var/lib/guestseal/sealing.json").exists()
    assert (master / "root/.bash_history").exists()


def test_a_power_cut_after_the_command_leaves_no_seal_and_says_so(master: Path) -> None:
    with Container(master) as box:
        _log_in(box)
        box.say("guestseal seal --yes --force")
        box.expect("guestseal seal: prepared")
    assert not (master / "var/lib/guestseal/sealed.json").exists()
    assert guestseal("--root", master, "status", accept=(1,)).returncode == 1
    with Container(master) as clone:
        clone.expect("the seal of the template did not come to its end")
        clone.expect("login: ")


def test_a_concern_refuses_and_changes_nothing(master: Path) -> None:
    with Container(master) as box:
        _log_in(box)
        box.say("guestseal seal --yes; echo status=$?")
        seen = box.expect("status=3")
        assert "container:" in seen
        box.say("cat /etc/machine-id; poweroff")
        box.expect("0123456789abcdef0123456789abcdef")
        box.wait()


def _log_in_with_a_change(box: Container) -> None:
    box.expect("login: ")
    box.say("root")
    box.expect("Password: ")
    box.say("template-password")
    box.expect("(?i)current password: ")
    box.say("template-password")
    for _ in range(2):
        box.expect("(?i)new password: ")
        box.say("A-new-one-4-me")
    box.expect(r"root@\S+:~# ")


def test_nothing_but_a_shutdown_sweeps(master: Path) -> None:
    with Container(master) as box:
        _log_in(box)
        box.say("guestseal seal --yes --force; systemctl isolate multi-user.target; sleep 1; echo $HOME-isolated")
        box.expect("/root-isolated", timeout=60)
        box.say("guestseal finalize; echo $HOME=$?; guestseal status")
        assert "not being shut down" in box.expect("/root=3")
        box.expect("guestseal status: prepared")
        assert (master / "var/lib/guestseal/sealing.json").exists()
        box.say("systemctl isolate poweroff.target")
        box.wait()
    assert json.loads((master / "var/lib/guestseal/sealed.json").read_text())["swept"] is True, box.output[-3000:]


def test_the_sweep_does_what_the_command_was_told_by_a_file_of_its_own(master: Path) -> None:
    (master / "srv/own.conf").write_text("[seal]\noperations = defaults,-logs\nroot-password = keep\n")
    (master / "var/log/app/app.log").write_text("a line\n")
    before = (master / "etc/shadow").read_text()
    with Container(master) as box:
        _log_in(box)
        box.say("guestseal --config /srv/own.conf seal --yes --force --poweroff")
        box.wait()
    assert (master / "var/lib/guestseal/sealed.json").exists(), box.output[-3000:]
    assert (master / "var/log/app/app.log").read_text() == "a line\n"
    assert (master / "etc/shadow").read_text() == before


@pytest.mark.parametrize(("options", "stage"), [("--lift-immutable", "sealed"), ("", "incomplete")])
def test_a_file_under_a_mount_point_that_resists_is_no_less_than_any_other(
    master: Path, options: str, stage: str
) -> None:
    hidden = master / "var/log/app/app.log"
    run("chattr", "+i", hidden)
    try:
        with Container(master) as box:
            _log_in(box)
            box.say(f"mount -t tmpfs tmpfs /var/log && guestseal seal --yes --force --poweroff {options}")
            box.wait()
        assert (hidden.read_bytes() == b"") is (stage == "sealed"), box.output[-3000:]
    finally:
        run("chattr", "-i", hidden)
    assert (master / "var/lib/guestseal/sealed.json").exists() is (stage == "sealed")
    if stage == "incomplete":
        assert json.loads((master / "var/lib/guestseal/sealing.json").read_text())["stage"] == stage
        assert "under mount points" in box.output


@pytest.mark.parametrize(
    ("line", "after_the_sweep", "before_it"),
    [
        # An NFS /home waits for the network, for which the sweep does not wait, lest a DHCP client outlives it.
        ("tmpfs /home tmpfs _netdev 0 0", "tmp.mount", "networking.service"),
        # systemd.mount(5): with nofail, nothing but the sweep itself keeps it from being unmounted before.
        ("/srv /home none bind,nofail 0 0", "home.mount", "networking.service"),
    ],
    ids=["network", "nofail"],
)
def test_the_sweep_has_its_place_between_the_network_and_the_disks(
    master: Path, line: str, after_the_sweep: str, before_it: str
) -> None:
    with (master / "etc/fstab").open("a") as fstab:
        fstab.write(f"{line}\n")
    with Container(master) as box:
        _log_in(box)
        box.say("findmnt /home && guestseal seal --yes --force --poweroff")
        box.wait()
    before, _, after = box.output.partition("Stopping guestseal-finalize.service")
    assert f"Stopped {before_it}" in before, box.output[-4000:]
    assert f"Unmounted {after_the_sweep}" in after, box.output[-4000:]
    assert (master / "var/lib/guestseal/sealed.json").exists()
