"""The laboratory's machines, virtual ones and containers: the same disk, seat and name over all their boots."""

from __future__ import annotations

import contextlib
import itertools
import shutil
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from laboratory.network import Network, Seat
from support import vm
from support.containers import Container
from support.disk import Ext4
from support.leftovers import READ

ANSWER_TIMEOUT = 60.0


class Console(Protocol):
    """What somebody in front of a booted machine has."""

    output: str

    def expect(self, pattern: str, *, timeout: float = ...) -> str:
        """Wait until it shows ``pattern`` after what was expected before; the text up to it."""

    def say(self, text: str) -> None:
        """Type a line."""


class Machine(ABC):
    """A machine at its seat in a network, off until ``power_on``. At the end of the ``with`` block it is gone."""

    boot_within: float
    """Seconds to the login prompt, when others boot beside it on a busy host."""
    sees_free_blocks = False
    """Whether ``holding`` finds what was deleted as well."""
    identity: uuid.UUID | None = None
    """The UUID that its firmware gives; None: it has no firmware."""

    def __init__(self, name: str, seat: Seat, network: Network) -> None:
        self.name, self.seat, self.network = name, seat, network
        self.console: Console
        self._running = contextlib.ExitStack()

    def __enter__(self) -> Machine:
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    @abstractmethod
    def power_on(self) -> None:
        """Boot it. It must be off."""

    @abstractmethod
    def wait_until_off(self, *, timeout: float) -> None:
        """Wait until it is off, also for a reboot, from which only ``power_on`` brings it back."""

    @abstractmethod
    def files(self) -> Path:
        """Where the files of the machine, which is off, can be looked at as far as tests need; until the next boot."""

    @abstractmethod
    def holding(self, patterns: Mapping[str, bytes]) -> set[str]:
        """Which of the patterns are on its disk, by name."""

    def until_login(self, hostname: str) -> float:
        """Wait for the login prompt of a machine of this name; the seconds that it took."""
        started = time.monotonic()
        self.console.expect(rf"(?m)^{hostname} login: ", timeout=self.boot_within)
        return time.monotonic() - started

    def log_in(self, password: str, hostname: str) -> str:
        """Log root in at a login prompt that was seen, up to the shell's prompt; what was said in between."""
        self.console.say("root")
        self.console.expect("Password: ", timeout=ANSWER_TIMEOUT)
        self.console.say(password)
        return self.console.expect(rf"root@{hostname}:\S+# ", timeout=ANSWER_TIMEOUT)


class Virtual(Machine):
    """A machine that QEMU emulates, with the raw image ``disk``."""

    boot_within = vm.BOOT_TIMEOUT
    sees_free_blocks = True

    def __init__(self, name: str, seat: Seat, network: Network, disk: Path) -> None:
        super().__init__(name, seat, network)
        self.disk, self.identity = disk, uuid.uuid4()
        card = f"virtio-net-pci,netdev=net,mac={seat.mac},romfile="
        interface = f"tap,id=net,ifname={network.tap(seat)},script=no,downscript=no"
        words = ("-netdev", interface, "-device", card)
        self._hardware = vm.Hardware(self.identity, network=words, namespace=network.name)
        self._boots = itertools.count(1)

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        shutil.rmtree(self._copies, ignore_errors=True)

    def power_on(self) -> None:
        """See Machine."""
        name = f"{self.name}-{next(self._boots)}"
        machine = vm.VirtualMachine(self.disk, self.disk.parent, name=name, hardware=self._hardware)
        self.console = self._running.enter_context(machine)

    def wait_until_off(self, *, timeout: float) -> None:
        """See Machine."""
        assert isinstance(self.console, vm.VirtualMachine)
        reason = self.console.wait_until_off(timeout=timeout)
        self._running.close()
        assert reason in ("guest-shutdown", "guest-reset"), reason

    def files(self) -> Path:
        """See Machine: a copy."""
        shutil.rmtree(self._copies, ignore_errors=True)
        image = Ext4(self.disk)
        assert image.is_clean, f"{self.name}: the file system was not unmounted"
        for directory in READ:
            image.copy_out(directory, self._copies)
        return self._copies

    def holding(self, patterns: Mapping[str, bytes]) -> set[str]:
        """See Machine: anywhere on the raw disk, free blocks included."""
        return {hit.pattern for hit in Ext4(self.disk).search(patterns, most=1)}

    @property
    def _copies(self) -> Path:
        return self.disk.with_suffix(".files")


class Contained(Machine):
    """A container on ``tree``; what it has changed, and what a clone stands on, are ``layers``."""

    boot_within = 90.0

    def __init__(self, name: str, seat: Seat, network: Network, tree: Path, layers: Sequence[Path]) -> None:
        super().__init__(name, seat, network)
        self.layers, self._tree = tuple(layers), tree
        self._namespace = network.namespace(seat)

    def power_on(self) -> None:
        """See Machine."""
        container = Container(self._tree, namespace=self._namespace, group=self._namespace)
        self.console = self._running.enter_context(container)

    def wait_until_off(self, *, timeout: float) -> None:
        """See Machine."""
        assert isinstance(self.console, Container)
        self.console.wait(timeout=timeout)
        self._running.close()

    def files(self) -> Path:
        """See Machine: the tree itself."""
        return self._tree

    def holding(self, patterns: Mapping[str, bytes]) -> set[str]:
        """See Machine: in any file below READ."""
        paths = (path for top in READ for path in (self._tree / top[1:]).rglob("*"))
        contents = b"\0".join(path.read_bytes() for path in paths if path.is_file() and not path.is_symlink())
        return {name for name, pattern in patterns.items() if pattern in contents}
