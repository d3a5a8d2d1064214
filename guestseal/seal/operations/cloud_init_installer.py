"""Remove the configuration of cloud-init that Ubuntu's installer wrote

99-installer.cfg holds the hash of the first user's password and the SSH keys given at the
installation. cloud-init would make that user on every clone, and would look at no platform:
it pins the data source to None (subiquity, models/subiquity.py). It is overwritten and removed,
and with it ds-identify.cfg where it is the installer's. The installer leaves a script for
`cloud-init clean` that does the same, but not on a machine where cloud-init has never run.

Left on purpose: curtin-preserve-sources.cfg, without which cloud-init would write its own
package sources over the template's; 90_dpkg.cfg, the administrator's choice of data sources;
and cloud-init.disabled, which is reported where the installer wrote it: whether cloud-init
or guestseal sets up the clones is not for a seal to decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.regular_files import says
from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

_HOOK = "/etc/cloud/clean.d/99-installer"
_POLICY = "/etc/cloud/ds-identify.cfg"
_INSTALLERS = re.compile(rb"\Apolicy: enabled\n\Z")


def _policy(guest: Guest) -> Iterator[Action]:
    tree = guest.tree
    if tree.is_file(_HOOK) and tree.is_file(_POLICY) and says(tree, _POLICY, _INSTALLERS):
        yield Remove(_POLICY, secret=True)


OPERATION = Operation(
    kind=Kind.SECRET,
    remove=("/etc/cloud/cloud.cfg.d/99-installer.cfg",),
    also=_policy,
    findings=signs(
        Sign(
            ("/etc/cloud/cloud-init.disabled",),
            "Ubuntu's installer switched cloud-init off, for the clones as well",
            "remove it if cloud-init is to set up the clones",
            holds=rb"^Disabled by Ubuntu live installer",
        ),
    ),
)
