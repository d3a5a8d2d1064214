"""Azure's Linux agent is there, and recent enough

The certification of Azure's Marketplace asks for version 2.2.41 of the agent or a later one, enabled;
cloud-init may do the provisioning beside it. What the agent downloads for itself on a clone is
not counted: the version is that of the package, as its own file says (azurelinuxagent/common/version.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.guest.services import openrc, units
from guestseal.guest.services.provisioning import AZURE_AGENT, runs_azure_agent
from guestseal.guest.tree import Tree

_LEAST = (2, 2, 41)
_PROGRAMS = ("/usr/sbin/waagent", "/usr/bin/waagent", "/sbin/waagent")
_VERSION_FILES = tuple(
    f"{place}/azurelinuxagent/common/version.py"
    for place in (
        *("/usr/lib/python*/dist-packages", "/usr/lib/python*/site-packages", "/usr/local/lib/python*/dist-packages"),
        "/usr/local/lib/python*/site-packages",
    )
)
_VERSION = re.compile(r"""^AGENT_VERSION = ['"](\d{1,6}(?:\.\d{1,6}){1,4})""", re.MULTILINE)


def _look(subject: Subject) -> Iterator[Problem]:
    tree = subject.tree
    if not any(tree.is_file(path) for path in _PROGRAMS):
        yield Problem("Azure's Linux agent is not installed", "install walinuxagent, or WALinuxAgent")
        return
    found = max(_versions(tree), default=None)
    enabled = runs_azure_agent(tree) or openrc.starts(tree, "waagent")
    if found is None and enabled:
        raise Inapplicable("the agent's version is in no file that is known")
    if not enabled:
        path = next(filter(None, (units.fragment(tree, name) for name in AZURE_AGENT)), "")
        yield Problem("Azure's Linux agent is not enabled", "enable waagent.service, or walinuxagent.service", path)
    if found is not None and found[0] < _LEAST:
        version, path = found
        what = f"Azure's Linux agent is {'.'.join(map(str, version))}, and the least is {'.'.join(map(str, _LEAST))}"
        yield Problem(what, "upgrade it", path)


def _versions(tree: Tree) -> Iterator[tuple[tuple[int, ...], str]]:
    """Each version that is installed, and the file that says so."""
    for pattern in _VERSION_FILES:
        for path in tree.glob(pattern):
            said = _VERSION.findall(tree.read_text(path) or "")
            if said:
                yield tuple(int(part) for part in said[-1].split(".")), path


CHECK = Check(
    _look,
    source='Microsoft, "Troubleshoot virtual machine certification": Linux Agent version',
    profiles=("azure",),
)
