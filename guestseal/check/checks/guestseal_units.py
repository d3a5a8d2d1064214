"""guestseal's own units make clones of this template machines of their own

guestseal-local.service gives a clone host keys and a host name, guestseal-firstboot.service what
the platform says: name, keys, password. A template in which they are disabled, or masked, or in
which the program that they start is missing, has clones that stay what the template was.
Where cloud-init is enabled the second one may well be disabled. Where guestseal is not installed in
the guest, as after a seal from outside, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.guest.services import cloud_init, units
from guestseal.guest.services.own_units import LOCAL_STAGE, NETWORK_STAGE
from guestseal.guest.tree import Tree

_PROGRAM = "/usr/bin/guestseal"


def _look(subject: Subject) -> Iterator[Problem]:
    tree = subject.tree
    if not tree.is_file(_PROGRAM) and not any(units.fragment(tree, name) for name in (LOCAL_STAGE, NETWORK_STAGE)):
        raise Inapplicable("guestseal is not installed in the guest")
    if not units.runs_systemd(tree):
        raise Inapplicable("its units need systemd")
    optional = {NETWORK_STAGE} if cloud_init.enabled(tree) else set()
    for name in (LOCAL_STAGE, NETWORK_STAGE):
        path = units.fragment(tree, name)
        if path is None and name not in optional:
            yield Problem(f"{name} is masked or missing", f"`systemctl unmask {name}`, or install guestseal again")
        elif not units.enabled(tree, name) and name not in optional:
            yield Problem(f"{name} is not enabled", f"`systemctl enable {name}`", path or "")
        elif path is not None and not _startable(tree, name):
            yield Problem(f"{name} starts a program that is not there", "install guestseal again", path)


def _startable(tree: Tree, name: str) -> bool:
    commands = units.settings(tree, name).get("ExecStart", [])
    # systemd.service(5), COMMAND LINES: special characters come before the path.
    return all(tree.is_file(command.split()[0].lstrip("@-:+!")) for command in commands)


CHECK = Check(_look, source="guestseal(8); systemd.unit(5)")
