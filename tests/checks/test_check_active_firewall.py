"""Is a firewall enabled?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import DEBIAN, REDHAT, UBUNTU
from support.trees import File, Link, Tree

UNITS = "/usr/lib/systemd/system"
DO = "digitalocean"


def unit(name: str) -> Tree:
    path = f"{UNITS}/{name}"
    return {path: File("[Service]\n"), f"/etc/systemd/system/multi-user.target.wants/{name}": Link(path)}


def ufw(enabled: str) -> Tree:
    return {**unit("ufw.service"), "/etc/ufw/ufw.conf": File(f"ENABLED={enabled}\n")}


NONE = ("no firewall is enabled",)
NFTABLES: Tree = {**unit("nftables.service"), "/etc/nftables.conf": File("flush ruleset\n")}

CASES = (
    CheckCase("ufw", UBUNTU, ufw("yes"), profile=DO),
    CheckCase("firewalld", REDHAT, unit("firewalld.service"), profile=DO),
    CheckCase("nftables, which the script cannot see", DEBIAN, NFTABLES, profile=DO),
    CheckCase("none", DEBIAN, {}, NONE, fails=False, mended=NFTABLES, profile=DO),
    CheckCase("ufw that is off", UBUNTU, ufw("no"), NONE, fails=False, mended=ufw("yes"), profile=DO),
    CheckCase(
        "firewalld that is masked",
        REDHAT,
        {**unit("firewalld.service"), "/etc/systemd/system/firewalld.service": Link("/dev/null")},
        NONE,
        fails=False,
        mended={"/etc/systemd/system/firewalld.service": None},
        profile=DO,
    ),
)
