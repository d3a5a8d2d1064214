"""Sealing the running machine up to its shutdown: on a disk of its own, with a systemd that only listens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.disks import EXT4, as_root, disk
from support.machine import FakeCommands

from guestseal.guest.facts import Guest
from guestseal.guest.root import Root
from guestseal.guest.seal_record import Stage, read_preparation
from guestseal.machine.host import Machine
from guestseal.machine.runtime import ARMED, Runtime
from guestseal.machine.services import Services
from guestseal.report import Entry
from guestseal.scrub.canaries import NEST
from guestseal.scrub.scrub import Level
from guestseal.seal.live import LiveSealing, disarm
from guestseal.seal.sealing import Sealing

pytestmark = [as_root, pytest.mark.system]


class Killed(Exception):
    """What ends a seal at once."""


def _on_a_disk(
    tmp_path: Path, act: Callable[[Root, Machine, LiveSealing], None], *, stop: Callable[[], bool] = lambda: False
) -> None:
    runtime = tmp_path / "run"
    (runtime / "systemd/system").mkdir(parents=True)

    def mounted(top: Path) -> str:
        for name, content in {
            "etc/os-release": "ID=debian\n",
            "etc/passwd": "root:x:0:0:root:/root:/bin/bash\n",
            "etc/machine-id": "0123456789abcdef0123456789abcdef\n",
            "root/.bash_history": "secret\n",
        }.items():
            (top / name).write_text(content)
        commands = FakeCommands({"systemctl": b""})
        machine = Machine(commands=commands, runtime_directory=str(runtime / "guestseal"))
        machine.services = Services(commands, runtime=str(runtime))
        with Root(str(top)) as root:
            sealing = Sealing(Guest(root), "histories,machine-id", stop=stop)
            act(root, machine, LiveSealing(sealing, machine, {}, Level.TRIM, lambda _: None))
        return ""

    with disk(tmp_path, 96, *EXT4) as on:
        on.mounted(mounted)


def _nests(root: Root) -> list[str]:
    return [path for top in ("/", "/etc/", "/root/", "/home/", "/var/log/") for path in root.glob(f"{top}{NEST}")]


def test_it_leaves_a_prepared_template_that_can_be_disarmed(tmp_path: Path) -> None:
    def act(root: Root, machine: Machine, live: LiveSealing) -> None:
        assert not live.run(root, lambda _: None).failed
        preparation = read_preparation(root)
        assert preparation is not None
        assert preparation.stage is Stage.PREPARED
        assert len(_nests(root)) == 4
        assert disarm(root, machine).changed
        assert (read_preparation(root), _nests(root)) == (None, [])

    _on_a_disk(tmp_path, act)


def test_what_is_mounted_with_nofail_stays_mounted_until_the_sweep(tmp_path: Path) -> None:
    def act(root: Root, machine: Machine, live: LiveSealing) -> None:
        lines = "UUID=1 / ext4 defaults 0 1\nUUID=2 /home ext4 nofail 0 2\nserver:/ /srv nfs nofail 0 0\n"
        Path(root.path, "etc/fstab").write_text(lines)
        assert not live.run(root, lambda _: None).failed
        drop_in = tmp_path / "run/systemd/system/guestseal-finalize.service.d/mounts.conf"
        assert drop_in.read_text() == "[Unit]\nAfter=home.mount\n"

    _on_a_disk(tmp_path, act)


def test_disarming_an_image_leaves_the_running_machine_armed(tmp_path: Path) -> None:
    def act(root: Root, machine: Machine, live: LiveSealing) -> None:
        live.run(root, lambda _: None)
        assert disarm(root, None).changed
        assert Runtime(machine.runtime_directory).read_secret(ARMED) is not None

    _on_a_disk(tmp_path, act)


def test_killed_in_the_middle_disarming_leaves_nothing_of_it(tmp_path: Path) -> None:
    def die(_: Entry) -> None:
        raise Killed

    def act(root: Root, machine: Machine, live: LiveSealing) -> None:
        with pytest.raises(Killed):
            live.run(root, die)
        preparation = read_preparation(root)
        assert preparation is not None
        assert preparation.stage is Stage.BEGUN
        disarm(root, machine)
        assert (read_preparation(root), _nests(root)) == (None, [])

    _on_a_disk(tmp_path, act)


def test_a_seal_that_fails_leaves_nothing_of_the_scrub(tmp_path: Path) -> None:
    def act(root: Root, machine: Machine, live: LiveSealing) -> None:
        assert live.run(root, lambda _: None).failed
        assert _nests(root) == []
        assert Runtime(machine.runtime_directory).read_secret(ARMED) is None

    _on_a_disk(tmp_path, act, stop=lambda: True)
