"""Tables that name cards."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

CASES = (
    Case("nameif", ALPINE, {"/etc/mactab": File("lan0 52:54:00:12:34:56\n")}, found=("/etc/mactab",)),
    Case("ifrename", DEBIAN, {"/etc/iftab": File("eth0 mac 52:54:00:12:34:56\n")}, found=("/etc/iftab",)),
    Case("by driver", REDHAT, {"/etc/iftab": File("eth0 driver virtio_net # 52:54:00:12:34:56\n")}),
    Case("commented out", SUSE, {"/etc/mactab": File("# lan0 52:54:00:12:34:56\n")}),
)
