"""What makes a guest itself: the values that two clones must never share.

Read from the guest's files only, and never with a secret in them: private keys are
not read, a password counts as set, expired or locked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from guestseal.guest.accounts.shadow import entry
from guestseal.guest.tree import Tree

HOST_KEYS = "/etc/ssh/ssh_host_*_key.pub"
DHCP_IDENTITIES = (
    "/etc/dhcp/dhclient_duid",
    "/etc/dhcpcd.duid",
    "/etc/dhcpcd.secret",
    "/var/lib/NetworkManager/secret_key",
    "/var/lib/dhclient/*",
    "/var/lib/dhcp/dhclient*",  # not dhcpd's leases: a server's are its clients' identities
    "/var/lib/dhcpcd/duid",
    "/var/lib/dhcpcd/secret",
    "/var/lib/wicked/duid.xml",
    "/var/lib/wicked/iaid.xml",
)


@dataclass(frozen=True)
class Identity:
    """The identity of one guest. None: the guest has none of the kind."""

    machine_id: str | None = None
    hostname: str | None = None
    host_keys: Mapping[str, str] = field(default_factory=dict)
    """Key type → SHA256 fingerprint, as ssh-keygen -l prints it."""
    root_password: str = "absent"
    """``set``, ``expired``, ``locked``, ``none`` (an empty field: no password is asked) or ``absent``."""
    root_secret: str | None = None
    """A digest of the stored hash of root's password; None: no password is accepted."""
    authorized_keys: tuple[str, ...] = ()
    """Fingerprints of the keys that open root's account, sorted."""
    dhcp: str | None = None
    """A digest of what DHCP clients stored; without any, of the machine-id they derive their DUID from."""

    def items(self) -> Iterator[tuple[str, str | None]]:
        """Every value by name, in the order in which people compare them."""
        yield "machine-id", self.machine_id
        for kind, fingerprint in sorted(self.host_keys.items()):
            yield f"host key {kind}", fingerprint
        yield "hostname", self.hostname
        yield "DHCP identity", self.dhcp

    def salted(self, salt: bytes) -> dict[str, str]:
        """Every value as a salted hash: proof that it is the same one, without telling what it is."""
        import hashlib
        import hmac

        return {
            name: hmac.new(salt, f"{name}\0{value}".encode(), hashlib.sha256).hexdigest()
            for name, value in self.items()
            if value
        }


def read_identity(tree: Tree) -> Identity:
    """The identity of a guest as its files give it."""
    machine_id = _machine_id(tree)
    root_password, root_secret = _root_password(tree)
    return Identity(
        machine_id=machine_id,
        hostname=(tree.read_text("/etc/hostname") or "").strip() or None,
        host_keys=dict(_host_keys(tree)),
        root_password=root_password,
        root_secret=root_secret,
        authorized_keys=tuple(sorted(_authorized(tree))),
        dhcp=_dhcp(tree, machine_id),
    )


def fingerprint(public_key: str) -> str | None:
    """The SHA256 fingerprint of a ``type blob [comment]`` line; None: not a key."""
    import base64
    import hashlib

    words = public_key.split()
    for kind, blob in zip(words, words[1:]):
        if re.fullmatch(r"(ssh|ecdsa|sk-)[a-z0-9@.-]+", kind):
            try:
                raw = base64.b64decode(blob, validate=True)
            except ValueError:
                return None
            return "SHA256:" + base64.b64encode(hashlib.sha256(raw).digest()).decode().rstrip("=")
    return None


def _machine_id(tree: Tree) -> str | None:
    text = (tree.read_text("/etc/machine-id") or "").strip()
    return text if re.fullmatch("[0-9a-f]{32}", text) else None


def _host_keys(tree: Tree) -> Iterator[tuple[str, str]]:
    for path in tree.glob(HOST_KEYS):
        print_ = fingerprint(tree.read_text(path) or "")
        if print_ is not None:
            yield path.rpartition("ssh_host_")[2][: -len("_key.pub")], print_


def _root_password(tree: Tree) -> tuple[str, str | None]:
    import hashlib

    root = entry(tree.read("/etc/shadow", limit=16 << 20) or b"", "root")
    if root is None:
        return "absent", None
    if not root.usable or not root.password:
        return root.state, None
    digest = hashlib.sha256(root.password.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return root.state, digest


def _authorized(tree: Tree) -> Iterator[str]:
    text = tree.read_text("/root/.ssh/authorized_keys") or ""
    for line in text.split("\n"):
        print_ = None if line.startswith("#") else fingerprint(line)
        if print_ is not None:
            yield print_


def _dhcp(tree: Tree, machine_id: str | None) -> str | None:
    import hashlib

    # One at a time: a busy DHCP client leaves thousands.
    digest, several, stored = hashlib.sha256(), False, False
    for path in (path for pattern in DHCP_IDENTITIES for path in tree.glob(pattern) if tree.is_file(path)):
        content = tree.read(path, limit=16 << 20) or b""
        digest.update(b"\0" + content if several else content)
        several, stored = True, stored or bool(content)
    if not stored:
        # networkd(5) and NetworkManager derive DUID and client-id from the machine-id.
        return hashlib.sha256(machine_id.encode()).hexdigest()[:16] if machine_id else None
    return digest.hexdigest()[:16]
