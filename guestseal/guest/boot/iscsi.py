"""How a guest comes to an iSCSI initiator name (open-iscsi)."""

from __future__ import annotations

from guestseal.guest.services import units
from guestseal.guest.text_files import texts
from guestseal.guest.tree import Tree

INITIATOR_NAME = "/etc/iscsi/initiatorname.iscsi"

_DEBIAN_CHECKS = ("/lib/open-iscsi/startup-checks.sh", "/usr/lib/open-iscsi/startup-checks.sh")
_INIT = "iscsi-init.service"


def generates_on_request(tree: Tree) -> bool:
    """Whether a line GenerateName=yes is what makes a new one: startup-checks.sh of Debian's open-iscsi."""
    return any(tree.is_file(path) for path in _DEBIAN_CHECKS)


def generates_when_missing(tree: Tree) -> bool:
    """Whether a missing file is made: by upstream's iscsi-init.service, or by Alpine's init script."""
    by_unit = units.enabled(tree, _INIT) or units.pulls_in(tree, "iscsid.service", _INIT)
    return by_unit or any("InitiatorName=" in text for _, text in texts(tree, "/etc/init.d/iscsid"))
