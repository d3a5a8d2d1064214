"""Hundreds of clones that boot in the same second: their values, and the processes in which they do so.

Run as a program it boots the clones that its standard input describes, each in a thread
with a machine, a network address and a tree of its own, and says how each one ended.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from support.first_boot import sealed_clone
from support.machine import FakeNetwork, interface, machine

from guestseal.firstboot.boot import Boot
from guestseal.guest.root import Root
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings
from guestseal.simulate.instance import Instance

_TESTS = Path(__file__).resolve().parents[1]
_PREPARED = "prepared"
SMALL = {"/home/ann": None, "/etc/.pwd.lock": None}
"""What a clone of the storm can do without."""


@dataclass(frozen=True)
class StormClone:
    """One clone: its number says everything that the platform says of it."""

    number: int
    source: str
    path: str

    @property
    def address(self) -> str:
        """Its address on loopback, which is how the router knows it."""
        return f"127.1.{self.number // 250}.{self.number % 250 + 1}"

    @property
    def instance(self) -> Instance:
        """What the platform says: nothing of it is another clone's."""
        password = f"pass word: {self.number:04}" if self.source == "cloudstack" else None
        return Instance(self.uuid, f"clone-{self.number:04}", (self.key,), password, local_ipv4=self.address)

    @property
    def uuid(self) -> str:
        """Its system UUID and instance-id."""
        return f"6a1c9a8a-0000-4000-8000-{self.number:012}"

    @property
    def key(self) -> str:
        """Its only SSH key."""
        blob = b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + self.number.to_bytes(32, "big")
        return f"ssh-ed25519 {base64.b64encode(blob).decode()} owner-{self.number:04}"


@contextmanager
def prepared(groups: Sequence[Sequence[tuple[StormClone, dict[str, Any]]]]) -> Iterator[list[subprocess.Popen[str]]]:
    """One process a group of clones with their settings, in which everything is ready; ended at the latest here."""
    environment = {**os.environ, "PYTHONPATH": f"{_TESTS.parent}:{_TESTS}", "PYTHONDONTWRITEBYTECODE": "1"}
    words = [sys.executable, "-m", "support.storm"]
    started = [
        subprocess.Popen(words, cwd=_TESTS, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in groups
    ]
    try:
        for process, group in zip(started, groups):
            assert process.stdin is not None
            print(json.dumps([[asdict(clone), settings] for clone, settings in group]), file=process.stdin, flush=True)
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == f"{_PREPARED}\n"
        yield started
    finally:
        for process in started:
            process.kill()
            process.communicate()


def boot_at(processes: Sequence[subprocess.Popen[str]], moment: float, end: float) -> list[dict[str, Any]]:
    """Have all clones boot at ``moment`` of the monotonic clock; how each one ended, which it has at ``end``."""
    ended: list[dict[str, Any]] = []
    for process in processes:
        assert process.stdin is not None
        print(moment, file=process.stdin, flush=True)
    for process in processes:
        said, _ = process.communicate(timeout=max(0.0, end - time.monotonic()))
        ended += json.loads(said)
    return ended


def _boot(clone: StormClone, settings: Settings, moment: float) -> dict[str, Any]:
    made = machine(network=FakeNetwork([interface(clone.address)]), firmware=Firmware(uuid=clone.uuid))
    made.runtime_directory = f"{clone.path}.run"
    with Root(clone.path) as root:
        boot = Boot(root, made, settings, live=False)
        time.sleep(max(0.0, moment - time.monotonic()))
        report = boot.network()
    asked = [f"{each['address']}: {each['answer']}" for each in report.facts["attempts"]]
    ended = time.monotonic() - moment
    return {"number": clone.number, "status": report.facts["status"], "seconds": ended, "asked": asked}


def _main() -> None:
    clones = [
        (StormClone(**clone), Settings(**{**settings, "endpoints": tuple(map(tuple, settings["endpoints"]))}))
        for clone, settings in json.loads(sys.stdin.readline())
    ]
    for clone, _ in clones:
        sealed_clone(Path(clone.path), SMALL)
    _say(_PREPARED)
    moment = float(sys.stdin.readline())
    # Hundreds of threads that wait for Python's lock ask for it this often, each of them.
    sys.setswitchinterval(0.05)
    ended: list[dict[str, Any]] = []
    threads = [
        threading.Thread(target=lambda each=each: ended.append(_boot(*each, moment)))  # type: ignore[misc]
        for each in clones
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    late = {each["number"] for each in ended if each["status"] != "done"}
    # What the timer does some seconds later, for those that the two processors of a test had no time for.
    ended = [each for each in ended if each["number"] not in late]
    ended += [_boot(clone, settings, moment) for clone, settings in clones if clone.number in late]
    _say(json.dumps([{**each, "late": each["number"] in late} for each in ended]))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _main()
