"""systemctl behind one door, against what systemd 252 on Debian 12 answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from guestseal.errors import CommandError
from guestseal.machine.commands import Commands
from guestseal.machine.host import Machine
from guestseal.machine.services import Services, Unit, mount_unit

SHOWN = """\
LoadState=loaded
ActiveState=active
UnitFileState=enabled

LoadState=not-found
ActiveState=inactive
UnitFileState=

LoadState=loaded
ActiveState=activating
UnitFileState=static

LoadState=masked
ActiveState=inactive
UnitFileState=masked
"""


@pytest.fixture
def runtime(tmp_path: Path) -> Path:
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    return tmp_path / "run"


def services(runtime: Path, script: str = "") -> Services:
    """systemctl as ``script``; every call is noted in ``called``."""
    place = runtime.parent / "bin"
    place.mkdir()
    if script:
        program = place / "systemctl"
        program.write_text(f'#!/bin/sh\necho "$*" >> {runtime.parent}/called\n{script}\n')
        program.chmod(0o755)
    path = f"{place}:/usr/bin:/bin" if script else str(place)
    return Services(Commands({"PATH": path}), runtime=str(runtime))


def called(runtime: Path) -> list[str]:
    return (runtime.parent / "called").read_text().splitlines()


def test_units_have_the_state_systemctl_shows(runtime):
    asked = services(runtime, f"cat <<'END'\n{SHOWN}END")
    ssh, missing, starting, masked = asked.units("ssh.service", "no.service", "boot.service", "ssh.socket")
    assert ssh == Unit("ssh.service", "loaded", "active", "enabled")
    assert (ssh.loaded, ssh.running, ssh.enabled) == (True, True, True)
    assert missing == Unit("no.service", "not-found", "inactive", "")
    assert (missing.loaded, missing.running, missing.enabled) == (False, False, False)
    assert (starting.loaded, starting.running, starting.enabled) == (True, True, False)
    assert (masked.loaded, masked.running, masked.enabled) == (False, False, False)
    asks = "show --property=LoadState --property=ActiveState --property=UnitFileState"
    assert called(runtime) == [f"{asks} -- ssh.service no.service boot.service ssh.socket"]


def test_what_has_failed_is_named(runtime):
    lines = "kdump.service loaded failed failed Crash recovery\nsrv-a\\x2db.mount loaded failed failed /srv/a-b\n"
    asked = services(runtime, f"cat <<'END'\n{lines}END")
    assert asked.failed() == ("kdump.service", "srv-a\\x2db.mount")
    assert called(runtime)[0].startswith("list-units --state=failed --all --full --plain --no-legend")


def test_nothing_has_failed(runtime):
    assert services(runtime, "true").failed() == ()
    (runtime / "systemd/system").rmdir()
    assert Services(Commands({"PATH": "/nonexistent"}), runtime=str(runtime)).failed() == ()


@pytest.mark.parametrize(
    ("word", "enabled"), [("enabled", True), ("generated", True), ("disabled", False), ("", False)]
)
def test_enabled_is_what_starts_at_boot(runtime, word, enabled):
    asked = services(runtime, f"printf 'LoadState=loaded\\nActiveState=failed\\nUnitFileState={word}\\n'")
    assert asked.enabled("a.service") is enabled
    assert asked.active("a.service") is False


def test_an_answer_to_another_question_is_not_taken(runtime):
    with pytest.raises(CommandError, match="4 answers to 2 questions"):
        services(runtime, f"cat <<'END'\n{SHOWN}END").units("a.service", "b.service")


@pytest.mark.parametrize(
    ("said", "status", "state"),
    [
        ("running", 0, "running"),
        ("degraded", 1, "degraded"),
        ("starting", 1, "starting"),
        ("offline", 1, None),
        ("unknown", 1, None),
    ],
)
def test_the_systems_state(runtime, said, status, state):
    assert services(runtime, f"echo {said}; exit {status}").system_state() == state


def test_stopping_waits_as_long_as_it_may(runtime):
    asked = services(runtime, "exit 0")
    assert asked.stop(["a.service", "b.service"], wait=5) is True
    assert asked.stop(["a.service"], wait=0) is True
    assert asked.stop([], wait=5) is True
    assert called(runtime) == [
        "--no-ask-password stop -- a.service b.service",
        "--no-ask-password --no-block stop -- a.service",
    ]


def test_what_does_not_exist_is_stopped_and_cannot_be_started(runtime):
    said = 'echo "Failed to $2 no.service: Unit no.service not loaded." >&2; exit 5'
    asked = services(runtime, said)
    assert asked.stop(["no.service"], wait=5) is True
    with pytest.raises(CommandError, match=r"Failed to start no\.service"):
        asked.start(["no.service"], wait=5)


def test_a_unit_that_does_not_stop_in_time_is_an_error(runtime):
    with pytest.raises(CommandError, match="did not end within 1 s"):
        services(runtime, "exec sleep 60").stop(["slow.service"], wait=0.6)


def test_starting(runtime):
    asked = services(runtime, "exit 0")
    assert asked.start(["guestseal-finalize.service"], wait=10) is True
    assert called(runtime) == ["--no-ask-password start -- guestseal-finalize.service"]


def test_reloading_is_asked_for_and_what_does_not_exist_has_nothing_to_take_up(runtime):
    assert services(runtime, "exit 5").reload(["ssh.service", "no.service"]) is True
    assert called(runtime) == ["--no-ask-password --no-block try-reload-or-restart -- ssh.service no.service"]


def test_without_systemd_nothing_is_asked_or_told(tmp_path):
    (tmp_path / "run").mkdir()
    asked = services(tmp_path / "run", "exit 1")
    assert asked.managed is False
    assert asked.units("ssh.service") == ()
    assert asked.reload(["ssh.service"]) is False
    assert asked.enabled("ssh.service") is False
    assert asked.active("ssh.service") is False
    assert asked.system_state() is None
    assert asked.stop(["ssh.service"], wait=5) is False
    assert asked.start(["ssh.service"], wait=5) is False
    assert not (tmp_path / "called").exists()


def test_a_missing_systemctl_is_an_error_where_systemd_runs(runtime):
    with pytest.raises(CommandError, match="systemctl: not run"):
        services(runtime).units("ssh.service")


def test_the_machine_has_services():
    assert Machine().services.managed is Path("/run/systemd/system").is_dir()


@pytest.mark.parametrize(
    ("point", "name"),
    [
        ("/home", "home.mount"),
        ("/mnt/my data", r"mnt-my\x20data.mount"),
        ("/.snap/a-b", r"\x2esnap-a\x2db.mount"),
        ("/mnt//x/.y/", "mnt-x-.y.mount"),
        ("/한", r"\xed\x95\x9c.mount"),
        ("/", "-.mount"),
    ],
)
def test_a_mount_point_has_the_unit_that_systemd_escape_names(point, name):
    assert mount_unit(point) == name


def test_a_unit_is_stopped_before_mount_points_until_power_off(runtime):
    services(runtime, "exit 0").stop_before_unmounting("x.service", ["/home", "/srv/a-b"], wait=5)
    drop_in = runtime / "systemd/system/x.service.d/mounts.conf"
    assert drop_in.read_text() == "[Unit]\nAfter=home.mount srv-a\\x2db.mount\n"
    assert called(runtime) == ["daemon-reload"]
