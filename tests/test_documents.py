"""JSON of strangers: numbers that nobody can mean."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import guestseal
from guestseal.documents import LONGEST, parse, parse_object

PLACES = {
    "documents.py": "here",
    "firstboot/validation.py": "a few hundred bytes at most",
    "rehearse/rehearsal.py": "what guestseal itself has said",
    "scrub/canaries.py": "what guestseal itself has written",
    "simulate/instance.py": "what the operator has written",
}
NUMBERS = ["9" * (LONGEST + 1), "-" + "9" * LONGEST, "9" * 100, "1" * 1_000_000]


@pytest.mark.parametrize("number", NUMBERS, ids=range(len(NUMBERS)))
@pytest.mark.parametrize("place", ['{"a": %s}', '{"a": [{"b": %s}]}'])
def test_a_number_of_more_digits_than_anybody_means_is_refused(number: str, place: str) -> None:
    """Before 3.9.14 Python turned any number of digits into an integer, with every thread waiting for minutes."""
    with pytest.raises(ValueError, match="digits"):
        parse_object((place % number).encode())


def test_numbers_that_are_meant_are_read() -> None:
    text = f'{{"id": 6925253213546353423, "longest": {"9" * LONGEST}, "negative": -7, "part": 1.5, "exponent": 1e3}}'
    assert parse_object(text.encode()) == {
        "id": 6925253213546353423,
        "longest": int("9" * LONGEST),
        "negative": -7,
        "part": 1.5,
        "exponent": 1000.0,
    }
    assert parse("[1, null]") == [1, None]


def test_a_fraction_of_many_digits_is_a_number_like_any_other() -> None:
    assert math.isclose(parse(f"[0.{'3' * 1_000_000}]")[0], 1 / 3)


@pytest.mark.parametrize("text", ["[" * 100_000, "{", "", "\ud800", "1 2"], ids=range(5))
def test_what_is_no_document_is_one_kind_of_error(text: str) -> None:
    with pytest.raises(ValueError, match=""):
        parse(text)


def test_nothing_else_reads_json_of_strangers() -> None:
    top = Path(guestseal.__file__).parent
    found = {str(path.relative_to(top)) for path in top.rglob("*.py") if "json.load" in path.read_text()}
    assert found == set(PLACES)
