"""Running programs: the only code that does.

No shell; a list of arguments; the C locale; nothing inherited on stdin; secrets go
by ``stdin`` and never by argument or environment, which every user can read in
/proc. A program that does not end in time is killed with everything it started.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from guestseal.errors import CommandError, printable

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
EXCERPT = 300
"""Characters of a failed program's own message that are shown."""


@dataclass(frozen=True)
class Completed:
    """A program that ended by itself."""

    status: int
    stdout: bytes = field(repr=False)
    stderr: bytes = field(repr=False)


class Commands:
    """Programs of the running machine, with ``environment`` as their whole environment."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self.environment = {"PATH": PATH, "LC_ALL": "C", **(environment or {})}

    def run(
        self,
        arguments: Sequence[str],
        *,
        timeout: float,
        stdin: bytes = b"",
        descriptors: Sequence[int] = (),
        accept: Sequence[int] = (0,),
    ) -> Completed:
        """Run a program to its end and return what it said.

        ``timeout``: seconds until it is killed. ``descriptors`` stay open in it. Raises
        CommandError when it is missing, is killed, or exits with a status not in ``accept``.
        """
        with started(arguments, self.environment, stderr=subprocess.PIPE, descriptors=descriptors) as process:
            try:
                stdout, stderr = process.communicate(stdin, timeout=timeout)
            except subprocess.TimeoutExpired as error:
                raise CommandError(f"{shlex.join(arguments)}: killed, it did not end within {timeout:.0f} s") from error
        if process.returncode not in accept:
            said = printable(os.fsdecode(stderr.strip() or stdout.strip())[:EXCERPT])
            raise CommandError(f"{shlex.join(arguments)}: exit status {process.returncode}: {said}")
        return Completed(process.returncode, stdout, stderr)


@contextmanager
def started(
    arguments: Sequence[str], environment: Mapping[str, str], *, stderr: int, descriptors: Sequence[int] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """A program with pipes at its stdin and stdout; ``stderr`` as subprocess takes it.

    When the context ends and the program has not, it is killed with its whole session. Raises
    CommandError when it is missing.
    """
    try:
        process = subprocess.Popen(
            list(arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=dict(environment),
            cwd="/",
            pass_fds=tuple(descriptors),
            start_new_session=True,
        )
    except OSError as error:
        raise CommandError(f"{arguments[0]}: not run: {error.strerror}") from error
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()
