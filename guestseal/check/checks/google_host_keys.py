"""SSH host keys of a clone are made once, by one program

On a clone Google's guest agent finds another instance id and makes the host keys anew, unless set_host_keys is
false in [InstanceSetup] of /etc/default/instance_configs.cfg. Where guestseal-local.service or
cloud-init has made them before, the fingerprints that were shown on the console are those
of keys that are gone a moment later, and whoever was first to log in is warned of an attack. A warning.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.guest.sections import Sections
from guestseal.guest.services import cloud_init, units
from guestseal.guest.services.own_units import LOCAL_STAGE
from guestseal.guest.tree import Tree

_AGENT = ("google-guest-agent.service", "google-guest-agent-manager.service")
# guest-agent, google_guest_agent/cfg/cfg.go: defaultDataSources(), each over the one before.
_CONFIGS = tuple(f"/etc/default/instance_configs.cfg{suffix}" for suffix in ("", ".distro", ".template"))
_FALSE = ("false", "f", "0", "no", "n", "off")


def _look(subject: Subject) -> Iterator[Problem]:
    tree = subject.tree
    if not any(units.enabled(tree, name) for name in _AGENT):
        raise Inapplicable("Google's guest agent is not enabled")
    others = [LOCAL_STAGE] if units.enabled(tree, LOCAL_STAGE) else []
    others += ["cloud-init"] if cloud_init.enabled(tree) else []
    path, value = _said(tree)
    if others and value.lower() not in _FALSE:
        remedy = f"set set_host_keys = false in [InstanceSetup] of {_CONFIGS[0]}"
        yield Problem(f"Google's guest agent makes the host keys of {others[0]} anew", remedy, path, fails=False)


def _said(tree: Tree) -> tuple[str, str]:
    """The last file that says something of it, and what."""
    found = ("", "true")
    for path in _CONFIGS:
        if tree.is_file(path):
            value = Sections(tree.read_text(path) or "", continued=False).last("instancesetup", "set_host_keys")
            found = (path, value) if value else found
    return found


CHECK = Check(
    _look,
    source="cloud-image-tests, TestHostKeysGeneratedOnce; guest-agent, README, Configuration",
    profiles=("gcp",),
)
