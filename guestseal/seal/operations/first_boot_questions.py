"""Report first-boot dialogs that would wait at a clone's console

/.unconfigured (RHEL 6), /etc/reconfigSys, SUSE's /var/lib/YaST2/reconfig_system, and an enabled
initial-setup or oem-config start a dialog at the next boot. A clone that nobody looks at stops
there, before anybody can log in.

Nothing is changed: for a template that people start on their desks it is what is wanted.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.guest.services import units
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation

FLAGS = (
    "/.unconfigured",
    "/etc/reconfigSys",  # initial-setup asks everything again
    "/var/lib/YaST2/reconfig_system",  # the condition of jeos-firstboot and of YaST2-Firstboot
)
DIALOGS = (
    *("initial-setup.service", "initial-setup-text.service", "initial-setup-graphical.service"),
    "oem-config.service",  # Ubuntu's, for manufacturers
)
_WHAT = "starts a dialog at a clone's first boot"


def _found(guest: Guest) -> Iterator[Finding]:
    tree = guest.tree
    for path in FLAGS:
        if tree.lstat(path) is not None:
            yield Finding(path, _WHAT, "remove it, unless somebody sits at every clone")
    for name in DIALOGS:
        unit = units.fragment(tree, name)
        if unit is not None and units.enabled(tree, name):
            yield Finding(unit, _WHAT, f"`systemctl disable {name}`, unless somebody sits at every clone")


OPERATION = Operation(kind=Kind.CLUTTER, findings=_found)
