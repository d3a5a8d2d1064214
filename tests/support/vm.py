"""Real virtual machines: a Debian template master on an ext4 disk, and QEMU with its console, power button and ssh.

Emulated (TCG), because a test must not depend on nested virtualisation: a boot takes half a minute.
The network is QEMU's own, restricted: it gives a lease, and nothing in it leads anywhere but from a
loopback port of this machine to the guest's sshd.
"""

from __future__ import annotations

import codecs
import contextlib
import json
import re
import socket
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from support.debian import PACKAGES, base, install, run, view

BOOT_TIMEOUT = 300.0
POWER_OFF_TIMEOUT = 240.0
ANSWER_TIMEOUT = 60.0
DISK_SIZE = "3G"
PASSWORD = "Template-Pass-1"
HOSTNAME = "master7"
PROMPT = r"root@[\w.-]+:[^\n]*# "

VM_PACKAGES = (*PACKAGES, "linux-image-cloud-amd64", "auditd", "python3-yaml", "fdisk")
FILES = {
    "etc/fstab": "/dev/vda / ext4 errors=remount-ro 0 1\n",
    "etc/hostname": f"{HOSTNAME}\n",
    "etc/hosts": f"127.0.0.1\tlocalhost\n127.0.1.1\t{HOSTNAME}.example.com {HOSTNAME}\n::1\tlocalhost ip6-localhost\n",
    "etc/network/interfaces": "auto lo\niface lo inet loopback\nauto eth0\niface eth0 inet dhcp\n",
    # What systemd would apply to a clone that it takes for a first boot: the opposite of what is enabled.
    "etc/systemd/system-preset/00-site.preset": "disable rsyslog.service\nenable cron.service\n",
}

USER_NETWORK = (
    "-netdev",
    "user,id=net,restrict=on,ipv6=off,hostfwd=tcp:127.0.0.1:0-:22",
    "-device",
    "virtio-net-pci,netdev=net,romfile=",
)

# Colours, cursor movements and what bash switches on the terminal with.
_ESCAPE = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|[()].|[=>78])")
_UNFINISHED = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*|[()])?\Z")
_FORWARDED = re.compile(r"HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)")


@dataclass(frozen=True)
class Kernel:
    """What QEMU starts the guest with."""

    image: Path
    initrd: Path


def kernel() -> Kernel:
    """The kernel of the tree that disks are made from."""
    boot = base("bookworm", VM_PACKAGES) / "boot"
    return Kernel(next(boot.glob("vmlinuz-*")), next(boot.glob("initrd.img-*")))


def make_master(directory: Path, key: Path) -> Path:
    """A template master's raw disk with guestseal installed, root open to the ssh key ``key``; never booted."""
    image = directory / "master.img"
    with view(base("bookworm", VM_PACKAGES), directory / "view") as tree:
        install(tree)
        furnish(tree, key)
        make_disk(tree, image)
    run("rm", "-rf", directory / "view")
    return image


def furnish(tree: Path, key: Path) -> None:
    """Give a tree what its installer did: a name, accounts, a disk, a network; root open to ``key`` and PASSWORD."""
    for name, content in FILES.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(content)
    (tree / "etc/machine-id").unlink(missing_ok=True)
    (tree / "etc/machine-id").write_text(f"{uuid.uuid4().hex}\n")
    (tree / "var/log/journal").mkdir(exist_ok=True)  # journald.conf(5): that makes it persistent
    (tree / "root/.ssh").mkdir(mode=0o700, exist_ok=True)
    (tree / "root/.ssh/authorized_keys").write_text(key.with_suffix(".pub").read_text())
    run("chroot", tree, "useradd", "--create-home", "--shell", "/bin/bash", "ada")
    run("chroot", tree, "chpasswd", input=f"root:{PASSWORD}\n")


def make_disk(tree: Path, image: Path) -> None:
    """Make a raw disk with the files of ``tree`` on ext4, without a partition."""
    run("truncate", "-s", DISK_SIZE, image)
    run("mkfs.ext4", "-q", "-d", tree, image, timeout=300)


