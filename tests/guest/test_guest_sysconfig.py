"""Shell assignments: only whole lines that are one, and nothing else moves."""

from __future__ import annotations

import pytest

from guestseal.guest.sysconfig import assigned, variables, without

ODD = "A=1 B=2\nif [ x ]; then A=1; fi\n  # A=1\nA=`id`\nA=$(id)\nA=\"$B\"\nA='1\nA='\n export  C='3' # x\r\n=x\nA"


def test_a_line_that_is_more_than_one_assignment_is_none() -> None:
    assert variables(ODD) == {"C": "3"}
    assert without(ODD, lambda *_: True) == ODD.replace(" export  C='3' # x\r\n", "")


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=x", "x"),
        ('A="x y"', "x y"),
        ("A='x y'\n", "x y"),
        ("\texport A=x # why\n", "x"),
        ("A=\n", ""),
        ("A=x#y\n", None),
        ("A= x\n", None),
        ("A=x;\n", None),
        ("A=\udcff\n", "\udcff"),
    ],
)
def test_values(line: str, value: str | None) -> None:
    assert variables(line).get("A") == value


def test_the_last_assignment_counts() -> None:
    assert variables("A=1\nA=2\n") == {"A": "2"}


def test_names_and_values_say_what_goes() -> None:
    text = "A=1\r\n# A=1\r\nB=2\r\nA='2'"
    assert without(text, lambda name, value: (name, value) == ("A", "1")) == "# A=1\r\nB=2\r\nA='2'"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "A=9\n"),
        ("B=1", "B=1\nA=9\n"),
        ("B=1\r\n", "B=1\r\nA=9\r\n"),
        ("A='1' # x\nB=1\nexport A=2\n", "A='9' # x\nB=1\nexport A=9\n"),
    ],
)
def test_a_value_takes_the_place_of_the_others_or_is_added(before: str, after: str) -> None:
    assert assigned(before, "A", "9") == after
    assert assigned(after, "A", "9") == after
