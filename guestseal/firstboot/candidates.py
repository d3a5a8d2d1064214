"""Which sources are asked, in which order: chosen by name, so that those nobody needs are never imported."""

from __future__ import annotations

from collections.abc import Sequence

from guestseal.catalog import load, select, unknown
from guestseal.errors import UsageError
from guestseal.firstboot.platforms import ANYWHERE, Likelihood, likelihood
from guestseal.firstboot.source import Source, endpoints_of
from guestseal.machine.host import Machine
from guestseal.settings import Settings

PACKAGE = "guestseal.firstboot.sources"
DEFAULTS = (
    "cloudstack",
    "openstack",
    "ec2",
    "gce",
    "azure",
    "digitalocean",
    "hetzner",
    "vultr",
    "akamai",
    "oracle",
    "alibaba",
    "tencent",
    "scaleway",
    "exoscale",
    "upcloud",
    "dhcp",
)
"""Asked unless the setting ``sources`` says otherwise. Of two answers equally good, the earlier one counts."""
REPORTED_TO = "azure-wireserver"
"""What the setting ``endpoints`` may name besides sources: it is told, and not asked."""
ON_REQUEST = ("config-drive", "nocloud", "opennebula", "vmware", "azure-iso")
"""What whoever attaches a disk can say: believed only where the template's owner wants it."""


def waves(machine: Machine, settings: Settings) -> tuple[list[str], list[str]]:
    """The chosen sources: those to ask at once, and those to ask when none of these answers.

    The firmware's hint decides, and forbids nothing: where it names a platform, the others
    come later; where it names none, those that always name themselves do. Raises UsageError
    for a name that does not exist.
    """
    chosen = _chosen(settings)
    hints = {name: likelihood(name, machine.firmware) for name in chosen}
    best = max((hints[name] for name in chosen if name not in ANYWHERE), default=Likelihood.POSSIBLE)
    floor = max(best, Likelihood.POSSIBLE)
    first = [name for name in chosen if name in ANYWHERE or name in ON_REQUEST or hints[name] >= floor]
    return first, [name for name in chosen if name not in first]


def require_known(settings: Settings) -> None:
    """Raise UsageError where a setting names a source or an address that no clone could ask."""
    _chosen(settings)
    services = (*DEFAULTS, *ON_REQUEST, REPORTED_TO)
    for service, _ in settings.endpoints:
        if service not in services:
            where = settings.origin_of("endpoints")
            raise UsageError(f"{where}: [firstboot] endpoints: {unknown('source', service, services)}")
        endpoints_of(service, settings, ())


def _chosen(settings: Settings) -> list[str]:
    try:
        return select(settings.sources, (*DEFAULTS, *ON_REQUEST), DEFAULTS, "source")
    except UsageError as error:
        raise UsageError(f"{settings.origin_of('sources')}: [firstboot] sources: {error}") from None


def may_go(names: Sequence[str]) -> bool:
    """Whether all these sources may be gone after the first boot: drives are detached."""
    return not set(names).difference(ON_REQUEST, ("dhcp",))


def make(names: Sequence[str], machine: Machine, settings: Settings) -> list[Source]:
    """The sources of these names."""
    return [load(PACKAGE, name, "SOURCE", type).value(machine, settings) for name in names]