@dataclass(frozen=True)
class Hardware:
    """What a machine has beside its disk: a DMI UUID, and a network card and devices in QEMU's words."""

    identity: uuid.UUID = field(default_factory=uuid.uuid4)
    devices: tuple[str, ...] = ()
    network: tuple[str, ...] = USER_NETWORK
    namespace: str | None = None
    """The network namespace in which QEMU runs, where ``network`` needs one."""


class VirtualMachine:
    """One running machine with a DMI UUID of its own. Ends with the ``with`` block, whatever state it is in."""

    def __init__(
        self,
        disk: Path,
        directory: Path,
        *,
        name: str = "vm",
        image_format: str = "raw",
        hardware: Hardware | None = None,
    ) -> None:
        self.hardware = hardware or Hardware()
        self.identity = self.hardware.identity
        self.output = ""
        self._read = 0
        self._heard = threading.Condition()
        self._key = directory / "key"
        self.log = directory / f"{name}.console"
        self._port = 0
        self._console, console = socket.socketpair()
        self._monitor, monitor = socket.socketpair()
        with console, monitor, (directory / f"{name}.qemu").open("w") as said:
            words = self._words(disk, image_format, console.fileno(), monitor.fileno())
            self._process = subprocess.Popen(
                words,
                pass_fds=(console.fileno(), monitor.fileno()),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._listener = threading.Thread(target=self._listen, name=name, daemon=True)
        self._listener.start()
        self._monitor.settimeout(ANSWER_TIMEOUT)
        self._answers = self._monitor.makefile("r", encoding="utf-8")

    def _words(self, disk: Path, image_format: str, console: int, monitor: int) -> list[str]:
        start = kernel()
        # No detect-zeroes: the disk shows what the guest wrote. The host's cache is as good as a disk here.
        drive = f"if=virtio,format={image_format},file={disk},cache=unsafe,discard=unmap"
        words = f"""
            qemu-system-x86_64 -accel tcg,thread=multi,tb-size=256 -cpu qemu64 -m 1024 -smp 2
            -nodefaults -display none -no-reboot -device virtio-rng-pci
            -chardev socket,id=console,fd={console},logfile={self.log} -serial chardev:console
            -chardev socket,id=monitor,fd={monitor} -mon chardev=monitor,mode=control
            -smbios type=1,uuid={self.identity}
        """.split()
        # A panic ends the machine (-no-reboot), and with it the test.
        line = "root=/dev/vda rw console=ttyS0 net.ifnames=0 edd=off panic=-1 loglevel=4"
        words += ["-drive", drive, *self.hardware.network, *self.hardware.devices]
        inside = ["ip", "netns", "exec", self.hardware.namespace] if self.hardware.namespace is not None else []
        return [*inside, *words, "-kernel", str(start.image), "-initrd", str(start.initrd), "-append", line]

    def __enter__(self) -> VirtualMachine:
        json.loads(self._answers.readline())  # the greeting
        self.command("qmp_capabilities")
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(30)
        self._listener.join(30)
        for channel in (self._answers, self._monitor, self._console):
            channel.close()

    def command(self, name: str, **arguments: object) -> object:
        """Have QEMU do something, in the words of its QMP; what it answers."""
        self._monitor.sendall(json.dumps({"execute": name, "arguments": arguments}).encode() + b"\n")
        while True:
            answer = json.loads(self._answers.readline())
            assert "error" not in answer, f"{name}: {answer}"
            if "return" in answer:
                return answer["return"]

    def expect(self, pattern: str, *, timeout: float = BOOT_TIMEOUT) -> str:
        """Wait until the console shows ``pattern`` after what was expected before; the text up to it."""
        end = time.monotonic() + timeout
        with self._heard:
            while True:
                found = re.search(pattern, self.output[self._read :])
                if found:
                    seen = self.output[self._read : self._read + found.end()]
                    self._read += found.end()
                    return seen
                assert self._listener.is_alive(), f"the machine has ended:\n{self.output[-4000:]}"
                assert time.monotonic() < end, f"{pattern!r} not on the console:\n{self.output[-4000:]}"
                self._heard.wait(0.2)

    def say(self, text: str) -> None:
        """Type a line on the console."""
        self._console.sendall(text.encode() + b"\n")

    def log_in(self, password: str = PASSWORD) -> None:
        """Log root in on the console, at a login prompt that was seen; ends at the shell's prompt."""
        self.say("root")
        self.expect("Password: ", timeout=ANSWER_TIMEOUT)
        self.say(password)
        self.expect(PROMPT, timeout=ANSWER_TIMEOUT)

    def type(self, line: str, *, timeout: float = ANSWER_TIMEOUT) -> str:
        """Type a command at the shell's prompt and wait for the next prompt; what came in between."""
        self.say(line)
        return self.expect(PROMPT, timeout=timeout)

    def ssh(self, *command: str, input: str = "", timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a command in the guest as root through its sshd; never asks anything."""
        options = [
            "-F",
            "/dev/null",
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-o",
            "BatchMode=yes",
        ]
        options += ["-o", "ConnectTimeout=20", "-o", "LogLevel=ERROR", "-p", str(self.port), "-i", str(self._key)]
        words = ["ssh", *options, "root@127.0.0.1", *command]
        return subprocess.run(words, input=input, capture_output=True, text=True, timeout=timeout, check=False)

    def wait_for_ssh(self, *, timeout: float = BOOT_TIMEOUT) -> None:
        """Wait until sshd takes a login."""
        end = time.monotonic() + timeout
        while True:
            done = self.ssh("true")
            if done.returncode == 0:
                return
            assert time.monotonic() < end, f"{done.stderr}\n{self.output[-4000:]}"
            self._listener.join(0.5)

    @property
    def port(self) -> int:
        """The port on this machine's loopback that leads to the guest's sshd."""
        if not self._port:
            said = str(self.command("human-monitor-command", **{"command-line": "info usernet"}))
            self._port = int(_FORWARDED.findall(said)[0])
        return self._port

    def press_power_button(self) -> None:
        """What a platform, or Packer, does to end a machine: ACPI's power button."""
        self.command("system_powerdown")

    def cut_power(self) -> None:
        """End it between two instructions."""
        self.command("quit")
        self._process.wait(30)

    def wait_until_off(self, *, timeout: float = POWER_OFF_TIMEOUT) -> str:
        """Wait until the machine is off; why it is, in QEMU's words: guest-shutdown, guest-reset, guest-panic."""
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"not powered off:\n{self.output[-4000:]}") from None
        events = [json.loads(line) for line in self._answers if '"SHUTDOWN"' in line]
        return str(events[-1]["data"]["reason"]) if events else "it ended without a shutdown"

    def _listen(self) -> None:
        """Take what the console says as it comes: a guest whose console nobody reads soon stands still."""
        decoder, pending = codecs.getincrementaldecoder("utf-8")("replace"), ""
        while True:
            try:
                said = self._console.recv(65536)
            except ConnectionResetError:
                said = b""
            text = pending + decoder.decode(said, final=not said)
            unfinished = _UNFINISHED.search(text)
            cut = unfinished.start() if unfinished and said else len(text)
            pending = text[cut:]
            with self._heard:
                self.output += _ESCAPE.sub("", text[:cut])
                self._heard.notify_all()
            if not said:
                return


@contextlib.contextmanager
def copy_of(disk: Path, directory: Path) -> Iterator[Path]:
    """A sparse copy of a raw disk that may be changed; gone at the end."""
    copy = directory / "disk.img"
    try:
        run("cp", "--sparse=always", "--reflink=auto", disk, copy, timeout=300)
        yield copy
    finally:
        copy.unlink(missing_ok=True)
