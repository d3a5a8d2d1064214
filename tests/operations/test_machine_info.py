"""What describes one machine, and what describes its kind."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

PATH = "/etc/machine-info"

CASES = (
    Case(
        "beside what every clone is",
        DEBIAN,
        {PATH: File('PRETTY_HOSTNAME="Kim\'s golden"\nCHASSIS=vm\nLOCATION="Rack 7"\nDEPLOYMENT=build')},
        {PATH: File("CHASSIS=vm\n")},
    ),
    Case("nothing else", REDHAT, {PATH: File("# hostnamectl\nPRETTY_HOSTNAME=Golden\n")}, {"/etc": Dir()}),
    Case(
        "an asset tag",
        SUSE,
        {PATH: File("HARDWARE_ASSET_TAG=4711\nICON_NAME=computer-vm\n")},
        {PATH: File("ICON_NAME=computer-vm\n")},
    ),
    Case("nothing of the machine", ALPINE, {PATH: File("CHASSIS=vm\nICON_NAME=computer-vm\n# LOCATION=x\n")}),
)
