"""The network configuration that cloud-init writes for one machine, and whether it writes it for each clone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from guestseal.guest.patterns import fits
from guestseal.guest.services import cloud_init
from guestseal.guest.text_files import texts
from guestseal.guest.tree import Tree

# cloudinit/cmd/clean.py: GEN_NET_CONFIG_FILES. The .link files beside ifupdown's: cloudinit/net/eni.py,
# LINKS_FNAME_PREFIX; Debian's cloud-init leaves .cfg out of 50-cloud-init.
FILES = (
    "/etc/netplan/50-cloud-init.yaml",
    "/etc/NetworkManager/conf.d/99-cloud-init.conf",
    "/etc/NetworkManager/conf.d/30-cloud-init-ip6-addr-gen-mode.conf",
    "/etc/NetworkManager/system-connections/cloud-init-*.nmconnection",
    "/etc/systemd/network/10-cloud-init-*.network",
    "/etc/systemd/network/50-cloud-init-*.link",
    "/etc/network/interfaces.d/50-cloud-init*",
)
_IFCFG = ("/etc/sysconfig/network-scripts/ifcfg-*", "/etc/sysconfig/network/ifcfg-*")
_HEADER = "# Created by cloud-init "  # cloudinit/net/sysconfig.py
_KERNEL = ("/etc/default/grub", "/etc/kernel/cmdline")
_OFF = re.compile(r"^network:\s*\{?\s*config:\s*[\"']?disabled", re.MULTILINE)


def written_anew(tree: Tree, *, apart_from: Collection[str] = ()) -> bool:
    """Whether cloud-init configures the network of each clone: it is enabled and not told to leave it alone.

    "Network configuration" in cloud-init's documentation: ``network: {config: disabled}``,
    ``network-config=disabled`` on the kernel's command line. ``apart_from``: files of its
    configuration that do not count.
    """
    if not cloud_init.enabled(tree):
        return False
    configs = {"/etc/cloud/cloud.cfg", *tree.glob("/etc/cloud/cloud.cfg.d/*.cfg")} - set(apart_from)
    if any(_OFF.search(tree.read_text(path) or "") for path in configs if tree.is_file(path)):
        return False
    return not any("network-config=disabled" in (tree.read_text(path) or "") for path in _KERNEL if tree.is_file(path))


def generated(tree: Tree, *, apart_from: Collection[str] = ()) -> Iterator[str]:
    """The files that cloud-init wrote for this machine and will write for each clone; none where it will not.

    ``apart_from``: as for ``written_anew``.
    """
    if written_anew(tree, apart_from=apart_from):
        yield from (path for pattern in FILES for path in tree.glob(pattern))
        yield from (path for path, text in texts(tree, *_IFCFG) if _is_theirs(path, text))


def not_generated(tree: Tree, *patterns: str) -> dict[str, str]:
    """The regular files that the patterns match, with their text, but for those that ``generated`` names."""
    found = dict(texts(tree, *patterns))
    theirs = [path for path, text in found.items() if _is_theirs(path, text)]
    for path in theirs if theirs and written_anew(tree) else ():
        del found[path]
    return found


def _is_theirs(path: str, text: str) -> bool:
    if any(fits(pattern, path) for pattern in _IFCFG):
        return text.startswith(_HEADER) and not path.endswith("/ifcfg-lo")
    return any(fits(pattern, path) for pattern in FILES)
