"""Faults that happen to the command itself: killed, started twice, without a console, on a small busy machine.

The command is a process of its own, as a unit starts it, on a clone's tree. It runs in
network namespaces with one router, from which nothing leads out.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from bench.measure import ENVIRONMENT, PYTHON, guestseal, once
from support.children import in_child
from support.clones import CloneTree, needs_root
from support.clouds import Cloud, cloudstack
from support.first_boot import SLACK, STATE, has_own_host_key, is_web, password_is
from support.networks import networks
from support.platforms import PASSWORD, WEB
from support.trees import read

from guestseal.guest.accounts.shadow import entry
from guestseal.simulate.faults import Fault

pytestmark = needs_root

BUDGET = 5.0
"""Seconds for the metadata. A router on the same machine needs a tenth of one."""
LIMIT = 20.0
"""Seconds after which a test stops waiting."""
SETTLED = 0.7
"""Seconds in which a command that waits for nobody would have asked the router."""
NETWORK, CLONE, ROUTER = "10.1.1", "10.1.1.5", "10.1.1.1"
MEMORY = 40.0
"""Megabytes. The smallest machines have 256."""
Words = list["str | Path"]


@dataclass
class Lab:
    """A clone's tree, the router it asks, and the command."""

    clone: CloneTree
    cloud: Cloud
    directory: Path

    def words(self, stage: str = "network") -> Words:
        """The command, as the unit of ``stage`` has it."""
        where = ("--root", self.clone.path, "--config", self.directory / "conf")
        return guestseal(*where, "firstboot", "--stage", stage, "--runtime-directory", self.directory / "run")

    def start(self) -> subprocess.Popen[bytes]:
        """Start the network stage."""
        return subprocess.Popen(self.words(), env=ENVIRONMENT, stdout=subprocess.DEVNULL)

    def asked(self, password: str = "*") -> int:
        """How many requests the router has seen, or how many with this value of DomU_Request."""
        seen = self.cloud.running.journal.snapshot()
        return len([exchange for exchange in seen if password in ("*", exchange.header("DomU_Request"))])

    def until(self, happened: Callable[[], bool]) -> None:
        """Wait for something that the command does."""
        end = time.monotonic() + LIMIT
        while not happened():
            assert time.monotonic() < end, "it did not happen"
            time.sleep(0.01)

    @property
    def status(self) -> str:
        """The word in the status file."""
        document = json.loads((self.directory / "run/status.json").read_text())
        return str(document["status"])


@contextmanager
def lab(clone: CloneTree, directory: Path, *faults: Fault) -> Iterator[Lab]:
    """In a child process only: a network of its own, a router that has WEB for the clone, and the local stage done."""
    with networks(NETWORK, default=NETWORK) as routers_end:
        with routers_end():
            cloud = cloudstack(*faults, clones={ROUTER: {CLONE: WEB}})
        with cloud:
            ports = [*cloud.settings.metadata_ports, *cloud.settings.password_ports]
            (directory / "conf").write_text(
                f"[firstboot]\nsources = cloudstack\nbudget = {BUDGET}\n"
                f"[cloudstack]\nrouters = {ROUTER}\nmetadata-ports = {ports[0]}\npassword-ports = {ports[1]}\n"
            )
            made = Lab(clone, cloud, directory)
            subprocess.run(made.words("local"), env=ENVIRONMENT, check=True, timeout=LIMIT)
            assert has_own_host_key(clone)
            yield made


def root_hash(clone: CloneTree) -> str:
    """What stands for root's password."""
    found = entry(clone.read("/etc/shadow").encode(), "root")
    assert found is not None
    return found.password


def test_Y21_of_two_the_second_asks_nothing_until_the_first_is_killed_and_then_does_the_work(
    clone: CloneTree, tmp_path: Path
) -> None:
    def start_two() -> str:
        with lab(clone, tmp_path, Fault(hang=True)) as here:
            first = here.start()
            here.until(lambda: here.asked() > 0)
            time.sleep(SETTLED)  # it asks more than one port
            seen = here.asked()
            second = here.start()
            time.sleep(SETTLED)
            assert (first.poll(), second.poll(), here.asked()) == (None, None, seen)
            here.cloud.running.clear_faults()
            first.kill()  # what systemd does some time after TimeoutStartSec=
            assert first.wait(LIMIT) == -signal.SIGKILL
            assert second.wait(LIMIT) == 0
            return f"{here.status} {here.asked('saved_password')}"

    assert in_child(start_two) == "done 1"
    assert is_web(clone, with_password=True)


