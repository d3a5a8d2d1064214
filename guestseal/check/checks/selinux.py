"""SELinux is on, has its policy, and finds labels

SELINUX=disabled, or selinux=0 for the kernel, leaves every clone without it, and files made
meanwhile without labels: a warning. In enforcing mode a guest whose policy is missing stops at
boot, and one in which the accounts, sshd or login have no label lets nobody in. Then
/.autorelabel has the next boot label everything; where everything is labelled it only
has each clone do so in vain and boot twice, which is a warning.

Mended are missing labels, by making /.autorelabel.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Fix, Inapplicable, Problem, Subject
from guestseal.guest import selinux_labels
from guestseal.guest.actions import Replace
from guestseal.guest.boot import boot_entries
from guestseal.guest.boot.kernel_command_line import values
from guestseal.guest.sysconfig import variables
from guestseal.guest.tree import Tree

_REQUEST = "/.autorelabel"
_NEEDED = (
    *("/etc/passwd", "/etc/shadow", "/etc/group", "/etc/machine-id", "/etc/ssh/sshd_config"),
    *("/usr/sbin/sshd", "/usr/bin/login", "/usr/bin/bash", "/root"),
)


def _look(subject: Subject) -> Iterator[Problem]:
    tree = subject.tree
    if not tree.is_file(selinux_labels.CONFIG):
        raise Inapplicable("the guest has no SELinux")
    said = variables(tree.read_text(selinux_labels.CONFIG) or "")
    mode = said.get("SELINUX", "").lower()
    if mode == "disabled":
        remedy = f"SELINUX=enforcing, and `touch {_REQUEST}` for the labels"
        yield Problem("SELinux is disabled", remedy, selinux_labels.CONFIG, fails=False)
        return
    for entry in boot_entries.entries(tree):
        if values(entry.text, "selinux")[-1:] == ["0"]:
            remedy = f"take selinux=0 out, and `touch {_REQUEST}` for the labels"
            yield Problem("SELinux is disabled for the kernel", remedy, entry.path, entry.line, fails=False)
    bare = _unlabelled(tree)
    if mode == "enforcing" and not any(
        tree.glob(f"/etc/selinux/{said.get('SELINUXTYPE', 'targeted')}/policy/policy.*")
    ):
        remedy = "install selinux-policy-targeted, or SELINUX=permissive"
        yield Problem("the policy is missing: the boot stops", remedy, selinux_labels.CONFIG)
    if mode == "enforcing" and bare and tree.lstat(_REQUEST) is None:
        yield Problem("has no SELinux label: nobody can log in", f"`touch {_REQUEST}`, or restorecon(8)", bare[0])
    if not bare and tree.lstat(_REQUEST) is not None:
        what = "each clone labels all its files at its first boot, and boots again"
        yield Problem(what, "remove the file: everything has a label", _REQUEST, fails=False)


def _unlabelled(tree: Tree) -> list[str]:
    return [path for path in _NEEDED if selinux_labels.unlabelled(tree, path)]


def _fix(subject: Subject) -> Fix | None:
    tree = subject.tree
    if not selinux_labels.used(tree) or not _unlabelled(tree) or tree.lstat(_REQUEST) is not None:
        return None
    return Fix((Replace(_REQUEST, b"", "the next boot labels all files", 0o600),))


CHECK = Check(_look, fix=_fix, source="selinux_config(5), selinux(8); fixfiles(8), onboot")
