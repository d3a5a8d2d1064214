"""Remove what NTP clients measured on this hardware

The drift of the template's clock is wrong for a clone's and makes its time wrong at first. Gone
as well are chrony's measurements of servers, and, overwritten, its cookies and keys of Network
Time Security, which are for one machine. All are made anew.

Left on purpose: the time of the last shutdown (systemd-timesyncd, fake-hwclock), without which a
guest that has no clock starts years ago. Keys that people write are reported: see ntp-keys.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=(
        *("/var/lib/chrony/drift", "/var/lib/chrony/chrony.drift", "/var/lib/chrony/rtc", "/var/lib/chrony/*.dat"),
        *("/var/lib/ntp/**/drift", "/var/lib/ntp/**/ntp.drift", "/var/lib/ntpsec/ntp.drift"),  # SUSE: drift/ntp.drift
        "/var/lib/openntpd/*ntpd.drift",
    ),
    secrets=("/var/lib/chrony/*.nts", "/var/lib/chrony/ntskeys"),  # chrony.conf(5): ntsdumpdir
    stop=("chronyd.service", "chrony.service", "ntpd.service", "ntp.service", "ntpsec.service"),
)
