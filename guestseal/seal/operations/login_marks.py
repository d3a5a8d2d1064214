"""Remove marks that logins leave in home directories

sudo and cloud-init note in a home directory what they have told the account already, so that an
account of a clone would never be told: .sudo_as_admin_successful, which Ubuntu's bash.bashrc
looks for, and .cloud-locale-test.skip, which cloud-init's Z99-cloud-locale-test.sh makes.

Left on purpose: .hushlogin and .cloud-warnings.skip, with which somebody switched messages off.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=("{home}/.sudo_as_admin_successful", "{home}/.cloud-locale-test.skip"),
)
