"""Are DigitalOcean's own agents in the image?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import DEBIAN, REDHAT, UBUNTU
from support.trees import Dir, File

WHAT, DO = ("an agent of DigitalOcean's",), "digitalocean"

CASES = (
    CheckCase("none", DEBIAN, {"/opt/other": Dir()}, profile=DO),
    CheckCase("a file of that name", DEBIAN, {"/opt/digitalocean": File()}, profile=DO),
    CheckCase(
        "the droplet agent",
        UBUNTU,
        {"/opt/digitalocean/bin/droplet-agent": File(mode=0o755)},
        WHAT,
        mended={"/opt/digitalocean": None, "/opt/digitalocean/bin": None, "/opt/digitalocean/bin/droplet-agent": None},
        profile=DO,
    ),
    CheckCase(
        "an empty directory", REDHAT, {"/opt/digitalocean": Dir()}, WHAT, mended={"/opt/digitalocean": None}, profile=DO
    ),
    CheckCase(
        "of an older release",
        UBUNTU,
        {"/var/opt/digitalocean": Dir()},
        WHAT,
        mended={"/var/opt/digitalocean": None},
        profile=DO,
    ),
)
