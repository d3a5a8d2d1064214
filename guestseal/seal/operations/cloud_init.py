"""Remove what cloud-init keeps of the instance

Below /var/lib/cloud lie the user data with all that is secret in it (user-data.txt,
cloud-config.txt, obj.pkl, instance-data-sensitive.json) and the marks of what was done once:
with them a clone would skip the modules that run once per instance. They are overwritten
and removed as `cloud-init clean` does (cloudinit/cmd/clean.py); cloud-init makes its
directories anew at each start (cloudinit/stages.py: _initial_subdirs).

Left on purpose, where `cloud-init clean` removes: handlers, and scripts for each boot or
instance, which an image's author puts there for the clones. They are reported, and so is a
seed: without it, where it was put in on purpose, clones would have no data. See
cloud-init-seed, cloud-init-logs and cloud-init-network.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

_CLOUD = "/var/lib/cloud"

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(f"{_CLOUD}/instance", f"{_CLOUD}/instances", f"{_CLOUD}/data", f"{_CLOUD}/sem"),
    findings=signs(
        Sign(
            (f"{_CLOUD}/scripts/per-*/*", f"{_CLOUD}/scripts/vendor/*", f"{_CLOUD}/handlers/*"),
            "cloud-init runs it on the clones",
            "remove it unless it is meant for them",
        ),
        Sign(
            (f"{_CLOUD}/seed/*/*-data",),
            "every clone on which cloud-init works takes its data from it",
            "remove it, or add the operation cloud-init-seed, unless it is meant for them",
        ),
    ),
)
