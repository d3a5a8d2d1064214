"""The machine-id: empty where systemd reads it, gone where dbus-uuidgen makes it."""

from __future__ import annotations

from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE, SYSTEMD, Case
from support.trees import Dir, File, Hardlink, Link

ETC, DBUS = "/etc/machine-id", "/var/lib/dbus/machine-id"
ID = File("0123456789abcdef0123456789abcdef\n", 0o444)
EMPTY = File("", 0o444)
NO_DBUS = {"/var/lib/dbus": Dir()}

CASES = (
    Case("Debian with a D-Bus copy", DEBIAN, {**SYSTEMD, ETC: ID, DBUS: ID}, {**SYSTEMD, ETC: EMPTY, **NO_DBUS}),
    Case(
        "D-Bus links to it",
        REDHAT,
        {**SYSTEMD, ETC: ID, DBUS: Link("/etc/machine-id")},
        {**SYSTEMD, ETC: EMPTY, DBUS: Link("/etc/machine-id")},
    ),
    Case("uninitialized", SUSE, {**SYSTEMD, ETC: File("uninitialized\n", 0o444)}, {**SYSTEMD, ETC: EMPTY}),
    Case("missing", ARCH, SYSTEMD, {**SYSTEMD, ETC: EMPTY}),
    Case("empty with another mode", REDHAT, {**SYSTEMD, ETC: File("", 0o644)}, {**SYSTEMD, ETC: EMPTY}),
    Case("empty", SUSE, {**SYSTEMD, ETC: EMPTY}),
    Case(
        "a second name elsewhere",
        DEBIAN,
        {**SYSTEMD, ETC: ID, "/srv/machine-id": Hardlink(ETC)},
        {**SYSTEMD, ETC: EMPTY, "/srv/machine-id": ID},
    ),
    Case(
        "kept on another filesystem",
        DEBIAN,
        {**SYSTEMD, ETC: Link("/persist/machine-id"), "/persist/machine-id": ID},
        {**SYSTEMD, ETC: Link("/persist/machine-id"), "/persist/machine-id": EMPTY},
    ),
    Case(
        "itself a link to D-Bus's",
        DEBIAN,
        {**SYSTEMD, ETC: Link("/var/lib/dbus/machine-id"), DBUS: ID},
        {**SYSTEMD, ETC: Link("/var/lib/dbus/machine-id"), DBUS: EMPTY},
    ),
    Case("a link that leads nowhere", SUSE, {**SYSTEMD, ETC: Link("/gone")}, {**SYSTEMD, ETC: EMPTY}),
    Case("Alpine", ALPINE, {ETC: ID, DBUS: ID}, {"/etc": Dir(), **NO_DBUS}),
    Case("Alpine without one", ALPINE, {"/sbin/init": Link("/bin/busybox"), "/bin/busybox": File("ELF", 0o755)}),
    Case(
        "Debian with sysvinit beside an unused systemd",
        DEBIAN,
        {"/sbin/init": File("ELF", 0o755), "/lib/systemd/systemd": File("ELF", 0o755), ETC: ID},
        {"/sbin/init": File("ELF", 0o755), "/lib/systemd/systemd": File("ELF", 0o755), "/etc": Dir()},
    ),
)
