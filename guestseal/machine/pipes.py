"""Sending data of any size through a program, piece by piece."""

from __future__ import annotations

import os
import selectors
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import IO, cast

from guestseal.errors import CommandError
from guestseal.machine.commands import started

PIECE = 1 << 18


def through(
    arguments: Sequence[str], pieces: Iterable[bytes], *, environment: Mapping[str, str], silence: float
) -> Iterator[bytes]:
    """What a program makes of ``pieces``, as it comes. No more than one piece is in memory.

    The program is killed when the iterator is closed, and after ``silence`` seconds in which
    it neither took nor gave a byte. Raises CommandError when it is missing, is killed, or
    fails; the pieces that were given before are then not to be relied on.
    """
    with started(arguments, environment, stderr=subprocess.DEVNULL) as process:
        try:
            yield from _pumped(process, iter(pieces), silence)
            status = process.wait(silence)
        except subprocess.TimeoutExpired as error:
            raise CommandError(f"{arguments[0]}: killed, it did nothing for {silence:.0f} s") from error
    if status:
        raise CommandError(f"{arguments[0]}: exit status {status}")


def _pumped(process: subprocess.Popen[bytes], pieces: Iterator[bytes], silence: float) -> Iterator[bytes]:
    stdin, stdout = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    into, out = stdin.fileno(), stdout.fileno()
    os.set_blocking(into, False)
    waiting = memoryview(b"")
    with selectors.DefaultSelector() as selector:
        selector.register(into, selectors.EVENT_WRITE)
        selector.register(out, selectors.EVENT_READ)
        while True:
            ready = [key.fd for key, _ in selector.select(silence)]
            if not ready:
                raise subprocess.TimeoutExpired(process.args, silence)
            if into in ready:
                waiting = waiting or memoryview(next(pieces, b""))
                taken = _write(into, waiting)
                waiting = waiting[taken:]
                if not taken:
                    selector.unregister(into)
                    with suppress(BrokenPipeError):
                        stdin.close()
            if out in ready:
                piece = os.read(out, PIECE)
                if not piece:
                    return
                yield piece


def _write(fd: int, data: memoryview) -> int:
    """How much the program took; 0: it takes no more, or there is no more."""
    try:
        return os.write(fd, data) if data else 0
    except BrokenPipeError:  # its exit status says why
        return 0
