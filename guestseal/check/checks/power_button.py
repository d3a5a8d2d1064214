"""The power button works

A platform stops a clone by its power button, and pulls the plug when nothing happens. What hears
it is systemd-logind (HandlePowerKey=, poweroff unless it is set, and it needs D-Bus), or acpid.
A warning, unless the platform's profile says more.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Problem, Subject
from guestseal.guest.network.bringup.placed_files import placed
from guestseal.guest.sections import Sections
from guestseal.guest.services import units
from guestseal.guest.services.boot_services import started
from guestseal.guest.tree import Tree

_MAIN = "/etc/systemd/logind.conf"
_OFF = ("poweroff", "halt")
_ACPID = "install acpid and have it started at boot"


def _look(subject: Subject) -> Iterator[Problem]:
    tree = subject.tree
    if started(tree, ("acpid.service", "acpid.socket", "acpid.path"), ("acpid", "busybox-acpid")):
        return
    if not units.runs_systemd(tree):
        yield Problem("nothing hears the power button", _ACPID, fails=False)
    elif units.fragment(tree, "systemd-logind.service") is None:
        yield Problem("nothing hears the power button: systemd-logind is missing or masked", _ACPID, fails=False)
    elif units.fragment(tree, "dbus.socket") is None:
        yield Problem("nothing hears the power button: systemd-logind has no D-Bus", "install dbus", fails=False)
    else:
        yield from _handled(tree)


def _handled(tree: Tree) -> Iterator[Problem]:
    """logind.conf(5): the main file, and then the drop-ins."""
    files = [(_MAIN, tree.read_text(_MAIN) or "")] if tree.is_file(_MAIN) else []
    files += [(file.where, file.text()) for file in placed("/systemd/logind.conf.d", tree, None, suffix=".conf")]
    said = [(path, value) for path, text in files for value in Sections(text).values("login", "handlepowerkey")]
    if said and said[-1][1].lower() not in _OFF:
        remedy = "set HandlePowerKey=poweroff, or take the line out"
        yield Problem("systemd-logind does not power off when the button is pressed", remedy, said[-1][0], fails=False)


CHECK = Check(_look, source="logind.conf(5), HandlePowerKey=; acpid(8)")
