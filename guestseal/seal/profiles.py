"""Profiles: sets of operations by who will read the disk, with what they make of passwords.

A profile is a word of a selection, as ``defaults`` is. A setting that a file or an option
gives counts more than what the profile would choose.
"""

from __future__ import annotations

from collections.abc import Mapping

from guestseal.catalog import Item
from guestseal.seal.operation import Operation, Profile
from guestseal.settings import DEFAULT, Settings

ROOT_PASSWORD = {Profile.PUBLIC: "lock", Profile.PRIVATE: "expire"}
"""What becomes of root's password where no setting says so."""


def members(operations: Mapping[str, Item[Operation]]) -> dict[str, list[str]]:
    """The names of the operations in each profile."""
    return {
        profile.value: [name for name, item in operations.items() if item.value.belongs_to(profile)]
        for profile in Profile
    }


def choices(settings: Settings) -> dict[str, str]:
    """The settings that operations read, as guestseal.guest.facts.Guest takes them."""
    root_password = settings.root_password
    if settings.origin.get("root_password", DEFAULT) == DEFAULT:
        words = [word.strip() for word in settings.operations.split(",")]
        named = [profile for profile in Profile if profile.value in words or f"+{profile.value}" in words]
        root_password = next((ROOT_PASSWORD[profile] for profile in named), root_password)
    return {"root-password": root_password}
