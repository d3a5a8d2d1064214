"""No flag stops a clone at a question

Some flags make a boot ask at the console: who is asked for a root password, a time zone or
a keyboard on a machine that nobody looks at waits for ever. /.unconfigured is that of
Red Hat's older releases (and what `sys-unconfig` and `touch /.unconfigured` leave), where it
still starts initial-setup or the text configuration; /etc/reconfigSys is its reconfiguration.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Fix, Problem, Subject
from guestseal.guest.actions import Remove

FLAGS = ("/.unconfigured", "/etc/reconfigSys")


def _look(subject: Subject) -> Iterator[Problem]:
    for path in FLAGS:
        if subject.tree.lstat(path) is not None:
            yield Problem("makes the next boot stop at the console and ask", "remove the file", path)


def _fix(subject: Subject) -> Fix:
    return Fix(tuple(Remove(path) for path in FLAGS if subject.tree.lstat(path) is not None))


CHECK = Check(_look, fix=_fix, source="Red Hat initscripts, sysconfig.txt: /.unconfigured; sys-unconfig(8)")
