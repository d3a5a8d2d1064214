"""sshd is there, starts at boot, and takes its configuration

A clone is reached by SSH. Looked at is whether an SSH server is installed and something
starts it: ssh.service, sshd.service or their sockets, an init script. Where the guest runs and
has host keys, sshd is asked to read its configuration (sshd -t): with a word that it does not
know it does not start, and nobody sees it until the next boot.

No SSH server at all is a warning: the template may be reached in another way. Of dropbear and
TinySSH nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.guest.facts import Family
from guestseal.guest.services import units
from guestseal.guest.services.boot_services import started
from guestseal.guest.ssh import ssh_login
from guestseal.guest.ssh.sshd_config import SshdConfig
from guestseal.guest.tree import Tree
from guestseal.machine.host import Machine

_OTHERS = ("dropbear", "tinysshd")
_TEST_WITHIN = 10.0
_PLACE = re.compile(rb"^(/[^\s:]+):? line (\d+)", re.MULTILINE)


def _look(subject: Subject) -> Iterator[Problem]:
    tree = subject.tree
    path = ssh_login.program(tree)
    if path is None or not ssh_login.enabled(tree):
        other = next((name for name in _OTHERS if started(tree, (f"{name}.service", f"{name}.socket"), (name,))), None)
        if other is not None:
            raise Inapplicable(f"{other} is the SSH server")
    if path is None:
        yield Problem("no SSH server is installed", "install openssh-server, or have another way in", fails=False)
    elif not ssh_login.enabled(tree):
        name = "ssh" if subject.guest.family is Family.DEBIAN else "sshd"
        command = f"systemctl enable {name}" if units.runs_systemd(tree) else f"rc-update add {name}"
        yield Problem("sshd is installed, and nothing starts it at boot", f"`{command}`", path)
    elif subject.machine is not None:
        yield from _tested(subject.machine, tree, path)


def _tested(machine: Machine, tree: Tree, path: str) -> Iterator[Problem]:
    # Without root, and without any host key, it fails for that.
    if machine.processes.effective_uid() != 0 or not any(tree.is_file(key) for key in SshdConfig.read(tree).host_keys):
        return
    done = machine.commands.run([path, "-t"], timeout=_TEST_WITHIN, accept=(0, 1, 255))
    # What is in /run is made when the service starts.
    if done.status != 0 and b"privilege separation directory" not in done.stderr:
        place = _PLACE.search(done.stderr)
        file, line = (place[1].decode("utf-8", "replace"), int(place[2])) if place else ("/etc/ssh/sshd_config", 0)
        yield Problem("sshd does not take its configuration", f"see what `{path} -t` says", file, line)


CHECK = Check(_look, source="sshd(8), -t; systemd.unit(5)")
