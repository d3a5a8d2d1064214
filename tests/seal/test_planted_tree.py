"""Trees planted from the catalogue: no marker is missed, but for exceptions that say why, and no decoy is hurt."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from planted.distributions import SOILS, Soil
from planted.exceptions import EVERY, Instead
from planted.seed import Fate
from support.harvested import Sealed, as_wanted, exceptions_for, grown, table, told
from support.planted import Field

MEMORY, ROOM = "/dev/shm", 1 << 28
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="the files of a guest have many owners")
each_distribution = pytest.mark.parametrize("soil", SOILS, ids=lambda soil: soil.name)


@pytest.fixture(scope="module")
def land() -> Iterator[Path]:
    """A directory, in memory where there is room: sealing syncs what it writes."""
    roomy = os.path.ismount(MEMORY) and shutil.disk_usage(MEMORY).free > ROOM
    with tempfile.TemporaryDirectory(prefix="guestseal-planted-", dir=MEMORY if roomy else None) as place:
        yield Path(place)


@pytest.fixture(scope="module")
def harvest(land: Path) -> dict[str, tuple[Field, Sealed]]:
    """Every distribution sealed with the defaults, by letter."""
    return {soil.letter: grown(soil, land / soil.letter) for soil in SOILS}


@each_distribution
def test_every_marker_and_every_decoy_meets_its_fate(soil: Soil, harvest: dict[str, tuple[Field, Sealed]]) -> None:
    field, sealed = harvest[soil.letter]
    assert sealed.failed == []
    odd = [plant for plant in field.plants if not as_wanted(plant, soil.letter, public=False)]
    assert [told(plant, soil.letter) for plant in odd] == []


@each_distribution
def test_so_does_it_in_a_public_image(soil: Soil, land: Path) -> None:
    field, sealed = grown(soil, land / f"public-{soil.letter}", "--operations", "public-image")
    assert sealed.failed == []
    odd = [plant for plant in field.plants if not as_wanted(plant, soil.letter, public=True)]
    assert [told(plant, soil.letter) for plant in odd] == []


@pytest.mark.parametrize("exception", EVERY, ids=lambda each: f"{each.row}-{each.pattern}")
def test_every_exception_is_one(exception: Instead, harvest: dict[str, tuple[Field, Sealed]]) -> None:
    plants = [(plant, letter) for letter, (field, _) in harvest.items() for plant in field.plants]
    covered = [plant for plant, letter in plants if exception in exceptions_for(plant, letter)]
    assert covered
    assert all(plant.outcome.startswith(exception.outcome) or plant.seed.fate is Fate.KEPT for plant in covered)


def test_the_catalogue_is_planted_whole(harvest: dict[str, tuple[Field, Sealed]]) -> None:
    plants = [plant for field, _ in harvest.values() for plant in field.plants]
    markers = {plant.seed.place.path for plant in plants if plant.seed.fate is not Fate.KEPT}
    decoys = {plant.seed.place.path for plant in plants if plant.seed.fate is Fate.KEPT}
    assert len({plant.seed.row for plant in plants}) >= 200
    assert (len(markers), len(decoys)) >= (900, 300)
    assert "DAMAGED" not in table(plants)
