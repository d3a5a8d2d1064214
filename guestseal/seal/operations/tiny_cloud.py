"""Let Tiny Cloud bring up the clones

Alpine's cloud images have Tiny Cloud in cloud-init's place. It runs until its mark says that the
bootstrap is complete, and takes user data that is saved already for the clone's own (tiny-cloud:
sbin/tiny-cloud, lib/tiny-cloud/init, save_userdata). Both go, user data overwritten.

Left on purpose: /etc/tiny-cloud.conf; an account and interfaces it made.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=("/var/lib/cloud/.bootstrap-complete", "/var/lib/cloud/user-data*"),
)
