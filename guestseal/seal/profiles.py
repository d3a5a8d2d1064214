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
USER_PASSWORDS = {Profile.PUBLIC: "lock", Profile.PRIVATE: "keep"}
"""The same for the passwords of people's other accounts."""


def members(operations: Mapping[str, Item[Operation]]) -> dict[str, list[str]]:
    """The names of the operations in each profile."""
    return {
        profile.value: [name for name, item in operations.items() if item.value.belongs_to(profile)]
        for profile in Profile
    }


def choices(settings: Settings) -> dict[str, str]:
    """The settings that operations and checks read, as guestseal.guest.facts.Guest takes them."""
    return {
        "root-password": _chosen(settings, "root_password", ROOT_PASSWORD),
        "user-passwords": _chosen(settings, "user_passwords", USER_PASSWORDS),
        "remove-users": " ".join(settings.remove_users),
        "account": settings.account,
    }


def _chosen(settings: Settings, name: str, by_profile: Mapping[Profile, str]) -> str:
    """The setting, or where nothing set it what the profile in the selection makes of it."""
    value: str = getattr(settings, name)
    if settings.origin.get(name, DEFAULT) != DEFAULT:
        return value
    words = [word.strip() for word in settings.operations.split(",")]
    named = [profile for profile in Profile if profile.value in words or f"+{profile.value}" in words]
    return next((by_profile[profile] for profile in named), value)
