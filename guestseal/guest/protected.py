"""The protected list: paths that sealing never takes away, whatever an operation or a site's rule yields.

A system does not boot without them, nobody could log in, or what they hold was put there
on purpose and cannot be made again. The engine asks before it performs an action, and an
operation that would touch one of them fails as a whole. ``fact`` is the row of the
project's catalogue of facts that says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from guestseal.errors import GuestsealError, printable
from guestseal.guest.actions import Action, Edit, Empty, Remove, Replace, SetMode
from guestseal.guest.patterns import components_of, fits, is_literal
from guestseal.guest.tree import Tree


class Keep(Enum):
    """What must not happen to a protected path."""

    WHOLE = "stays as it is"
    """Nothing happens to it nor to anything below it."""
    PLACE = "stays in its place"
    """It is neither removed nor made an empty file. A file may be edited, and a directory's content may go."""


@dataclass(frozen=True)
class Protected:
    """Paths that stay: one pattern without ``**``, and why."""

    pattern: str
    why: str
    fact: str
    keep: Keep = Keep.WHOLE
    but: tuple[str, ...] = ()
    """Patterns of paths that it would cover and does not."""

    def covers(self, path: str) -> bool:
        """Whether ``path`` is protected by this row: the path itself, or for WHOLE one above it."""
        pattern, names = components_of(self.pattern), components_of(path)
        if len(names) < len(pattern) or (self.keep is Keep.PLACE and len(names) > len(pattern)):
            return False
        top = "/" + "/".join(names[: len(pattern)])
        return fits(self.pattern, top) and not self._excepts(path)

    def _excepts(self, path: str) -> bool:
        names = components_of(path)
        return any(fits(pattern, "/" + "/".join(names[: len(components_of(pattern))])) for pattern in self.but)


class Untouchable(GuestsealError):
    """An action would touch a protected path."""

    def __init__(self, path: str, row: Protected) -> None:
        super().__init__(f"{printable(path)} {row.keep.value}: {row.why} (protected: {row.fact})")
        self.path = path


def _rows(fact: str, why: str, *patterns: str, keep: Keep = Keep.WHOLE, but: tuple[str, ...] = ()) -> list[Protected]:
    return [Protected(pattern, why, fact, keep, but) for pattern in patterns]


def _places(fact: str, why: str, *patterns: str) -> list[Protected]:
    return _rows(fact, why, *patterns, keep=Keep.PLACE)


_MAGIC_ON = re.compile(r"[*?\[].*", re.DOTALL)
_UP_TO_MAGIC = re.compile(r".*[*?\]]", re.DOTALL)
_HEX32 = "[0-9a-f]" * 32
_HOMES = ("/root", "/home/*", "/etc/skel")

