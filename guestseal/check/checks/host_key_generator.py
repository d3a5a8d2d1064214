"""Something makes SSH host keys for a clone

A sealed template has no host keys: a clone makes its own before sshd starts, or sshd does
not start. guestseal-local.service does it, cloud-init does, and so do units and init scripts of
some distributions. Debian 13's sshd-keygen.service does not: it runs on a first boot only, which
an empty machine-id is not (machine-id(5)). Where sshd's own unit can be told to, the seal writes a
drop-in for it: mended by writing it, where the host keys are gone already.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Fix, Inapplicable, Problem, Subject
from guestseal.guest.actions import Replace
from guestseal.guest.services import cloud_init
from guestseal.guest.services.own_units import LOCAL_STAGE
from guestseal.guest.ssh import ssh_login
from guestseal.guest.ssh.host_keys import needed_drop_ins
from guestseal.guest.ssh.sshd_config import SshdConfig
from guestseal.guest.tree import Tree

_REMEDY = f"`systemctl enable {LOCAL_STAGE}`, or have `ssh-keygen -A` run before sshd starts"


def _look(subject: Subject) -> Iterator[Problem]:
    tree = subject.tree
    if ssh_login.program(tree) is None or not ssh_login.enabled(tree):
        raise Inapplicable("sshd is not started at boot")
    if cloud_init.enabled(tree):
        return
    if needed_drop_ins(tree) is None:
        yield Problem("nothing makes SSH host keys for a clone", _REMEDY)
    elif not _has_keys(tree) and _unwritten(tree):
        yield Problem("there are no SSH host keys, and nothing makes them for a clone", _REMEDY)


def _has_keys(tree: Tree) -> bool:
    return any(tree.is_file(path) for path in SshdConfig.read(tree).host_keys)


def _unwritten(tree: Tree) -> dict[str, bytes]:
    """The drop-ins that are needed and not there, with their content."""
    wanted = needed_drop_ins(tree) or {}
    return {path: content for path, content in wanted.items() if tree.read(path) != content}


def _fix(subject: Subject) -> Fix | None:
    summary = "make host keys before sshd starts"
    actions = [Replace(path, content, summary) for path, content in _unwritten(subject.tree).items()]
    return Fix(tuple(actions)) if actions else None


CHECK = Check(_look, fix=_fix, source="ssh-keygen(1), -A; machine-id(5), first boot semantics")
