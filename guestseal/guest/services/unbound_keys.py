"""The keys of Unbound's remote control: who makes them, and whether unbound.conf(5) needs them."""

from __future__ import annotations

import re

from guestseal.guest.services.units import pulls_in
from guestseal.guest.tree import Tree

DIRECTORY = "/etc/unbound"
KEYS = (f"{DIRECTORY}/unbound_server.key", f"{DIRECTORY}/unbound_control.key")
CERTIFICATES = (f"{DIRECTORY}/unbound_server.pem", f"{DIRECTORY}/unbound_control.pem")
FILES = (*KEYS, *CERTIFICATES)
MAKER = "/usr/sbin/unbound-control-setup"
OPENSSL = "/usr/bin/openssl"

_UNIT = "unbound-keygen.service"
_DIRECTORIES = ("unbound.conf.d", "conf.d", "local.d")  # Debian; Enterprise Linux, which has the last one as well
_INCLUDED = tuple(f"{DIRECTORY}/{name}/*.conf" for name in _DIRECTORIES)
_SETTING = re.compile(r"^\s*(include|include-toplevel|control-[a-z-]+)\s*:\s*[\"']?([^\"'\s#]*)", re.MULTILINE)


def are_needed(tree: Tree) -> bool:
    """Whether unbound would not start without them: its remote control takes TCP connections.

    Not where remote control is off, or listens on a socket file only, as Debian's has since
    unbound 1.15. A file that is included from elsewhere may say anything: then they are needed.
    """
    settings = list(_settings(tree))
    values = {name: [value for key, value in settings if key == name] for name, _ in settings}
    included = [*values.get("include", []), *values.get("include-toplevel", [])]
    if any(name not in _INCLUDED for name in included):
        return True
    if "yes" not in values.get("control-enable", []):
        return False
    interfaces = values.get("control-interface", [])
    return not interfaces or not all(value.startswith("/") for value in interfaces)


def are_made_by_package(tree: Tree) -> bool:
    """Whether Enterprise Linux's own unit makes missing ones before unbound starts."""
    return pulls_in(tree, "unbound.service", _UNIT)


def can_be_made(tree: Tree) -> bool:
    """Whether the guest has the programs that make them."""
    return tree.is_file(MAKER) and tree.is_file(OPENSSL)


def _settings(tree: Tree) -> list[tuple[str, str]]:
    paths = [f"{DIRECTORY}/unbound.conf", *(path for pattern in _INCLUDED for path in tree.glob(pattern))]
    return [found for path in paths if tree.is_file(path) for found in _SETTING.findall(tree.read_text(path) or "")]
