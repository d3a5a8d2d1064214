"""cloud-init in a guest: the one other program that may set up its clones."""

from __future__ import annotations

import re

from guestseal.guest.services import openrc, units
from guestseal.guest.tree import Tree

_CONFIGS = ("/etc/cloud/cloud.cfg", "/etc/cloud/cloud.cfg.d/*.cfg")
_PRESERVE_HOSTNAME = re.compile(r"""^["']?preserve_hostname["']?[ \t]*:[ \t]*["']?(\w+)""", re.MULTILINE)
_LOG = re.compile(  # cloudinit/util.py: get_config_logfiles; 05_logging.cfg: FileHandler
    r"""(?:\bdef_log_file["']?[ \t]*:[ \t]*["']?|\btee[ \t]+-a[ \t]+|["'[:,][ \t]*["']?>>?[ \t]*|\bargs=\(["'])"""
    r"""(/[^\s"',)\]}]+)"""
)
_DATASOURCES = re.compile(  # a list between brackets, or a line with a dash for each
    r"""^[{"']*datasource_list["']?[ \t]*:[ \t]*(?:\[([^\]]*)\]|\n((?:[ \t]*(?:-[^\n]*)?(?:\n|\Z))+))""", re.MULTILINE
)
_DASHED = re.compile(r"""^[ \t]*-[ \t]*["']?(\w+)""", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_TRUE = ("true", "1", "on", "yes")  # cloudinit/util.py: TRUE_STRINGS
_COMMAND_LINES = ("/etc/default/grub", "/etc/kernel/cmdline")


def installed(tree: Tree) -> bool:
    """Whether the guest has cloud-init."""
    return tree.is_file("/usr/bin/cloud-init")


def enabled(tree: Tree) -> bool:
    """Whether cloud-init works on the guest's boots: it is installed, and not disabled as its manual says."""
    if not installed(tree) or tree.exists("/etc/cloud/cloud-init.disabled"):
        return False
    if any("cloud-init=disabled" in (tree.read_text(path) or "") for path in _COMMAND_LINES):
        return False
    return units.fragment(tree, "cloud-init.target") is not None or openrc.starts(tree, "cloud-init")


def preserves_hostname(tree: Tree) -> str | None:
    """The file of cloud-init's configuration that tells it to keep the host name; None: none does.

    The last one that says either way counts: cloudinit/util.py, read_conf_d.
    """
    said = [(path, words[-1]) for path, text in _configs(tree) if (words := _PRESERVE_HOSTNAME.findall(text))]
    path, word = said[-1] if said else (None, "")
    return path if word.lower() in _TRUE else None


def datasources(tree: Tree) -> tuple[str, list[str]]:
    """The file with the datasource_list that counts, the last one, and its names; ("", []): cloud-init's own."""
    said = [(path, found) for path, text in _configs(tree) for found in _DATASOURCES.findall(text)]
    if not said:
        return "", []
    path, (between, dashed) = said[-1]
    return path, re.findall(r"\w+", between) + _DASHED.findall(dashed)


def logfiles(tree: Tree) -> list[str]:
    """The files that cloud-init's configuration says it logs to, each once; they may be missing, or devices."""
    return list(dict.fromkeys(found for _, text in _configs(tree) for found in _LOG.findall(text)))


def _configs(tree: Tree) -> list[tuple[str, str]]:
    """The files of cloud-init's configuration in the order in which they are read, with their text without comments."""
    paths = [path for pattern in _CONFIGS for path in sorted(tree.glob(pattern)) if tree.is_file(path)]
    return [(path, _COMMENT.sub("", tree.read_text(path) or "")) for path in paths]
