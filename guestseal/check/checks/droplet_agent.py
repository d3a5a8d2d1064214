"""DigitalOcean's own agents are not in the image

DigitalOcean installs its agents into each Droplet when it is made, as its owner chooses; an image that brings
what lies in /opt/digitalocean is refused. Older releases of the monitoring agent are in
/var/opt/digitalocean.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Problem, Subject

_PLACES = ("/opt/digitalocean", "/var/opt/digitalocean")


def _look(subject: Subject) -> Iterator[Problem]:
    for path in _PLACES:
        if subject.tree.is_dir(path):
            remedy = f"remove the packages droplet-agent and do-agent, and then {path}"
            yield Problem("an agent of DigitalOcean's is in the image", remedy, path)


CHECK = Check(
    _look, source="digitalocean/marketplace-partners, scripts/99-img-check.sh, checkAgent", profiles=("digitalocean",)
)
