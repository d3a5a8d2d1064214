"""Remove the SSH host keys

Two machines with one host key can pretend to be each other, and whoever reads the key
from one clone can listen to all of them. Removed are /etc/ssh/ssh_host_*, leftovers of
interrupted key generation included, the keys and certificates that sshd_config names
elsewhere, and what a link among them leads to. Private keys are overwritten first.

Without host keys sshd does not start, so they go only where something makes new ones:
guestseal's first boot, RHEL's and Fedora's sshd-keygen, SUSE's sshd-gen-keys-start,
Arch's sshdgenkeys, Alpine's init script. Debian and Ubuntu have nothing of the kind
(Debian 13's sshd-keygen.service waits for what systemd calls a first boot, and a clone's
is not one): a drop-in, ssh.service.d/guestseal-host-keys.conf, then runs ssh-keygen -A
before sshd. Else the keys are kept. From then on the master accepts no new SSH connection.

Left on purpose: moduli, revoked_keys, authorized keys, sshd_config; a link to /dev/null.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove, Replace
from guestseal.guest.facts import Guest
from guestseal.guest.patterns import quote
from guestseal.guest.ssh.host_keys import needed_drop_ins
from guestseal.guest.ssh.sshd_config import SshdConfig
from guestseal.seal.operation import Guard, Kind, Operation

KEYS = ("/etc/ssh/ssh_host_*", "/etc/openssh/ssh_host_*", "/usr/etc/ssh/ssh_host_*")


def _drop_ins(guest: Guest) -> Iterator[Action]:
    for path, content in (needed_drop_ins(guest.tree) or {}).items():
        if not guest.tree.is_file(path) or guest.tree.read(path) != content:
            yield Replace(path, content, "make missing host keys before sshd starts", mode=0o644)


def _keys(guest: Guest) -> Iterator[Action]:
    tree, config = guest.tree, SshdConfig.read(guest.tree)
    named = [f"{quote(path)}{end}" for path in config.host_keys for end in ("", ".pub")]
    patterns = (*KEYS, *named, *map(quote, config.host_certificates))
    matches = (path for pattern in patterns for path in tree.glob(pattern))
    found = dict.fromkeys(path for path in matches if tree.readlink(path) != "/dev/null")
    led_to = dict.fromkeys(path for path in map(tree.resolve, found) if path is not None)
    for path in {**found, **led_to}:
        yield Remove(path, secret=not path.endswith(".pub"))


OPERATION = Operation(
    kind=Kind.IDENTITY,
    first=_drop_ins,
    also=_keys,
    needs=(
        Guard(
            lambda guest: needed_drop_ins(guest.tree) is not None,
            "nothing in this guest would make new ones and nobody could log in: install guestseal in it, "
            "or have ssh-keygen -A run before sshd starts",
        ),
    ),
)
