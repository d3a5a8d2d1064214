"""Run one program and report what it took: a process of its own, because a small one measures best.

A child begins with the peak memory of the process that starts it (getrusage(2), ru_maxrss), so
that of the benchmark itself would hide a smaller program's. ``launcher.py FD PROGRAM ARGUMENT…``
writes seconds on the wall, seconds of CPU, kilobytes and the exit status to FD.
"""

from __future__ import annotations

import os
import sys
import time


def main(report: int, *words: str) -> None:
    """Start ``words``, wait for the end, and say what it and all it started took."""
    os.set_inheritable(report, False)
    stream = os.fstat(2)
    os.environ["JOURNAL_STREAM"] = f"{stream.st_dev}:{stream.st_ino}"  # as in a unit: systemd.exec(5)
    start = time.monotonic()
    child = os.posix_spawnp(words[0], words, os.environ)
    _, status, usage = os.wait4(child, 0)
    wall = time.monotonic() - start
    text = f"{wall} {usage.ru_utime + usage.ru_stime} {usage.ru_maxrss} {os.waitstatus_to_exitcode(status)}\n"
    os.write(report, text.encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
