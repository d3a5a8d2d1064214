"""No other hypervisor's tools are started

Tools of VMware, Xen, VirtualBox or Hyper-V, and agents of clouds, that start on a platform
they do not belong to fail on each boot, wait for what never answers, or set what is the
platform's: addresses, names, keys, the clock. A warning, unless the platform's profile refuses
them. Most distributions' packages start only on their own hypervisor: those may stay. Which
belong to a platform is in its profile (agents).
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.guest.services.guest_tools import TOOLS, starts_anywhere


def _look(subject: Subject) -> Iterator[Problem]:
    if not subject.profile.agents:
        raise Inapplicable("the profile does not say whose tools belong there")
    for tool in TOOLS:
        path = None if tool.name in subject.profile.agents else starts_anywhere(subject.tree, tool)
        if path is not None:
            what = f"{tool.name} of {tool.owner} is started on every clone"
            yield Problem(what, "remove its package, or disable it", path, fails=False)


CHECK = Check(
    _look, source='systemd.unit(5), ConditionVirtualization=; Tencent Cloud, "Importing Images": conflicting software'
)
