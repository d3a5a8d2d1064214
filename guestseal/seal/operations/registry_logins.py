"""Remove logins to container registries

docker, podman, skopeo and helm keep the passwords of registries in the same format. A file
that holds nothing else is overwritten and removed.

Kept by the profile private-template, whose clones may fetch images with them. Left on purpose:
a file with settings beside the logins is reported; /run/containers, where podman keeps them by
default, is memory and never reaches the image.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.documents import parse_object
from guestseal.errors import TooLarge
from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.regular_files import regular_files
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation, Profile, in_homes

NAMES = (".docker/config.json", ".dockercfg", ".config/containers/auth.json", ".config/helm/registry/config.json")


def _logins(guest: Guest) -> Iterator[tuple[str, bool]]:
    """The files that hold logins, and whether they hold nothing else."""
    for pattern in (full for name in NAMES for full in in_homes(guest, f"{{home}}/{name}")):
        for path in regular_files(guest.tree, (pattern,)):
            try:
                found = parse_object(guest.tree.read(path) or b"")
            except (ValueError, TooLarge):
                continue
            logins = found if path.endswith("/.dockercfg") else found.get("auths")
            if isinstance(logins, dict) and any(logins.values()):
                yield path, logins is found or set(found) == {"auths"}


def _pure(guest: Guest) -> Iterator[Action]:
    return (Remove(path, secret=True) for path, alone in _logins(guest) if alone)


def _mixed(guest: Guest) -> Iterator[Finding]:
    for path, alone in _logins(guest):
        if not alone:
            yield Finding(path, "holds passwords of registries among settings", "run docker logout for each registry")


OPERATION = Operation(kind=Kind.SECRET, also=_pure, findings=_mixed, profiles=(Profile.PUBLIC,))
