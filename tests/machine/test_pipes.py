"""Data of any size goes through a program piece by piece."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest
from support.memory import peak_of

from guestseal.errors import CommandError
from guestseal.machine.commands import PATH
from guestseal.machine.pipes import through

ENVIRONMENT = {"PATH": PATH}


def _through(*words: str, pieces: Iterator[bytes] | tuple[bytes, ...] = (), silence: float = 20.0) -> Iterator[bytes]:
    return through(words, pieces, environment=ENVIRONMENT, silence=silence)


def test_what_a_program_makes_of_the_pieces_comes_in_order() -> None:
    assert b"".join(_through("tr", "a-z", "A-Z", pieces=(b"one ", b"two ", b"three"))) == b"ONE TWO THREE"


def test_no_piece_is_no_input() -> None:
    assert b"".join(_through("wc", "-c")).strip() == b"0"


def test_much_more_than_a_pipe_holds_goes_through_in_flat_memory() -> None:
    def large() -> Iterator[bytes]:
        for _ in range(400):
            yield bytes(1 << 18)

    def drain() -> None:
        assert sum(map(len, _through("cat", pieces=large()))) == 400 << 18

    assert peak_of(drain) < 8 << 20


def test_a_program_that_does_not_read_its_input_is_no_error_when_it_says_so() -> None:
    assert b"".join(_through("echo", "done", pieces=(bytes(1 << 20),) * 4)) == b"done\n"


def test_a_program_that_fails_is_an_error_after_what_it_gave() -> None:
    given = []
    with pytest.raises(CommandError, match="exit status 3"):
        for piece in _through("sh", "-c", "echo some; exit 3"):
            given.append(piece)
    assert given == [b"some\n"]


def test_a_missing_program_is_an_error() -> None:
    with pytest.raises(CommandError, match="not run"):
        list(_through("no-such-program"))


def test_a_program_that_does_nothing_is_killed() -> None:
    started = time.monotonic()
    with pytest.raises(CommandError, match="killed"):
        list(_through("sleep", "60", silence=0.3))
    assert time.monotonic() - started < 10


def test_who_wants_no_more_leaves_no_program_behind() -> None:
    output = _through("sh", "-c", "echo $$; exec cat /dev/zero")
    number = int(next(output).split(b"\n")[0])
    output.close()  # type: ignore[attr-defined]
    assert not os.path.exists(f"/proc/{number}")
