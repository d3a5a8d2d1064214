"""A short fuzzing of every parser of foreign bytes. ``python -m tests.fuzz`` fuzzes for as long as one likes."""

from __future__ import annotations

import pytest
from fuzz.targets import TARGETS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

EXAMPLES = 60
_SIGNS = r"""\n \r\n \0 ' " \\ { } [ : = $(id) ` <html> ../ -1 99999999999999999999 \x1b[2J null"""
_TOKENS = st.sampled_from(
    [
        *(sign.encode().decode("unicode_escape").encode() for sign in _SIGNS.split(" ")),
        *(b"\xff", b"\xe2\x80\xa8", b"\xed\xa0\x80", b"ssh-rsa ", b"&a *a "),
    ]
)
_EDIT = st.tuples(st.integers(0, 400), st.integers(0, 20), st.one_of(_TOKENS, st.binary(max_size=12)))


def _inputs(seeds: tuple[bytes, ...]) -> st.SearchStrategy[bytes]:
    def edited(seed: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
        for place, lost, put in edits:
            at = place % (len(seed) + 1)
            seed = seed[:at] + put + seed[at + lost :]
        return seed

    changed = st.builds(edited, st.sampled_from(seeds), st.lists(_EDIT, max_size=6))
    return st.one_of(changed, changed, st.binary(max_size=600))


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_is_believed_wrongly_or_raises_anything_else(name: str) -> None:
    target = TARGETS[name]
    for seed in target.seeds:
        target.run(seed)
    examples = EXAMPLES // 3 if name.startswith(("source", "HTTP")) else EXAMPLES

    @settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(_inputs(target.seeds))
    def fuzz(data: bytes) -> None:
        target.run(data)

    fuzz()
