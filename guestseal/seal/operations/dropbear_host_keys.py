"""Remove the host keys of the Dropbear SSH server

As for OpenSSH: two machines with one host key can pretend to be each other. The keys are
overwritten and removed where Dropbear's own service makes new ones: Alpine's and
Gentoo's init script, Fedora's dropbear-keygen, Arch's `dropbear -R`. Debian's service
does not: its keys are kept until `-R` is added to DROPBEAR_EXTRA_ARGS in
/etc/default/dropbear.

Left on purpose: the keys of a Dropbear in the initramfs (/etc/dropbear/initramfs,
/etc/dropbear-initramfs). A copy of them is in the initramfs on /boot, and nothing would
make new ones; whoever uses remote unlocking has to make them for each clone.
"""

from __future__ import annotations

import re

from guestseal.guest.facts import Guest
from guestseal.guest.services.units import settings
from guestseal.guest.ssh.host_keys import init_makes_keys, unit_makes_keys
from guestseal.seal.operation import Guard, Kind, Operation

KEYS = "/etc/dropbear/dropbear_*_host_key"
DEFAULTS = "/etc/default/dropbear"

# dropbear(8), -R: "Create hostkeys as required".
_AS_REQUIRED = re.compile(r"^[^#\n]*\s-[A-Za-z]*R\b|^DROPBEAR_EXTRA_ARGS=[\"']?-[A-Za-z]*R\b", re.MULTILINE)


def _made_again(guest: Guest) -> bool:
    tree, unit = guest.tree, "dropbear.service"
    if not any(tree.is_file(path) for path in ("/usr/sbin/dropbear", "/usr/bin/dropbear")):
        return True
    started = [*settings(tree, unit).get("ExecStart", ()), tree.read_text(DEFAULTS) or ""]
    return (
        unit_makes_keys(tree, unit)
        or init_makes_keys(tree, "dropbear")
        or any(_AS_REQUIRED.search(text) for text in started)
    )


OPERATION = Operation(
    kind=Kind.IDENTITY,
    secrets=(KEYS,),
    needs=(Guard(_made_again, f"Dropbear would not make new ones: add -R to DROPBEAR_EXTRA_ARGS in {DEFAULTS}"),),
)
