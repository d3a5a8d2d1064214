"""Clones to personalise: the tree of a sealed Debian as data, and the values a step is given."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from support.trees import Dir, Entry, File, Link, build, read

from guestseal.firstboot.metadata import Metadata, Secret
from guestseal.firstboot.step import Clone, Result, Step
from guestseal.guest.facts import Guest
from guestseal.guest.root import Root
from guestseal.machine.clock import Clock
from guestseal.machine.host import Machine
from guestseal.settings import Settings

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="gives files to other accounts")

ANN = (1000, 1000)
KEYS = (
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAz2+TTPhJO3YI8YgbWqBgK37YxjfT01N5hCgXnlRRZ1 ann@example",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIARmen1aRHYWetkCD/3cS/H3eFPJX7/TYqQvLZ3eTsSO bob",
)
TODAY = 20000
"""Days since 1970 on the clones' clock: 2024-10-04."""
TEMPLATE_PASSWORD = b"the template's"
TEMPLATE_HASH = (  # made by openssl passwd -6
    "$6$template$lQa2BMIqmel9rq76hojME6kZxu4H0Bko.wI7zJxUbBpP1sac7UveVJuBiZUkdGJ4q.EVWcW2XyWjVe6xwsG2l/"
)
SHADOW = (
    f"root:{TEMPLATE_HASH}:0:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\nann:!:19000:0:99999:7:::\n+nisuser::::::::\n"
)
HOSTS = "127.0.0.1\tlocalhost\n# ours\n10.0.0.5   db.example db\n"
_SECRETS = ("password", "password_hash")
DEBIAN: dict[str, Entry] = {
    "/etc/os-release": File("ID=debian\n"),
    "/etc/passwd": File(
        "root:x:0:0:root:/root:/bin/bash\n"
        "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
        "ann:x:1000:1000::/home/ann:/bin/bash\n"
    ),
    "/etc/shadow": File(SHADOW, 0o640, (0, 42)),
    "/etc/.pwd.lock": File("", 0o600),
    "/etc/hostname": File("localhost\n"),
    "/etc/hosts": File(HOSTS),
    "/etc/login.defs": File("# ENCRYPT_METHOD YESCRYPT\nENCRYPT_METHOD SHA512\n"),
    "/etc/ssh/sshd_config": File("UsePAM yes\n"),
    "/usr/sbin/sshd": File("", 0o755),
    "/etc/network/interfaces": File("auto lo eth0\niface lo inet loopback\niface eth0 inet dhcp\n"),
    "/etc/systemd/system/multi-user.target.wants/networking.service": Link("/lib/systemd/system/networking.service"),
    "/lib/systemd/system/networking.service": File("[Service]\n"),
    "/root": Dir(0o700),
    "/home/ann": Dir(0o755, ANN),
}
"""Root's password has to be changed at the next login, and sshd takes root's keys only."""


class FixedClock(Clock):
    """A clock whose wall time stands still."""

    def __init__(self, now: float) -> None:
        self._now = now

    def now(self) -> float:
        """The given time."""
        return self._now


class Elsewhere(Machine):
    """The machine that runs the tests: no clone's tree is its own, so its name is not to be set."""

    def set_hostname(self, name: str) -> None:
        """Fails the test."""
        raise AssertionError(f"the host name of the testing machine was to become {name}")


@dataclass
class CloneTree:
    """A clone on disk, on which steps run one after the other."""

    path: Path
    settings: Settings = field(default_factory=Settings)
    day: float = TODAY

    def clone(self, *, memory: Mapping[str, str] | None = None, live: bool = False, **said: Any) -> Clone:
        """What a step is given; ``said`` are fields of the metadata, secrets as bytes."""
        said = {
            name: Secret(value) if name in _SECRETS and value is not None else value for name, value in said.items()
        }
        metadata = Metadata("test", "192.0.2.1:80", **said)
        root = Root(str(self.path))
        machine = (Machine if live else Elsewhere)(clock=FixedClock(self.day * 86400.0))
        return Clone(root, Guest(root, live=live), machine, self.settings, metadata, live, memory or {})

    def run(self, step: Step, *, memory: Mapping[str, str] | None = None, **said: Any) -> Result:
        """Run ``step`` once on a tree that is not the running machine's."""
        clone = self.clone(memory=memory, **said)
        try:
            return step.run(clone)
        finally:
            clone.root.close()

    def read(self, path: str) -> str:
        """The text of one file."""
        return Path(f"{self.path}{path}").read_text(encoding="utf-8")

    def entry(self, path: str) -> Entry | None:
        """What is at ``path``, as data; None: nothing."""
        return read(self.path).get(path)

    def leftovers(self) -> list[str]:
        """What guestseal made for itself on the way and should have taken away again."""
        return [path for path in read(self.path) if "/.guestseal-" in path]


def clone_tree(path: Path, changes: Mapping[str, Entry | None] | None = None, **settings: str) -> CloneTree:
    """A sealed Debian's clone below ``path``, with ``changes`` (None: not there) and these settings."""
    tree = {name: entry for name, entry in {**DEBIAN, **(changes or {})}.items() if entry is not None}
    path.mkdir(parents=True, exist_ok=True)
    build(path, tree)
    return CloneTree(path, Settings(**settings))  # type: ignore[arg-type]


def on_full_disk(path: Path, changes: Mapping[str, Entry | None] | None = None) -> CloneTree:
    """The same on a disk without a free byte. In a mount namespace of its own only: the disk is never unmounted."""
    path.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(path)], check=True)
    made = clone_tree(path, changes)
    with path.joinpath("filling").open("wb", buffering=0) as file:
        try:
            for _ in range(1024):
                file.write(bytes(1024))
        except OSError as error:
            assert error.errno == errno.ENOSPC
        else:
            raise AssertionError("not the tiny disk")
    return made
