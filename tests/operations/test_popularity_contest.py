"""The number of a machine that takes part in the popularity contest."""

from __future__ import annotations

from support.operation_cases import DEBIAN, UBUNTU, Case
from support.trees import Dir, File

ONLY = (DEBIAN,)  # popularity-contest

SETTINGS = "/etc/popularity-contest.conf"
TEMPLATE = {"/usr/share/popularity-contest/default.conf": File('#MY_HOSTID="_ID_"\n')}
AROUND = '# MY_HOSTID is a secret number\n{}PARTICIPATE="yes"\nENCRYPT="maybe"\nDAY="3"\n'

CASES = (
    Case(
        "takes part",
        DEBIAN,
        {
            **TEMPLATE,
            SETTINGS: File(AROUND.format('MY_HOSTID="0123456789abcdef0123456789abcdef"\n')),
            "/var/lib/popularity-contest/lastsub": File("1700000000\n"),
        },
        {**TEMPLATE, SETTINGS: File(AROUND.format("")), "/var/lib/popularity-contest": Dir()},
    ),
    Case("has no number", UBUNTU, {**TEMPLATE, SETTINGS: File(AROUND.format(""))}),
)
