"""List the operations, sources, steps, checks or profiles, each with what it is.

A * stands before what is done, or asked, unless the configuration says otherwise. The
operations are followed by the rules of the guest's own in /etc/guestseal/operations.d.
A profile is a platform that `guestseal check --profile` knows; a check without * belongs to
the profiles that it names.
"""

from __future__ import annotations

import argparse
from typing import cast

from guestseal.catalog import Item, discover
from guestseal.check import readiness
from guestseal.check.check import Check
from guestseal.check.profile import PACKAGE as PROFILES
from guestseal.check.profile import Profile as Platform
from guestseal.firstboot.candidates import DEFAULTS
from guestseal.firstboot.runner import PACKAGES
from guestseal.firstboot.source import Source
from guestseal.firstboot.step import Step
from guestseal.guest.tree import Tree
from guestseal.report import Report
from guestseal.seal import site_rules
from guestseal.seal.operation import Operation, Profile

CATALOGS = {
    "operations": (("guestseal.seal.operations",), "OPERATION", Operation),
    "sources": (("guestseal.firstboot.sources",), "SOURCE", Source),
    "steps": (tuple(PACKAGES.values()), "STEP", Step),
    "checks": ((readiness.PACKAGE,), "CHECK", Check),
    "profiles": ((PROFILES,), "PROFILE", Platform),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``list``."""
    parser.add_argument("what", choices=tuple(CATALOGS), help="what to list; -v adds the manual of each")


def run(options: argparse.Namespace) -> Report:
    """Name every item; ``-v`` gives its manual too."""
    packages, attribute, kind = CATALOGS[options.what]
    items: dict[str, Item[object]] = {}
    for package in packages:
        items |= discover(package, attribute, kind)
    if options.what == "operations":
        with Tree(options.root) as tree:
            items |= cast("dict[str, Item[object]]", site_rules.read(tree))
    widest = max(map(len, items))
    lines = []
    for item in items.values():
        lines.append(f"{item.name:<{widest}} {'*' if is_default(item) else ' '} {item.heading}")
        if options.verbose and item.manual:
            lines += ["", *(f"    {line}".rstrip() for line in item.manual.split("\n")), ""]
    rows = [
        {
            "name": item.name,
            "default": is_default(item),
            "description": item.heading,
            "manual": item.manual,
            **_membership(item),
        }
        for item in items.values()
    ]
    return Report("list", f"{len(items)} {options.what}; * by default", facts={options.what: rows}, text=tuple(lines))


def _membership(item: Item[object]) -> dict[str, object]:
    """What a row of an operation or a check says besides: its kind, its source, the profiles it belongs to."""
    operation = item.value
    if isinstance(operation, Check):
        return {"source": operation.source, "profiles": list(operation.profiles)}
    if not isinstance(operation, Operation):
        return {}
    return {"kind": operation.kind.value, "profiles": [p.value for p in Profile if operation.belongs_to(p)]}


def is_default(item: Item[object]) -> bool:
    """Whether it is done, or asked, unless the configuration says otherwise."""
    if isinstance(item.value, type):  # a source
        return item.name in DEFAULTS
    if isinstance(item.value, Check):
        return not item.value.profiles
    if isinstance(item.value, Platform):
        return item.name == readiness.GENERIC
    return bool(getattr(item.value, "default", True))
