"""Give the clone a control key of its own for BIND.

Debian's bind9 makes /etc/bind/rndc.key when it is installed, which the seal removes (operation
rndc-key). Once per clone, and before named starts, which it may not without the file, a new key
is written where there is none: as rndc-confgen(8) writes it, for the group of /etc/bind. A key
that is there when the clone first boots stays, and none is made beside an rndc.conf, as
Debian's postinst does. On Enterprise Linux named's own unit makes it.
"""

from __future__ import annotations

from guestseal.firstboot.step import Clone, Result, Step, When
from guestseal.guest.facts import Guest
from guestseal.guest.services.rndc_key import DEBIAN, is_made_by_first_boot, new_key
from guestseal.guest.staging import clear, staged
from guestseal.machine.selinux import relabel


def run(clone: Clone) -> Result:
    """Write the key, whole or not at all. Raises GuestError."""
    root = clone.root
    if not is_made_by_first_boot(clone.guest, DEBIAN):
        return Result(False, "Debian's BIND is not installed, or has an rndc.conf")
    place = root.resolve(DEBIAN) or DEBIAN
    directory, _, name = place.rpartition("/")
    clear(root, directory)
    info = root.stat(place)
    if info is not None and info.st_size:
        return Result(False, "there is one")
    with staged(root, directory) as staging:
        staging.make(name, new_key(), mode=0o640, owner=_owner(clone.guest, directory))
        staging.place(name, place)
    warnings = relabel(clone.machine.commands, [place]) if clone.live else ()
    return Result(True, "made", warnings=warnings)


def _owner(guest: Guest, directory: str) -> tuple[int, int]:
    """The account that named runs as, and the group of the directory, which Debian's postinst gives to it."""
    info = guest.tree.stat(directory)
    account = next((account.uid for account in guest.accounts if account.name == "bind"), 0)
    return account, 0 if info is None else info.st_gid


STEP = Step(run=run, when=When.PER_CLONE, after=("host-keys",))
