"""Two kinds of laboratory: how its master and its clones are made, of virtual machines and of containers."""

from __future__ import annotations

import hashlib
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from laboratory.machines import Contained, Machine, Virtual
from laboratory.network import Network, Seat
from support import vm
from support.debian import CACHE, base, run, view

CONFIGURATION = "[firstboot]\nbudget = 10\n"
"""Of containers, which boot too fast to spend half a minute on metadata that does not come."""


class Kind(ABC):
    """How machines are made. ``directory`` takes their disks; ``key`` opens the master."""

    title: str
    seal_options: str
    """What somebody has to add at the master's console to seal it."""
    install = "DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends"
    """The command that installs a package in the master."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.key: Path

    @abstractmethod
    def master(self, seat: Seat, network: Network) -> AbstractContextManager[Machine]:
        """A Debian as its installer leaves it, never booted, without guestseal."""

    @abstractmethod
    def clone(self, master: Machine, name: str, seat: Seat, network: Network) -> AbstractContextManager[Machine]:
        """A machine with what is on the disk of ``master``, which stays off."""


class VirtualMachines(Kind):
    """QEMU, emulated. The disk of the master is kept between runs; what is sealed and cloned is a copy."""

    title = "virtual machines (QEMU, emulated)"
    seal_options = ""

    def master(self, seat: Seat, network: Network) -> AbstractContextManager[Machine]:
        """See Kind."""
        kept = _kept_master()
        self.key = kept / "key"
        return self._machine(kept / "master.img", "master", seat, network)

    def clone(self, master: Machine, name: str, seat: Seat, network: Network) -> AbstractContextManager[Machine]:
        """See Kind."""
        assert isinstance(master, Virtual)
        return self._machine(master.disk, name, seat, network)

    @contextmanager
    def _machine(self, original: Path, name: str, seat: Seat, network: Network) -> Iterator[Machine]:
        disk = self.directory / f"{name}.img"
        try:
            run("cp", "--sparse=always", "--reflink=auto", original, disk, timeout=300)
            with Virtual(name, seat, network, disk) as machine:
                yield machine
        finally:
            disk.unlink(missing_ok=True)


class Containers(Kind):
    """systemd-nspawn: the same Debian, booted in a second, on this machine's kernel."""

    title = "containers (systemd-nspawn)"
    # The preflight refuses a container: it has neither a disk nor a shutdown of its own to seal.
    seal_options = " --force"

    @contextmanager
    def master(self, seat: Seat, network: Network) -> Iterator[Machine]:
        """See Kind."""
        self.key = _new_key(self.directory)
        with self._machine([base("bookworm", vm.VM_PACKAGES)], "master", seat, network) as machine:
            tree = machine.files()
            vm.furnish(tree, self.key)
            (tree / "etc/fstab").unlink()
            (tree / "etc/guestseal/guestseal.conf.d").mkdir(parents=True)
            (tree / "etc/guestseal/guestseal.conf.d/laboratory.conf").write_text(CONFIGURATION)
            yield machine

    def clone(self, master: Machine, name: str, seat: Seat, network: Network) -> AbstractContextManager[Machine]:
        """See Kind."""
        assert isinstance(master, Contained)
        return self._machine(master.layers, name, seat, network)

    @contextmanager
    def _machine(self, layers: Sequence[Path], name: str, seat: Seat, network: Network) -> Iterator[Machine]:
        directory = self.directory / name
        with ExitStack() as life:
            tree = life.enter_context(view(layers, directory))
            yield life.enter_context(Contained(name, seat, network, tree, [directory / "upper", *layers]))


class FromRpm(Containers):
    """Containers whose master had the rpm installed from outside: Debian has no package manager that does it inside."""

    title = "containers (systemd-nspawn) with the rpm's files"
    install = "test -x /usr/bin/guestseal && ls -l"

    def __init__(self, directory: Path, package: Path) -> None:
        super().__init__(directory)
        self._package = package

    @contextmanager
    def master(self, seat: Seat, network: Network) -> Iterator[Machine]:
        """See Kind."""
        with super().master(seat, network) as machine:
            run("rpm", "--root", machine.files(), "--dbpath", "/var/lib/rpm", "--nodeps", "-i", self._package)
            yield machine


def _new_key(directory: Path) -> Path:
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "master", "-f", directory / "key")
    return directory / "key"


def _kept_master() -> Path:
    """The directory of a master's disk and its key, made anew when anything in it would be otherwise."""
    tree = base("bookworm", vm.VM_PACKAGES)
    ingredients = tree.name.encode() + Path(vm.__file__).read_bytes()
    kept = CACHE / f"laboratory-{hashlib.sha256(ingredients).hexdigest()[:12]}"
    if not kept.exists():
        for other in CACHE.glob("laboratory-*"):
            run("rm", "-rf", other)
        making = CACHE / f".{kept.name}.{os.getpid()}"
        making.mkdir(parents=True)
        with view(tree, making / "view") as shown:
            vm.furnish(shown, _new_key(making))
            vm.make_disk(shown, making / "master.img")
        run("rm", "-rf", making / "view")
        making.rename(kept)
    return kept
