"""The block of the platform's keys in a file that belongs to somebody else."""

from __future__ import annotations

import pytest
from support.memory import peak_of
from support.platforms import KEY, OTHER_KEY

from guestseal.guest.ssh.authorized_keys import BEGIN, END, with_block

BLOCK = BEGIN + KEY.encode() + b"\n" + END
OLD = BEGIN + OTHER_KEY.encode() + b"\n" + END


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", BLOCK),
        (b"mine\n", b"mine\n" + BLOCK),
        (b"mine", b"mine\n" + BLOCK),
        (OLD, BLOCK),
        (b"one\n" + OLD + b"two", b"one\n" + BLOCK + b"two"),
        (b"one\n" + OLD + b"two\n" + OLD + b"three\n" + OLD, b"one\n" + BLOCK + b"two\nthree\n"),
        (OLD[:-1], BLOCK),
        (BEGIN + b"mine\n", BEGIN + b"mine\n" + BLOCK),
        (BEGIN + b"mine\n" + OLD, BEGIN + b"mine\n" + BLOCK),
        (END + b"mine\n" + OLD + END, END + b"mine\n" + BLOCK + END),
        (b"# BEGIN guestseal\n# END guestseal", BLOCK),
        (b"# BEGIN guestsealed\n# END guestseal\n", b"# BEGIN guestsealed\n# END guestseal\n" + BLOCK),
        (b" # BEGIN guestseal\n# END guestseal\n", b" # BEGIN guestseal\n# END guestseal\n" + BLOCK),
        (b"# BEGIN guestseal", b"# BEGIN guestseal\n" + BLOCK),
    ],
    ids=range(14),
)
def test_the_block_is_replaced_and_every_other_line_keeps_its_bytes(before: bytes, after: bytes) -> None:
    assert with_block(before, [KEY]) == after
    assert with_block(after, [KEY]) == after


@pytest.mark.parametrize(
    "content",
    [
        b"# BEGIN guestseal\n" + b"\n" * (1 << 20),
        b"# BEGIN guestseal\n" + b"\n" * (1 << 20) + b"# END guestseal\n",
        b"# BEGIN guestseal\n" * (1 << 16),
        b"# BEGIN guestseal\n# END guestseal\n" * (1 << 15),
        (b"# BEGIN guestseal\n# END guestseal\n\n") * (1 << 15),
    ],
    ids=["open", "closed", "begins", "blocks", "blocks and lines"],
)
def test_no_file_takes_much_more_memory_than_it_is_long(content: bytes) -> None:
    """The account's own user can write it."""
    assert peak_of(lambda: with_block(content, [KEY])) < 8 * len(content)
