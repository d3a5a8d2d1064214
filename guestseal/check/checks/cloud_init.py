"""cloud-init works where the platform expects it, and asks that platform

Some platforms reach their clones by cloud-init only, and their image checkers refuse an image without
it. It is missing when it is not installed, or disabled: by /etc/cloud/cloud-init.disabled, by
the kernel's command line, by a mask. Where guestseal-firstboot.service is enabled, it sets up the
clones, and a missing cloud-init is a warning.

Where cloud-init is enabled, datasource_list says which platforms it asks: an installer that pins
it to None, or to its own seed, leaves clones without name, keys and network.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.guest.services import cloud_init, units
from guestseal.guest.services.own_units import NETWORK_STAGE

_NOWHERE = frozenset(("none",))


def _look(subject: Subject) -> Iterator[Problem]:
    tree = subject.tree
    if cloud_init.enabled(tree):
        yield from _datasources(subject)
        return
    state = "disabled" if cloud_init.installed(tree) else "not installed"
    if "cloud-init" not in subject.profile.agents:
        raise Inapplicable(f"cloud-init is {state}")
    remedy = "enable it" if state == "disabled" else "install cloud-init"
    yield Problem(f"cloud-init is {state}", remedy, fails=not units.enabled(tree, NETWORK_STAGE))


def _datasources(subject: Subject) -> Iterator[Problem]:
    path, asked = cloud_init.datasources(subject.tree)
    if not path:
        return
    # cloudinit/sources/__init__.py compares them without regard to capitals.
    names, wanted = {name.lower() for name in asked}, {name.lower() for name in subject.profile.datasources}
    if names <= _NOWHERE:
        yield Problem("cloud-init asks no platform at all", "take datasource_list out", path)
    elif wanted and not names & wanted:
        remedy = f"add {' or '.join(subject.profile.datasources)} to datasource_list, or take it out"
        yield Problem("cloud-init does not ask this platform", remedy, path)


CHECK = Check(_look, source='cloud-init documentation, "Datasources": datasource_list; "How to disable cloud-init"')
