"""Something keeps the time

A clone that is resumed, migrated or merely old goes wrong by seconds and then minutes:
TLS, Kerberos, TOTP and clusters fail. One of chrony, systemd-timesyncd, ntpd, ntpsec and OpenNTPD
has to be enabled. A warning: some platforms keep the guests' clocks themselves, by an agent.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Problem, Subject
from guestseal.guest.services.boot_services import started

_UNITS = (
    *("chrony.service", "chronyd.service", "systemd-timesyncd.service"),
    *("ntp.service", "ntpd.service", "ntpsec.service", "openntpd.service"),
)
_SCRIPTS = ("chrony", "chronyd", "ntp", "ntpd", "ntpsec", "openntpd", "busybox-ntpd")


def _look(subject: Subject) -> Iterator[Problem]:
    if not started(subject.tree, _UNITS, _SCRIPTS):
        remedy = "install and enable chrony, or `systemctl enable systemd-timesyncd`"
        yield Problem("nothing keeps the time: no NTP client is enabled", remedy, fails=False)


CHECK = Check(_look, source="systemd-timesyncd.service(8), chronyd(8), ntpd(8)")
