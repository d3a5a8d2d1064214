"""No program waits for strangers at the network

Google looks at its public images for sockets that are open to other machines: SSH's, those of DHCP
and NTP clients and of systemd-resolved may be, and no others. A warning: a service that the image
is made for is a reason. Looked at are the sockets of the running machine; what would listen
in an image that does not run, no file says for certain.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Problem, Subject
from guestseal.errors import printable

EXPECTED = {
    "tcp": (22, 5355),  # ssh; systemd-resolved, LLMNR
    "udp": (68, 123, 546, 5355),  # DHCP clients, NTP, systemd-resolved
}


def _look(subject: Subject) -> Iterator[Problem]:
    for each in subject.live.sockets.listeners():
        if each.port not in EXPECTED[each.protocol]:
            who = printable(each.program) or "a program"
            what = f"{who} listens at {each.protocol.upper()} port {each.port} for other machines"
            yield Problem(
                what, "disable it or bind it to a loopback address, unless it is what the image is for", fails=False
            )


CHECK = Check(
    _look,
    source="GoogleCloudPlatform/cloud-image-tests, test_suites/security/image_security_test.go, TestSockets",
    profiles=("gcp",),
)
