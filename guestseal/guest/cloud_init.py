"""cloud-init in a guest: the one other program that may set up its clones."""

from __future__ import annotations

import re

from guestseal.guest import openrc, units
from guestseal.guest.tree import Tree

_CONFIGS = ("/etc/cloud/cloud.cfg", "/etc/cloud/cloud.cfg.d/*.cfg")
_PRESERVE_HOSTNAME = re.compile(r"""^["']?preserve_hostname["']?[ \t]*:[ \t]*["']?(\w+)""", re.MULTILINE)
_TRUE = ("true", "1", "on", "yes")  # cloudinit/util.py: TRUE_STRINGS
_COMMAND_LINES = ("/etc/default/grub", "/etc/kernel/cmdline")


def enabled(tree: Tree) -> bool:
    """Whether cloud-init works on the guest's boots: it is installed, and not disabled as its manual says."""
    if not tree.is_file("/usr/bin/cloud-init") or tree.exists("/etc/cloud/cloud-init.disabled"):
        return False
    if any("cloud-init=disabled" in (tree.read_text(path) or "") for path in _COMMAND_LINES):
        return False
    return units.fragment(tree, "cloud-init.target") is not None or openrc.starts(tree, "cloud-init")


def preserves_hostname(tree: Tree) -> str | None:
    """The file of cloud-init's configuration that tells it to keep the host name; None: none does.

    The last one that says either way counts: cloudinit/util.py, read_conf_d.
    """
    files = [path for pattern in _CONFIGS for path in sorted(tree.glob(pattern)) if tree.is_file(path)]
    said = [(path, words[-1]) for path in files if (words := _PRESERVE_HOSTNAME.findall(tree.read_text(path) or ""))]
    path, word = said[-1] if said else (None, "")
    return path if word.lower() in _TRUE else None
