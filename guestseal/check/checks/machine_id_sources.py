"""Nothing gives all clones the same machine-id

An empty /etc/machine-id gets an id of the clone's own, unless one is given from elsewhere: by
``systemd.machine_id=`` on the kernel's command line, or as the credential system.machine_id, in
a store of the guest or beside its boot loader. Both come before everything else.

``systemd.machine_id=firmware`` is the UUID that the hypervisor gives, another one for each clone.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Problem, Subject
from guestseal.guest.boot import machine_id_sources


def _look(subject: Subject) -> Iterator[Problem]:
    for each in machine_id_sources.findings(subject.tree):
        yield Problem(each.what, each.remedy, each.path, each.line)


CHECK = Check(
    _look,
    source="machine-id(5); systemd.system-credentials(7); systemd-machine-id-setup(1)",
    judges="machine-id-sources",
)