def test_Y21_one_that_is_stopped_leaves_everything_as_it_was_and_the_next_one_does_the_work(
    clone: CloneTree, tmp_path: Path
) -> None:
    def stop() -> str:
        with lab(clone, tmp_path, Fault(hang=True)) as here:
            before = read(clone.path)
            stopped = here.start()
            here.until(lambda: here.asked() > 0)
            stopped.terminate()
            assert stopped.wait(SLACK) == -signal.SIGTERM
            assert read(clone.path) == before
            here.cloud.running.clear_faults()
            assert here.start().wait(LIMIT) == 0
            return f"{here.status} {here.asked('saved_password')}"

    assert in_child(stop) == "done 1"
    assert is_web(clone, with_password=True)


def test_Y21_a_password_that_is_set_when_the_stage_is_killed_is_only_acknowledged_by_the_next_one(
    clone: CloneTree, tmp_path: Path
) -> None:
    def kill() -> str:
        with lab(clone, tmp_path, Fault(header=("DomU_Request", "saved_password"), hang=True)) as here:
            killed = here.start()
            here.until(lambda: here.asked("saved_password") > 0)
            killed.kill()
            assert killed.wait(LIMIT) == -signal.SIGKILL
            set_to = root_hash(clone)
            assert password_is(clone, PASSWORD)
            assert here.cloud.router(ROUTER).pending(CLONE)
            here.cloud.running.clear_faults()
            assert here.start().wait(LIMIT) == 0
            assert root_hash(clone) == set_to
            return f"{here.status} {here.cloud.router(ROUTER).pending(CLONE)}"

    assert in_child(kill) == "done False"
    assert is_web(clone, with_password=True)
    assert json.loads(clone.read(STATE))["finished"] is True


@contextmanager
def console(kind: str) -> Iterator[int | None]:
    """A descriptor for what is said, which takes nothing of it; None: there is none at all."""
    if kind == "closed":
        yield None
        return
    if kind == "full":
        fd = os.open("/dev/full", os.O_WRONLY)
    else:
        other, fd = os.openpty()
        os.close(other)  # every write(2) is EIO from here on
    try:
        yield fd
    finally:
        os.close(fd)


@pytest.mark.parametrize("kind", ["closed", "full", "hung up"])
def test_Y25_a_console_that_takes_nothing_costs_neither_the_work_nor_its_success_nor_time(
    clone: CloneTree, tmp_path: Path, kind: str
) -> None:
    def run(words: Words) -> int:
        if kind == "closed":
            words = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *words]
        with console(kind) as fd:
            return subprocess.run(words, env=ENVIRONMENT, stdout=fd, stderr=fd, timeout=LIMIT, check=False).returncode

    def boot() -> str:
        with lab(clone, tmp_path) as here:
            start = time.monotonic()
            statuses = [run(here.words(stage)) for stage in ("local", "network")]
            assert time.monotonic() - start < BUDGET
            return f"{statuses} {here.status}"

    assert in_child(boot) == "[0, 0] done"
    assert is_web(clone, with_password=True)


@pytest.mark.parametrize("words", [["list", "sources"], ["--format", "json", "config"]], ids=" ".join)
def test_Y25_a_command_that_is_run_to_be_told_something_fails_when_it_cannot_be(words: list[str]) -> None:
    with console("full") as full, open(os.devnull, "wb") as null:
        for stdout, status in ((null.fileno(), 0), (full, 1)):
            done = subprocess.run(
                guestseal(*words), env=ENVIRONMENT, stdout=stdout, stderr=subprocess.PIPE, timeout=LIMIT, check=False
            )
            assert done.returncode == status
            assert (done.stderr == b"stdout: not written: No space left on device\n") is (status == 1)


def test_Y27_a_small_machine_has_enough_memory_for_it(clone: CloneTree, tmp_path: Path) -> None:
    def boot() -> str:
        with lab(clone, tmp_path) as here:
            took = once(here.words())
            assert took.memory < MEMORY, f"{took.memory:.1f} MB"
            return here.status

    assert in_child(boot) == "done"
    assert is_web(clone, with_password=True)


@contextmanager
def busy(processor: int) -> Iterator[None]:
    """Keep ``processor`` busy, and run what this thread starts on no other one."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {processor})
    # The alarm ends it, whatever becomes of this process.
    program = f"import signal\nsignal.alarm({LIMIT:.0f})\nwhile True: pass"
    others = [subprocess.Popen([PYTHON, "-c", program]) for _ in range(3)]
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
        for other in others:
            other.kill()
            other.wait()


def test_Y27_on_one_processor_that_others_keep_busy_it_is_done_within_its_budget(
    clone: CloneTree, tmp_path: Path
) -> None:
    def boot() -> str:
        with lab(clone, tmp_path) as here, busy(min(os.sched_getaffinity(0))):
            took = once(here.words())
            assert took.wall < BUDGET
            return here.status

    assert in_child(boot) == "done"
    assert is_web(clone, with_password=True)
