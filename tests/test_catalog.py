"""Catalogs: a module is an item, and a selection means what virt-sysprep's would."""

from __future__ import annotations

import pytest

from guestseal.catalog import select
from guestseal.errors import UsageError

KNOWN = ["dhcp-leases", "histories", "logs", "machine-id"]
DEFAULTS = ["dhcp-leases", "logs", "machine-id"]


@pytest.mark.parametrize(
    ("selection", "chosen"),
    [
        ("defaults", DEFAULTS),
        ("", DEFAULTS),
        ("all", KNOWN),
        ("logs", ["logs"]),
        ("machine-id, logs", ["logs", "machine-id"]),
        ("defaults,-logs", ["dhcp-leases", "machine-id"]),
        ("-logs,+histories", ["dhcp-leases", "histories", "machine-id"]),
        ("+histories", KNOWN),
        ("all,-defaults", ["histories"]),
        ("logs,-logs", []),
    ],
)
def test_selection(selection: str, chosen: list[str]) -> None:
    assert select(selection, KNOWN, DEFAULTS) == chosen


def test_an_unknown_name_is_an_error_with_the_nearest_one() -> None:
    with pytest.raises(UsageError, match="unknown operation 'machineid'; did you mean machine-id?"):
        select("defaults,-machineid", KNOWN, DEFAULTS)


def test_a_name_like_no_other_points_to_the_list() -> None:
    with pytest.raises(UsageError, match="guestseal list operations"):
        select("zzz", KNOWN, DEFAULTS)
