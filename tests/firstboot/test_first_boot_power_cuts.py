"""The power fails before every single change a first boot makes: the next boots end where it would have ended."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from support.children import every_cut
from support.clones import TEMPLATE_HASH, CloneTree, FixedClock, clone_tree, needs_root
from support.machine import machine
from support.platforms import PASSWORD, UUID, WEB, Routers, start_routers
from support.trees import Entry, File, read

from guestseal.firstboot.boot import Boot
from guestseal.firstboot.state import STATE, load_state
from guestseal.firstboot.steps.network.password import STEP as PASSWORD_STEP
from guestseal.guest.accounts.shadow import entry
from guestseal.guest.root import Root
from guestseal.guest.seal_record import SEALED, SealRecord
from guestseal.guest.ssh.private_keys import public_half
from guestseal.machine.commands import Commands
from guestseal.machine.crypt import verify
from guestseal.machine.firmware import Firmware

pytestmark = needs_root

ROUTER = "127.0.0.1"
SEAL = "0a3f6a2e-0000-4000-8000-000000000001"
HOST_KEY = "/etc/ssh/ssh_host_ed25519_key"
TEMPLATES = "the template's\n"
USERS = b"what the user chose"
ENOUGH = 100
VARIES = {HOST_KEY, f"{HOST_KEY}.pub", "/etc/shadow", STATE}
"""Files of which two boots of two clones make two contents."""


@dataclass
class Lab:
    """Clones of one template, and the router that all of them ask."""

    routers: Routers
    memory: Path

    @property
    def router(self) -> Any:
        return self.routers.by_host[ROUTER]

    def make(self, path: Path) -> CloneTree:
        """A clone that has not booted yet; its password waits at the router."""
        self.router.set_password(ROUTER, PASSWORD)
        changes: dict[str, Entry | None] = {
            SEALED: File(SealRecord(SEAL, "2024-10-04T00:00:00+00:00", "1", {}, "00" * 16).to_json(), 0o600),
            "/etc/ssh/sshd_config": File(f"UsePAM yes\nHostKey {HOST_KEY}\n"),
            HOST_KEY: File(TEMPLATES, 0o600),
            f"{HOST_KEY}.pub": File(TEMPLATES),
        }
        vm = clone_tree(path, changes)
        vm.settings = self.routers.settings(sources="cloudstack")
        return vm

    def boot(self, vm: CloneTree) -> None:
        """One boot, both stages, with a /run of its own."""
        own = machine(firmware=Firmware(uuid=UUID), clock=FixedWall(), commands=Commands())
        with Root(str(vm.path)) as root, tempfile.TemporaryDirectory(dir=self.memory) as run:
            own.runtime_directory = run
            boot = Boot(root, own, vm.settings, live=False)
            assert not boot.local().failed
            assert public_half(vm.read(HOST_KEY).encode()) is not None, (
                "the network stage starts with no key of its own"
            )
            report = boot.network()
            assert not report.failed, report

    def copy(self, vm: CloneTree, name: str) -> CloneTree:
        """The same disk in another machine."""
        path = self.memory / name
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(vm.path, path, symlinks=True)
        return replace(vm, path=path)


class FixedWall(FixedClock):
    """Every boot is on one day."""

    def __init__(self) -> None:
        super().__init__(20000 * 86400.0)


@pytest.fixture
def lab() -> Iterator[Lab]:
    """In memory: hundreds of boots with all their fsyncs."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as directory:
        routers = start_routers({ROUTER: {ROUTER: WEB}})
        try:
            yield Lab(routers, Path(directory))
        finally:
            routers.simulator.close()


def _hash(vm: CloneTree) -> str:
    found = entry(vm.read("/etc/shadow").encode(), "root")
    assert found is not None
    return found.password


def _state(vm: CloneTree) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(vm.read(STATE))
    return document


def _end_state(vm: CloneTree) -> dict[str, object]:
    """All there is, but for what is random: of that its place, owner, mode and meaning."""
    found: dict[str, object] = {path: what for path, what in read(vm.path).items() if path not in VARIES}
    for path in VARIES:
        what = vm.entry(path)
        assert isinstance(what, File)
        found[path] = (what.mode, what.owner)
    shadow = vm.read("/etc/shadow")
    found["shadow"] = (verify(PASSWORD.encode(), _hash(vm)), shadow.replace(_hash(vm), ""))
    state = _state(vm)
    steps = state.pop("steps")
    found["state"] = state
    found["steps"] = {
        name: (step["applied"], step["confirmed"], sorted(step["memory"])) for name, step in steps.items()
    }
    return found


def _is_sane(vm: CloneTree) -> None:
    """What holds at every moment: nothing is half written."""
    assert (_hash(vm) == TEMPLATE_HASH) or verify(PASSWORD.encode(), _hash(vm))
    key = vm.read(HOST_KEY)
    assert key == TEMPLATES or public_half(key.encode()) is not None
    with Root(str(vm.path)) as root:
        assert not load_state(root, SEAL).recovered
    assert vm.entry(f"{STATE}.bad") is None


def _change_password(vm: CloneTree) -> str:
    vm.run(PASSWORD_STEP, password=USERS)
    return _hash(vm)


def test_Y1_every_cut_converges_and_the_password_is_set_once_and_acknowledged(lab: Lab) -> None:
    uninterrupted = lab.make(lab.memory / "uninterrupted")
    lab.boot(uninterrupted)
    wanted = _end_state(uninterrupted)
    assert not lab.router.pending(ROUTER)
    cuts = 0
    for vm in every_cut(lab.make, lab.boot, lab.memory / "cut"):
        cuts += 1
        _is_sane(vm)
        waits, before = lab.router.pending(ROUTER), _hash(vm)
        other = lab.copy(vm, "other")
        lab.boot(vm)
        assert _end_state(vm) == wanted, f"cut {cuts}"
        assert not lab.router.pending(ROUTER)
        assert before in (TEMPLATE_HASH, _hash(vm)), f"cut {cuts}: set twice"
        if before != TEMPLATE_HASH:
            _the_users_choice_stays(lab, other, waits=waits)
        else:
            assert waits, f"cut {cuts}: acknowledged, and not set"
        shutil.rmtree(vm.path)
    assert cuts >= ENOUGH, cuts


def _the_users_choice_stays(lab: Lab, vm: CloneTree, *, waits: bool) -> None:
    """The router was out of reach for a boot; then it offers the password that it still has, and once more."""
    if waits:
        lab.router.set_password(ROUTER, PASSWORD)
    chosen = _change_password(vm)
    for _ in range(2):
        lab.boot(vm)
        assert _hash(vm) == chosen
        assert not lab.router.pending(ROUTER)
        lab.router.set_password(ROUTER, PASSWORD)


def test_Y1_a_reset_after_the_first_boot_survives_every_cut_as_well(lab: Lab) -> None:
    """The old password stands in /etc/shadow and in the memory."""

    def booted(path: Path) -> CloneTree:
        vm = lab.make(path)
        lab.boot(vm)
        lab.router.set_password(ROUTER, "the next one")
        return vm

    cuts = 0
    for vm in every_cut(booted, lab.boot, lab.memory / "cut"):
        cuts += 1
        before = _hash(vm)
        assert verify(PASSWORD.encode(), before) or verify(b"the next one", before)
        lab.boot(vm)
        assert verify(b"the next one", _hash(vm))
        assert verify(PASSWORD.encode(), before) or _hash(vm) == before, "set twice"
        assert not lab.router.pending(ROUTER)
        shutil.rmtree(vm.path)
    assert cuts >= 40, cuts
