"""Banners that name the template."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

CASES = (
    Case(
        "its name, alone and with its domain",
        DEBIAN,
        {
            "/etc/hostname": File("golden1.example.com\n"),
            "/etc/motd": File("Welcome to golden1\n"),
            "/etc/issue.net": File("golden1.example.com, authorized users only\n"),
            "/etc/issue.d/10-golden12.issue": File("Not golden12, nor my-golden1-copy\n"),
            "/etc/issue": File("Debian GNU/Linux 12 \\n \\l\n"),
        },
        found=("/etc/motd", "/etc/issue.net"),
        alone=True,  # it depends on the host name that other cases bring
    ),
    Case(
        "its address",
        REDHAT,
        {
            "/etc/issue": File("eth0: 192.0.2.17\n"),
            "/etc/motd.d/cockpit": File("Web console: https://127.0.0.1:9090/ of 1.2.3.4.5\n"),
        },
        found=("/etc/issue",),
    ),
    Case(
        "a name that everybody has",
        SUSE,
        {"/etc/hostname": File("localhost\n"), "/etc/motd": File("localhost!\n")},
        alone=True,
    ),
    Case("versions", ALPINE, {"/etc/motd": File("Welcome to Alpine 3.20.3, see release 10.20.300.1\n")}),
)
