"""Trees to boot in for the benchmark: a fresh one for each first boot, with a peer's or with our command in it.

Call from a process in a mount, UTS and network namespace of its own: a stage sets the host
name, and cloud-init asks nobody but 169.254.169.254.
"""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from support.debian import PACKAGES, base, dirty, guestseal, install, run, view

METADATA = "169.254.169.254"
ADDRESS = "10.77.0.11"
DEVICES = ("null", "zero", "urandom", "random")
"""No disk among them: nothing may be grown or mounted here."""
CLOUD_INIT = """datasource_list: [ Ec2 ]
datasource:
  Ec2: {{strict_id: false, metadata_urls: ["http://169.254.169.254:80"]}}
network: {{config: disabled}}
disable_root: false
users: []
ssh_deletekeys: {keys}
ssh_genkeytypes: {kinds}
"""
EQUAL_WORK = """cloud_init_modules: [set_hostname, update_etc_hosts, ssh]
manage_etc_hosts: localhost
cloud_config_modules: []
cloud_final_modules: [ssh-authkey-fingerprints, keys-to-console, final-message]
"""
"""What guestseal does as well: the host name, /etc/hosts, keys and what is said on the console."""
NOT_IN_A_CHROOT = "locale: C.UTF-8\ngrowpart: {mode: off}\nresize_rootfs: false\n"
"""Debian's modules as they come, without what needs a disk or a locale that is not built."""
STAGES = (("init", "--local"), ("init",), ("modules", "--mode=config"), ("modules", "--mode=final"))


def network() -> None:
    """The platform's address and the clone's, in this process's own network namespace."""
    run("ip", "link", "set", "lo", "up")
    run("ip", "address", "add", f"{METADATA}/32", "dev", "lo")
    run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "far")
    run("ip", "address", "add", f"{ADDRESS}/24", "dev", "eth0")
    for name in ("eth0", "far"):
        run("ip", "link", "set", name, "up")


def peer() -> Path:
    """The pristine tree with Debian's cloud-init."""
    return base(packages=[*PACKAGES, "cloud-init"])


class Trees:
    """Views to boot in; their changes lie below ``scratch`` until it is closed."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._numbers = itertools.count()
        self._stack = contextlib.ExitStack()
        self._journal = scratch / "journal"

    def __enter__(self) -> Trees:
        self._journal.mkdir()
        listening = self._stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        listening.bind(str(self._journal / "socket"))
        threading.Thread(target=_drain, args=(listening,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def layer(self, *lower: Path) -> tuple[Path, Path]:
        """A view on ``lower`` to prepare, and the directory that is a layer once the view is not used any more."""
        place = self._scratch / f"layer{next(self._numbers)}"
        return self._stack.enter_context(view(list(lower), place)), place / "upper"

    def fresh(self, *lower: Path) -> Path:
        """A tree in which one machine can boot, again and again."""
        tree = self._stack.enter_context(view(list(lower), self._scratch / f"tree{next(self._numbers)}"))
        self._stack.enter_context(_mounted(tree))
        self.boot(tree)
        return tree

    def boot(self, tree: Path) -> None:
        """Forget what lives until power-off, and keep a journal."""
        run("umount", "-R", tree / "run")
        run("mount", "-t", "tmpfs", "tmpfs", tree / "run")
        place = tree / "run/systemd/journal"
        place.mkdir(parents=True)
        run("mount", "--bind", self._journal, place)


@contextlib.contextmanager
def _mounted(tree: Path) -> Iterator[Path]:
    for kind, name in (("proc", "proc"), ("sysfs", "sys"), ("tmpfs", "run"), ("tmpfs", "dev")):
        options = ["-o", "ro"] if kind == "sysfs" else []
        run("mount", "-t", kind, *options, kind, tree / name)
    for name in DEVICES:
        (tree / "dev" / name).touch()
        run("mount", "--bind", f"/dev/{name}", tree / "dev" / name)
    (tree / "dev/console").touch()
    try:
        yield tree
    finally:
        for name in ("dev", "run", "sys", "proc"):
            run("umount", "-R", tree / name)


def _drain(journal: socket.socket) -> None:
    """Take what is told, as journald does: a full socket would make its clients wait."""
    with contextlib.suppress(OSError):
        while True:
            journal.recv(1 << 16)


def sealed(trees: Trees) -> list[Path]:
    """The layers of a sealed template with guestseal installed as a package installs it: byte-compiled."""
    lower = base()
    tree, upper = trees.layer(lower)
    install(tree)
    run("chroot", tree, "python3", "-m", "compileall", "-q", "/usr/share/guestseal")
    (tree / "etc/guestseal").mkdir(parents=True, exist_ok=True)
    (tree / "etc/guestseal/guestseal.conf").write_text("[firstboot]\nsources = ec2\n")
    dirty(tree)
    guestseal("--root", tree, "seal", "--yes")
    return [upper, lower]


def with_cloud_init(trees: Trees, configuration: str, *, keys: bool) -> list[Path]:
    """The layers of a tree in which cloud-init asks the same service and makes the same keys, or none."""
    lower = peer()
    tree, upper = trees.layer(lower)
    kinds = "[ed25519, ecdsa, rsa]" if keys else "[]"
    text = CLOUD_INIT.format(keys=str(keys).lower(), kinds=kinds) + configuration
    (tree / "etc/cloud/cloud.cfg.d/99-bench.cfg").write_text(text)
    return [upper, lower]


def cloud_init(tree: Path) -> list[Sequence[str | Path]]:
    """The four commands of one boot, as Debian's units run them."""
    return [["chroot", tree, "cloud-init", *words] for words in STAGES]


def stage(tree: Path, name: str) -> Sequence[str | Path]:
    """One of our two, as its unit runs it."""
    return ["chroot", tree, "guestseal", "firstboot", "--stage", name]
