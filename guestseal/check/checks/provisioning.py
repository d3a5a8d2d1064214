"""One program sets up the clones, and not two

guestseal-firstboot, cloud-init, OpenNebula's one-context, Alpine's tiny-cloud, Azure's agent and CloudStack's
password and key scripts set host name, keys and password, and the second one undoes what the first has
done. CloudStack's virtual router gives a password once: who asks first has it. A warning: where
they have different tasks, it can be meant.

Azure's agent beside cloud-init is not reported, for it leaves the work to cloud-init; nor is Google's,
which only keeps the users' keys.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Problem, Subject
from guestseal.guest.services.provisioning import rivals

_REMEDY = "let one of them do it, and disable the others"


def _look(subject: Subject) -> Iterator[Problem]:
    found = rivals(subject.tree)
    if len(found) > 1:
        names = f"{', '.join(found[:-1])} and {found[-1]}"
        yield Problem(f"{names} would all set up a clone", _REMEDY, fails=False)


CHECK = Check(
    _look, source='cloud-init documentation, "CloudStack"; Azure, "cloud-init support"; one-apps, one-context'
)
