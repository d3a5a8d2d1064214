"""Booting real trees with systemd-nspawn, and the isolated network they stand in."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from support.debian import PROJECT, run

ROUTER = "10.77.0.1"
CLONE = "10.77.0.11"
METADATA = "169.254.169.254"
BOOT_TIMEOUT = 90.0
CONTROL_GROUPS = Path("/sys/fs/cgroup")
REMOVE_TIMEOUT = 15.0

INTERFACES = (
    f"auto lo\niface lo inet loopback\nauto eth0\niface eth0 inet static\n address {CLONE}/24\n gateway {ROUTER}\n"
)


class Container:
    """One booted tree with its console. ``arguments`` are for its init.

    ``group`` names a control group of its own, which containers need that run side by side: in one
    and the same they would wait for each other's processes when they shut down.
    """

    def __init__(
        self,
        tree: Path,
        *,
        namespace: str | None = None,
        arguments: Sequence[str] = (),
        group: str | None = None,
    ) -> None:
        network = ["--private-network"]
        if namespace is not None:
            # With a given namespace nspawn drops CAP_NET_ADMIN, and ifup then cannot configure eth0.
            network = [f"--network-namespace-path=/run/netns/{namespace}", "--capability=CAP_NET_ADMIN"]
        words = ["systemd-nspawn", "-q", "-D", str(tree), "--register=no", "--keep-unit", *network]
        words += ["--resolv-conf=off", "--timezone=off", "--link-journal=no", "--console=interactive"]
        self._groups: list[Path] = []
        if group is not None:
            self._groups = _make_groups(group)
            entering = "; ".join(f"echo $$ > {path}/cgroup.procs" for path in self._groups)
            words = ["/bin/sh", "-ec", f'{entering}; exec "$@"', "sh", *words, f"--machine={group}"]
        words += ["-b", *arguments]
        self._console, terminal = pty.openpty()
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TERM": "dumb"}
        self._process = subprocess.Popen(
            words, stdin=terminal, stdout=terminal, stderr=terminal, env=environment, start_new_session=True
        )
        os.close(terminal)
        self.output = ""
        self._read = 0

    def __enter__(self) -> Container:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            # The power cut: when its PID 1 is killed, the kernel kills everything in the container.
            # Killing systemd-nspawn itself would leave all that running.
            children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
            for child in children:
                os.kill(int(child), signal.SIGKILL)
            self._process.wait(30)
        os.close(self._console)
        for group in self._groups:
            _remove_group(group)

    def expect(self, pattern: str, *, timeout: float = BOOT_TIMEOUT) -> str:
        """Wait until the console shows ``pattern`` after what was expected before; the text up to it."""
        end = time.monotonic() + timeout
        while True:
            found = re.search(pattern, self.output[self._read :])
            if found:
                seen = self.output[self._read : self._read + found.end()]
                self._read += found.end()
                return seen
            assert time.monotonic() < end, f"{pattern!r} not on the console:\n{self.output[-4000:]}"
            self._pump(0.2)

    def say(self, text: str) -> None:
        """Type a line on the console."""
        os.write(self._console, text.encode() + b"\n")

    def wait(self, *, timeout: float = BOOT_TIMEOUT) -> None:
        """Wait until the container has powered off."""
        end = time.monotonic() + timeout
        while self._process.poll() is None:
            assert time.monotonic() < end, f"not powered off:\n{self.output[-4000:]}"
            self._pump(0.1)

    def _pump(self, seconds: float) -> None:
        if select.select([self._console], [], [], seconds)[0]:
            with contextlib.suppress(OSError):  # EIO: the other side has closed, which poll() tells
                self.output += os.read(self._console, 65536).decode("utf-8", "replace")


def _make_groups(name: str) -> list[Path]:
    """A control group of this name, in each of systemd's hierarchies: there are two beside those of version 1."""
    beside = [CONTROL_GROUPS / each for each in ("systemd", "unified") if (CONTROL_GROUPS / each).is_dir()]
    groups = [top / name for top in beside or [CONTROL_GROUPS]]
    for group in groups:
        group.mkdir()
    return groups


def _remove_group(group: Path) -> None:
    """Remove a control group and those in it, as soon as the kernel has taken the last process away."""
    end = time.monotonic() + REMOVE_TIMEOUT
    while group.is_dir():
        for directory, _, _ in os.walk(group, topdown=False):
            with contextlib.suppress(OSError):
                os.rmdir(directory)
        assert time.monotonic() < end, f"{group} stays in use"
        time.sleep(0.05)


@contextlib.contextmanager
def network() -> Iterator[tuple[str, str]]:
    """A bridge with the platform's addresses, and a clone's namespace: their names; gone at the end."""
    lab, clone = f"gslab{os.getpid()}", f"gsclone{os.getpid()}"
    try:
        for name in (lab, clone):
            run("ip", "netns", "add", name)
            run("ip", "-n", name, "link", "set", "lo", "up")
        run("ip", "-n", lab, "link", "add", "br0", "type", "bridge")
        for address in (f"{ROUTER}/24", f"{METADATA}/32"):
            run("ip", "-n", lab, "address", "add", address, "dev", "br0")
        run("ip", "-n", lab, "link", "set", "br0", "up")
        peer = ("peer", "name", "eth0", "address", "52:54:00:77:00:0b", "netns", clone)
        run("ip", "-n", lab, "link", "add", "seat", "type", "veth", *peer)
        run("ip", "-n", lab, "link", "set", "seat", "master", "br0", "up")
        yield lab, clone
    finally:
        for name in (lab, clone):
            subprocess.run(["ip", "netns", "delete", name], capture_output=True, timeout=30, check=False)


@contextlib.contextmanager
def platform(lab: str, directory: Path, source: str, **instance: object) -> Iterator[Path]:
    """The simulator in the namespace ``lab``, as its users start it; yields the file it logs requests to."""
    said = directory / "instances.json"
    said.write_text(json.dumps({CLONE: instance}))
    address, ports = (
        (METADATA, ["--port", "80"]) if source == "ec2" else (ROUTER, ["--port", "80", "--password-port", "8080"])
    )
    words = ["ip", "netns", "exec", lab, "/usr/bin/python3", "-m", "guestseal", "simulate", "--source", source]
    log = directory / "simulator.log"
    with log.open("w") as file:
        process = subprocess.Popen(
            [*words, "--listen", address, *ports, str(said)],
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            end = time.monotonic() + 20
            while "listening" not in log.read_text():
                assert process.poll() is None and time.monotonic() < end, log.read_text()
                select.select([], [], [], 0.05)
            yield log
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def ssh(lab: str, key: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command on the clone as root with ``key``; never asks anything."""
    options = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "BatchMode=yes"]
    words = ["ip", "netns", "exec", lab, "ssh", "-i", str(key), *options, "-o", "ConnectTimeout=5", f"root@{CLONE}"]
    return subprocess.run([*words, *command], capture_output=True, text=True, timeout=60, check=False)
