"""Who makes a guest's SSH host keys when there are none.

Without any key sshd does not start and nobody can log in. Debian 11 and 12 and Ubuntu
have nothing that makes them (only openssh-server's postinst does). Debian 13 has
sshd-keygen.service, but with ConditionFirstBoot=yes, and an empty machine-id is not a
first boot (machine-id(5)). RHEL, Fedora and Arch have units that sshd.service wants,
SUSE an ExecStartPre=, Alpine and Gentoo an init script that runs ``ssh-keygen -A``.
"""

from __future__ import annotations

import re

from guestseal.guest.services.own_units import LOCAL_STAGE
from guestseal.guest.services.units import DIRECTORIES, drop_ins, enabled, fragment, pulled_in, runs_systemd, settings
from guestseal.guest.ssh.ssh_login import program
from guestseal.guest.ssh.sshd_config import SshdConfig
from guestseal.guest.tree import Tree

DROP_IN = "guestseal-host-keys.conf"

_UNITS = ("ssh.service", "sshd.service", "ssh@.service", "sshd@.service")
_MAKES = re.compile(r"^[^#\n]*(key-?gen|gen-?keys|makekey|dropbearkey)", re.IGNORECASE | re.MULTILINE)
_MADE_BY_KEYGEN_A = re.compile(r"/etc/ssh/ssh_host_(rsa|dsa|ecdsa|ed25519)_key")
_PLAIN = re.compile(r"/[\w./+@-]+", re.ASCII)  # needs no quoting, neither for a shell nor in a unit
_REFUSED = re.compile(  # Alpine and Gentoo: conf.d/sshd; RHEL 7: sysconfig/sshd
    r"^\s*(sshd_disable_keygen=[\"']?(yes|true|1|on)|AUTOCREATE_SERVER_KEYS=[\"']?no)", re.IGNORECASE | re.MULTILINE
)


def needed_drop_ins(tree: Tree) -> dict[str, bytes] | None:
    """The drop-ins that make sshd's host keys wherever nothing else does: path and content.

    Empty: none is needed. None: nothing makes the keys, and drop-ins cannot either.
    """
    if enabled(tree, LOCAL_STAGE) or program(tree) is None:
        return {}
    other = [key for key in SshdConfig.read(tree).host_keys if not _MADE_BY_KEYGEN_A.fullmatch(key)]
    if not runs_systemd(tree):
        return {} if not other and init_makes_keys(tree, "sshd") else None
    units = [name for name in _UNITS if _is_own_unit(tree, name)]
    bare = [name for name in units if other or not unit_makes_keys(tree, name)]
    able = tree.is_file("/usr/bin/ssh-keygen") and all(_PLAIN.fullmatch(key) for key in other)
    if not units or (bare and not able) or any(_undone(tree, name) for name in bare):
        return None
    return {f"{DIRECTORIES[0]}/{name}.d/{DROP_IN}": _drop_in(tree, name, other) for name in bare}


def unit_makes_keys(tree: Tree, name: str) -> bool:
    """Whether the unit, or one for keys that starts with it, makes missing keys. Our drop-in does not count."""
    if _refused(tree):
        return False
    pending, seen = [name], set()
    while pending:
        unit = pending.pop()
        if unit in seen:
            continue
        seen.add(unit)
        found = settings(tree, unit, before=DROP_IN if unit == name else "\uffff")
        conditions = [value.strip("|").lower() for value in found.get("ConditionFirstBoot", ())]
        if any(value in ("yes", "true", "1", "on") for value in conditions):
            continue
        if any(_MAKES.search(line) for key in ("ExecStartPre", "ExecStart") for line in found.get(key, ())):
            return True
        pending += [wanted for wanted in pulled_in(tree, unit) if "key" in wanted]
    return False


def init_makes_keys(tree: Tree, script: str) -> bool:
    """Whether the OpenRC or SysV init script of a guest without systemd makes missing keys."""
    path = f"/etc/init.d/{script}"
    if runs_systemd(tree) or _refused(tree) or not tree.is_file(path):
        return False
    return _MAKES.search(tree.read_text(path) or "") is not None


def _refused(tree: Tree) -> bool:
    texts = [tree.read_text(path) or "" for path in ("/etc/conf.d/sshd", "/etc/sysconfig/sshd") if tree.is_file(path)]
    return any(_REFUSED.search(text) for text in texts)


def _is_own_unit(tree: Tree, name: str) -> bool:
    """Whether the unit exists under this very name: an alias (sshd.service on Debian) is the other unit."""
    path = fragment(tree, name)
    return path is not None and (tree.resolve(path) or "").endswith(f"/{name}")


def _undone(tree: Tree, name: str) -> bool:
    """Whether a drop-in that comes after ours resets ExecStartPre= and so takes ours away."""
    later = {file: path for file, path in drop_ins(tree, name).items() if file > DROP_IN and tree.is_file(path)}
    return any(re.search(r"^\s*ExecStartPre\s*=\s*$", tree.read_text(path) or "", re.M) for path in later.values())


def _drop_in(tree: Tree, name: str, other: list[str]) -> bytes:
    keygen = "/usr/bin/ssh-keygen"
    make = f"{{ rm -f %s; {keygen} -q -t %s -N '' -f %s; }}"  # it asks before it writes over an empty file
    commands = [f"{keygen} -A", *(f"[ -s {key} ] || " + make % (key, _kind(key), key) for key in other)]
    if "@" in name:
        # One instance for each connection: they must not make keys at once, and what
        # ssh-keygen prints must not go to the client, whose socket is standard output.
        lock = "exec 9</etc/ssh; flock 9; " if tree.is_file("/usr/bin/flock") else ""
        commands = [f"exec >/dev/null 2>&1; {lock}{command}" for command in commands]
    lines = [command if command == f"{keygen} -A" else f'/bin/sh -c "{command}"' for command in commands]
    return "\n".join(
        (
            "# Written by guestseal: a clone makes the host keys it lacks before sshd starts.",
            "[Service]",
            "ExecStartPre=",
            *(f"ExecStartPre=-{line}" for line in lines),
            *(f"ExecStartPre={line}" for line in settings(tree, name, before=DROP_IN).get("ExecStartPre", ())),
            "",
        )
    ).encode()


def _kind(key: str) -> str:
    """The kind of key a file's name speaks of: the file itself is gone when the drop-in is planned again."""
    return next((kind for kind in ("rsa", "ecdsa") if kind in key.rpartition("/")[2]), "ed25519")
