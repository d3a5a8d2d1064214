"""No mount keeps a clone from booting

A line of /etc/fstab that a boot waits for, and whose disk is not there, ends in the emergency
shell, where nobody is. A clone has a copy of the template's disk and no other one: it is named
by UUID or label, and everything else is nofail or noauto. Directories that a hypervisor shares,
and servers on the template's network, are not there either. Swap has a check of its own.

A password in a line is in every clone, and readable for all its users. What is on another disk
or on none is told on a running machine only.

Mended is the name of a filesystem that is mounted where the line says, so that its UUID is certain.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Fix, Inapplicable, Problem, Subject
from guestseal.errors import printable
from guestseal.guest.actions import Edit
from guestseal.guest.boot import fstab
from guestseal.guest.boot.device_names import identifier, is_device, unsteady
from guestseal.guest.boot.fstab import PATH, Mount
from guestseal.machine.block import NoDisk

OPTIONAL = "add nofail, or take the line out"
NETWORK = (
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "glusterfs",
    "fuse.glusterfs",
    "ceph",
    "fuse.sshfs",
    "sshfs",
    "davfs",
)
SHARED = ("9p", "virtiofs", "vboxsf", "fuse.vmhgfs-fuse", "vmhgfs", "prl_fs")
SECRETS = ("password", "pass", "passwd", "secret")  # mount.cifs(8); mount.ceph(8)


def _look(subject: Subject) -> Iterator[Problem]:
    mounts = fstab.read(subject.tree)
    if mounts is None:
        raise Inapplicable("it has no fstab")
    for mount in mounts:
        if mount.kind != "swap":
            yield from _device(subject, mount)
            yield from _secret(subject, mount)


def _device(subject: Subject, mount: Mount) -> Iterator[Problem]:
    if not mount.awaited:
        return
    point, wrong = printable(mount.point), unsteady(mount.spec)
    if mount.kind in SHARED:
        yield Problem(f"{point} is a directory of the template's hypervisor", OPTIONAL, PATH, mount.line)
    elif mount.kind in NETWORK:
        what = f"{point} is on a server: a clone that cannot reach it boots late, and without it"
        yield Problem(what, "add nofail and x-systemd.automount", PATH, mount.line, fails=False)
    elif wrong:
        what = f"{point} is on {printable(mount.spec)}, {wrong}"
        yield Problem(what, "name it by UUID, or add nofail", PATH, mount.line)
    elif subject.machine is not None and is_device(mount.spec) and mount.spec != "/dev/root":
        yield from _present(subject, mount)


def _present(subject: Subject, mount: Mount) -> Iterator[Problem]:
    named = f"{printable(mount.point)} is on {printable(mount.spec)}"
    if subject.storage.lacks(mount.spec, identifier(mount.spec)):
        yield Problem(f"{named}, which no disk here is called", OPTIONAL, PATH, mount.line)
    elif _foreign(subject, mount.spec):
        what = f"{named}, another disk than that of the root filesystem: a clone of that one has it not"
        yield Problem(what, OPTIONAL, PATH, mount.line)


def _foreign(subject: Subject, spec: str) -> bool:
    tag = identifier(spec)
    try:
        volume = subject.storage.named(*tag) if tag else None
        if tag and volume is None:
            return False
        disks = subject.storage.disks_of(volume.node if volume else spec)
        return bool(disks) and not set(disks).intersection(subject.storage.disks_at(subject.point))
    except NoDisk:
        return False


def _secret(subject: Subject, mount: Mount) -> Iterator[Problem]:
    options = dict(option.partition("=")[::2] for option in mount.options)
    point = printable(mount.point)
    if any(options.get(name) for name in SECRETS):
        remedy = "give it each clone in a file of its own (credentials=), or take the line out"
        yield Problem(f"the password for {point} is in its options", remedy, PATH, mount.line)
    path = next((options[name] for name in ("credentials", "cred", "secretfile") if options.get(name)), "")
    if path.startswith("/") and subject.tree.is_file(path):
        what, remedy = f"the password for {point} goes with every clone", "remove the file, and give each clone its own"
        yield Problem(what, remedy, path, fails=False)


def _fix(subject: Subject) -> Fix | None:
    text = subject.tree.read_text(PATH) or ""
    after = text
    for mount in fstab.mounts(text):
        if mount.awaited and mount.kind not in ("swap", *NETWORK, *SHARED) and unsteady(mount.spec):
            uuid = subject.storage.uuid_at(f"{subject.point.rstrip('/')}{mount.point.rstrip('/')}" or "/")
            after = fstab.with_spec(after, mount.line, f"UUID={uuid}") if uuid else after
    if after == text:
        return None
    before, changed = (each.encode("utf-8", "surrogateescape") for each in (text, after))
    return Fix((Edit(PATH, before, changed, "disks by UUID"),))


CHECK = Check(_look, fix=_fix, source="fstab(5); systemd.mount(5), nofail; systemd-fstab-generator(8)")
