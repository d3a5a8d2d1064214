"""The platform's guest agent is installed

By qemu-guest-agent a KVM platform freezes filesystems for a snapshot, reads a clone's addresses,
shuts it down and sets passwords; VMware, Xen and Google have agents of their own. A clone lives
without: a warning. Which agent a platform has is in its profile (agents).

What sets clones up is the check cloud-init's, Azure's agent that of azure-agent.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.guest.services.guest_tools import TOOLS, installed


def _look(subject: Subject) -> Iterator[Problem]:
    wanted = [tool for tool in TOOLS if tool.wanted and tool.name in subject.profile.agents]
    if not wanted:
        raise Inapplicable("the profile expects no guest agent")
    for tool in wanted:
        if not installed(subject.tree, tool):
            what = f"{tool.name}, by which {tool.owner} reaches into a guest, is not installed"
            yield Problem(what, f"install {tool.name}", fails=False)


CHECK = Check(_look, source='QEMU documentation, "QEMU Guest Agent"; OpenStack, "Virtual Machine Image Guide"')
