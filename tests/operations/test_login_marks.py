"""Marks that programs made go, those that people made stay."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, UBUNTU, Case
from support.trees import Dir, File

KIM = (1000, 1000)
MARKS = {
    "/home/kim/.sudo_as_admin_successful": File("", owner=KIM),
    "/home/kim/.cloud-locale-test.skip": File("", owner=KIM),
}
CHOICES = {
    "/home/kim/.hushlogin": File("", owner=KIM),
    "/home/kim/.cloud-warnings.skip": File("", owner=KIM),
    "/srv/.sudo_as_admin_successful": File(""),
}

CASES = (
    Case("Ubuntu", UBUNTU, {**MARKS, **CHOICES}, CHOICES),
    Case("root", DEBIAN, {"/root/.sudo_as_admin_successful": File("")}, {"/root": Dir()}),
    Case("Enterprise Linux", REDHAT, CHOICES),
    Case("SUSE", SUSE, CHOICES),
    Case("Alpine", ALPINE, CHOICES),
)