PROTECTED: tuple[Protected, ...] = (
    # What no system runs without.
    *_rows("hazard 5", "it belongs to the kernel or the firmware, also of the host", "/dev", "/proc", "/sys"),
    *_places(
        "hazard 16",
        "a root filesystem has it",
        *("/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib32", "/lib64", "/libx32", "/media", "/mnt", "/opt"),
        *("/proc", "/root", "/run", "/sbin", "/srv", "/sys", "/tmp", "/usr", "/var"),  # noqa: S108 - names of directories
    ),
    *_rows(
        "hazard 16",
        "programs and libraries belong to packages",
        *("/bin/*", "/sbin/*", "/lib/*", "/lib32/*", "/lib64/*", "/libx32/*", "/usr/bin", "/usr/sbin", "/usr/libexec"),
        *("/usr/lib32", "/usr/lib64", "/usr/share", "/usr/lib/systemd", "/usr/lib/modules", "/usr/lib/firmware"),
        *("/usr/lib/*-linux-*", "/usr/lib/os-release", "/etc/os-release"),
        but=("/lib/systemd/system/azure*", "/usr/lib/systemd/system/azure*"),
    ),
    *_places("hazard 10", "without the accounts nobody can log in", "/etc/passwd", "/etc/shadow", "/etc/group"),
    *_places("hazard 10", "accounts are in it", "/etc/gshadow", "/etc/subuid", "/etc/subgid"),
    *_rows("id.updated", "programs that change accounts lock it", "/etc/.pwd.lock"),
    *_places("hazard 18", "without it nobody can log in or become root", "/etc/sudoers", "/etc/ssh/sshd_config"),
    *_rows("hazard 18", "without it nobody can log in", "/etc/pam.d", "/etc/nsswitch.conf"),
    *_rows("hazard 8", "without its policy nobody can log in", "/etc/selinux"),
    *_places("st.fstab", "a system without it may not boot", "/etc/fstab"),
    *_places("st.luks", "encrypted disks cannot be opened without it", "/etc/crypttab"),
    *_places("id.hosts", "it holds what others wrote", "/etc/hosts"),
    # Booting.
    *_rows(
        "id.entrytoken",
        "without its entry a kernel does not boot",
        "/boot/loader/entries/*",
        but=("/boot/loader/entries/*-0-rescue.conf",),
    ),
    *_rows("id.entrytoken", "kernels are in it", f"/boot/{_HEX32}", but=(f"/boot/{_HEX32}/0-rescue",)),
    *_rows(
        "st.initramfs",
        "the system boots from it",
        *("/boot/vmlinuz", "/boot/vmlinuz-[!0]*", "/boot/initrd*", "/boot/initramfs-[!0]*", "/boot/grub*/grub.cfg"),
        *("/boot/efi/EFI/*/*.efi", "/boot/EFI/*/*.efi", "/efi/EFI/*/*.efi"),
    ),
    *_places("id.grubenv", "GRUB wants exactly 1024 bytes there", "/boot/grub*/grubenv", "/boot/efi/EFI/*/grubenv"),
    # Clocks.
    *_rows("id.adjtime", "it says whether the hardware clock runs in UTC", "/etc/adjtime"),
    *_rows(
        "lg.clock",
        "without it a guest that has no hardware clock starts years ago",
        *("/var/lib/systemd/timesync/clock", "/run/openrc/shutdowntime", "/etc/fake-hwclock.data"),
    ),
    # SSH and TLS.
    *_rows("ssh.sshd-misc", "it is no key, and takes hours to make", "/etc/ssh/moduli"),
    *_rows("ssh.revoked", "sshd refuses every key when it cannot read it", "/etc/ssh/revoked_keys"),
    *_places("ssh.perms", "keys for a clone go there, with its mode and label", "/root/.ssh"),
    *_rows("tls.dh", "it holds no secret, and takes long to make", "/etc/ssl/dhparam*.pem"),
    *_rows("tls.nss", "it belongs to a package", "/etc/pki/nssdb"),
    # The network.
    *_rows(
        "net.firewall",
        "without it clones are open to attacks",
        *("/etc/sysconfig/iptables", "/etc/sysconfig/ip6tables", "/etc/firewalld/zones", "/etc/firewalld/services"),
        *("/etc/iptables/rules.*", "/etc/nftables.conf", "/etc/nftables", "/etc/sysconfig/nftables.conf"),
        "/etc/ufw/*.rules",
    ),
    *_rows("net.hostsallow", "it says who may connect", "/etc/hosts.allow", "/etc/hosts.deny"),
    *_rows(
        "net.ifcfg",
        "it is the loopback interface's",
        *("/etc/sysconfig/network-scripts/ifcfg-lo", "/etc/sysconfig/network/ifcfg-lo"),
    ),
    *_rows("st.lvm.state", "it is what volume groups are recovered from", "/etc/lvm/backup"),
    # Databases of package managers.
    *_rows("pm.rpmdb", "it says which packages are installed", "/var/lib/dpkg", "/var/lib/pacman/local"),
    *_rows("pm.rpmdb", "it says which packages are installed", "/usr/lib/apk/db"),
    *_rows(
        "pm.rpmdb",
        "it says which packages are installed",
        *(
            f"{directory}/{name}"
            for directory in ("/var/lib/rpm", "/usr/lib/sysimage/rpm")
            for name in ("Packages*", "rpmdb.sqlite*", "Index.db")
        ),
    ),
    *_rows("pm.dnf", "dnf knows by it what the user asked for", "/var/lib/dnf/history*", "/usr/lib/sysimage/libdnf5"),
    *_rows("pm.apk", "apk trusts no repository without it", "/etc/apk/keys/*.rsa.pub"),
    *_rows("pm.lang", "debconf keeps its answers there", "/var/cache/debconf/config.dat"),
    *_rows("pm.lang", "debconf keeps its questions there", "/var/cache/debconf/templates.dat"),
    *_rows("pm.apt.lists", "apt locks it", "/var/lib/apt/lists/lock", "/var/cache/apt/archives/lock"),
    *_places("pm.apt.lists", "apt expects it", "/var/lib/apt/lists/partial", "/var/lib/apt/lists/auxfiles"),
    *_rows("rg.rhsm", "it says which products are installed", "/var/lib/rhsm/productid.js"),
    *_rows("rg.suse", "registration is configured in it", "/etc/regionserverclnt.cfg"),
    *_rows("hazard 4", "its files are links to shared objects", "/ostree", "/sysroot/ostree"),
    *_rows("hazard 4", "its files are links to shared objects", "/var/lib/flatpak/repo/objects"),
    *_rows("rg.container", "containers and images are in it", "/var/lib/containers/storage"),
    *_rows("rg.kdc", "it is configuration", "/var/kerberos/krb5kdc/kadm5.acl", "/var/kerberos/krb5kdc/kdc.conf"),
    # Platforms and their agents.
    *_rows("cl.cloudinit.hosts-templates", "cloud-init writes /etc/hosts from it", "/etc/cloud/templates"),
    *_rows(
        "cl.cloudinit",
        "the image's author put it there for clones",
        *("/var/lib/cloud/handlers", "/var/lib/cloud/scripts/per-*"),
    ),
    *_rows("cl.xen/cloudstack", "clones get their password and keys by it", "/etc/init.d/cloud-set-guest-*"),
    *_rows("cl.xen/cloudstack", "the hypervisor's agent keeps its state there", "/var/lib/xe-*"),
    *_rows("cl.waagent", "Azure's disks get their names by it", "/etc/udev/rules.d/*azure*"),
    *_rows("cl.gce", "it is the agent's configuration", "/etc/default/instance_configs.cfg"),
    *_rows("cl.ec2", "it came with the image", "/etc/ec2_version", "/etc/chrony.d"),
    *_rows("cl.one", "scripts of the context are in it", "/etc/one-context.d"),
    *_rows("cl.qga", "snapshots are consistent by it", "/etc/qemu-ga/fsfreeze-hook*"),
    *_rows("cl.vagrant", "it tells when the box was built", "/etc/vagrant_box_build_time"),
    *_rows("cl.guestseal", "it says what is sealed, and how", "/etc/guestseal", "/var/lib/guestseal/seal*.json"),
    # Homes.
    *_rows(
        "us.x",
        "it is a choice of the account's",
        *(
            f"{home}/{name}"
            for home in _HOMES
            for name in (".hushlogin", ".selected_editor", ".config/gnome-initial-setup-done")
        ),
    ),
    # State that is no clutter, and directories that services expect.
    *_rows("lg.bootid", "services with dynamic users keep their data there", "/var/lib/private"),
    *_rows("lg.bootid", "the journal's explanations are in it", "/var/lib/systemd/catalog"),
    *_rows("lg.crash", "kdump boots it after a crash", "/var/lib/kdump/initr*"),
    *_places(
        "lg.generated-dirs",
        "services do not start without the directory, with its owner, mode and label",
        *("/var/cache", "/var/lib", "/var/lock", "/var/log", "/var/mail", "/var/run", "/var/spool", "/var/tmp"),  # noqa: S108
        *(f"/var/log/{name}" for name in ("apache2", "apt", "audit", "httpd", "journal", "mariadb", "mysql", "nginx")),
        *("/var/log/postgresql", "/var/log/samba", "/var/log/unattended-upgrades", "/var/cache/apt/archives"),
        *("/var/cache/apt/archives/partial", "/var/spool/postfix", "/var/spool/postfix/*", "/var/crash"),
        *("/var/lib/dhcp", "/var/spool/cron", "/var/spool/mail"),
    ),
)


