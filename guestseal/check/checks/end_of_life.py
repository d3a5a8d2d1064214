"""The distribution's release still gets security updates

A release past its end gets no more of them, and its archives move away. The day is what os-release(5)
says in SUPPORT_END, or the distribution's own announcement: for Debian the end of its long-term
support, for Ubuntu, Red Hat, Oracle and SUSE of what everybody gets without a further contract.
Rolling releases have no end. AWS Marketplace refuses a release past it; elsewhere it is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.errors import printable
from guestseal.guest.facts import OS_RELEASE
from guestseal.guest.packages import releases


def _look(subject: Subject) -> Iterator[Problem]:
    os_release = subject.guest.os_release
    last = releases.end(os_release)
    name = printable(" ".join(os_release.get(key, "") for key in ("ID", "VERSION_ID")).strip())
    if last is None:
        raise Inapplicable(f"the end of {name} is not known" if name else "nothing says what distribution it is")
    today = datetime.fromtimestamp(subject.clock.now(), timezone.utc).date()
    if today > last:
        path = next((path for path in OS_RELEASE if subject.tree.is_file(path)), "")
        what = f"{name} has had no security updates for everybody since {last.isoformat()}"
        yield Problem(what, "upgrade to a release that gets them, or buy its extended support", path, fails=False)


CHECK = Check(_look, source="os-release(5), SUPPORT_END; distro-info-data; life cycle pages of the distributions")
