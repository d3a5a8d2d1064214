"""A machine that Ignition configured becomes one that it has not."""

from __future__ import annotations

from support.operation_cases import Case, Distribution
from support.trees import Dir, File

from guestseal.guest.facts import Family

COREOS = Distribution("Fedora CoreOS", Family.REDHAT, "ID=fedora\nVARIANT_ID=coreos\n")
FLATCAR = Distribution("Flatcar", Family.OTHER, "ID=flatcar\nID_LIKE=coreos\n")
ONLY = (COREOS, FLATCAR)
RESULT = File('{"provisioningBootID": "x", "userConfigProvided": true}\n', 0o600)

CASES = (
    Case(
        "Fedora CoreOS",
        COREOS,
        {"/etc/.ignition-result.json": RESULT, "/boot/grub2": Dir()},
        {"/etc": Dir(), "/boot/grub2": Dir(), "/boot/ignition.firstboot": File("")},
    ),
    Case(
        "Flatcar",
        FLATCAR,
        {"/etc/.ignition-result.json": RESULT, "/boot/flatcar": Dir()},
        {"/etc": Dir(), "/boot/flatcar/first_boot": File("")},
    ),
    Case(
        "made ready already, by a file with options",
        COREOS,
        {"/boot/ignition.firstboot": File("set ignition_network_kcmdline='ip=dhcp'\n")},
    ),
    Case("not configured by Ignition", FLATCAR, {"/boot/flatcar": Dir()}),
)