def protection(path: str) -> Protected | None:
    """The row that protects ``path``; None: operations may do with it what they want."""
    directory = path.rstrip("/").rpartition("/")[0]
    return next((row for row in _known_in(directory) if row.covers(path)), None)


class Door:
    """What every action has to pass before it is performed."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._directory = self._real = "/"

    def require(self, action: Action) -> None:
        """Raise Untouchable when ``action`` would touch a protected path; GuestError when it cannot be told."""
        for path in (action.path, self._resolved(action.path)):
            self._judge(action, path)
        if isinstance(action, (Remove, Empty)) and (_holds_any(action.path) or _holds_any(self._resolved(action.path))):
            for path, _ in action.footprint(self._tree):
                self._judge(action, path)

    def _judge(self, action: Action, path: str) -> None:
        row = protection(path)
        if row is None:
            return
        if row.keep is Keep.PLACE and not _takes_away(action, path):
            return
        raise Untouchable(path, row)

    def _resolved(self, path: str) -> str:
        """``path`` without links on its way: a link must not hide what lies behind it."""
        directory, _, name = path.rpartition("/")
        if directory != self._directory:
            self._real = self._tree.resolve(directory or "/") or directory
            self._directory = directory
        return f"{self._real.rstrip('/')}/{name}"


def reached_by(pattern: str, *, below: bool, itself: bool) -> Protected | None:
    """A row that a pattern of a rule could reach in some guest; None: none.

    ``below``: what lies below a match goes, too; ``itself``: a match does.
    """
    names = list(components_of(pattern))
    for row in PROTECTED:
        if any(fits(exception, pattern) for exception in row.but):
            continue
        rows = list(components_of(row.pattern))
        whole = row.keep is Keep.WHOLE
        if _meet(names, rows, below, whole) and (itself or whole or not _meet(names, rows, False, False)):
            return row
    return None


def _takes_away(action: Action, path: str) -> bool:
    """Whether ``path``, which must stay in its place, would not be there any more or be an empty file."""
    if isinstance(action, Edit):
        return not action.after
    if isinstance(action, Replace):
        return not action.content
    return not (isinstance(action, SetMode) or (isinstance(action, Empty) and path == action.path))


def _meet(one: list[str], other: list[str], one_below: bool, other_below: bool) -> bool:
    """Whether some path fits both patterns; ``below``: all that lies below a match fits as well."""
    if not one:
        return one_below or not other
    if not other:
        return other_below
    if one[0] == "**":
        return (
            len(one) == 1
            or _meet(one[1:], other, one_below, other_below)
            or _meet(one, other[1:], one_below, other_below)
        )
    return _names_meet(one[0], other[0]) and _meet(one[1:], other[1:], one_below, other_below)


def _names_meet(one: str, other: str) -> bool:
    """Whether some name fits both components; in doubt it does."""
    if is_literal(one) or is_literal(other):
        return fits(one, other) if is_literal(other) else fits(other, one)
    starts = [_MAGIC_ON.sub("", name) for name in (one, other)]
    ends = [_UP_TO_MAGIC.sub("", name) for name in (one, other)]
    shorter_start, shorter_end = min(starts, key=len), min(ends, key=len)
    return all(start.startswith(shorter_start) for start in starts) and all(end.endswith(shorter_end) for end in ends)


def _holds_any(path: str) -> bool:
    """Whether a protected path could lie below ``path``."""
    directory, _, name = path.rpartition("/")
    depth, rows = _deeper_than(directory)
    return any(fits(components_of(row.pattern)[depth], name) for row in rows)


@lru_cache(maxsize=4096)
def _deeper_than(directory: str) -> tuple[int, tuple[Protected, ...]]:
    """How deep a directory lies, and the rows for what lies more than one name below it."""
    names = components_of(directory)
    rows = [(row, components_of(row.pattern)) for row in PROTECTED]
    deeper = [row for row, pattern in rows if len(pattern) > len(names) + 1 and all(map(fits, pattern, names))]
    return len(names), tuple(deeper)


@lru_cache(maxsize=4096)
def _known_in(directory: str) -> tuple[Protected, ...]:
    """The rows that can cover something in the directory: for most directories there are none."""
    names = components_of(directory)
    rows = [(row, components_of(row.pattern)) for row in PROTECTED]
    return tuple(
        row
        for row, pattern in rows
        if all(map(fits, pattern, names))
        and (len(pattern) == len(names) + 1 or (len(pattern) <= len(names) and row.keep is Keep.WHOLE))
    )
