"""Every fault that a first boot has to survive has a test that carries its id."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
FAULTS = {
    "T": 30,  # transport
    "P": 25,  # the password
    "H": 14,  # the host name
    "K": 15,  # SSH keys
    "S": 11,  # host keys and sshd
    "Y": 28,  # the system and the state
}
IDS = [f"{letter}{number}" for letter, count in FAULTS.items() for number in range(1, count + 1)]
PENDING: frozenset[str] = frozenset(name for name in IDS if name[0] in "SY" and name != "Y28")
"""Faults without a test yet: exactly those, so that none that has one stays here."""


@cache
def _tested() -> Counter[str]:
    found: Counter[str] = Counter()
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            match = re.match(r"test_([A-Z]\d+)_.", node.name) if isinstance(node, ast.FunctionDef) else None
            if match:
                found[match[1]] += 1
    return found


def test_every_fault_has_a_test() -> None:
    missing = [name for name in IDS if name not in _tested()]
    assert missing == [name for name in IDS if name in PENDING]


def test_every_id_is_that_of_a_fault() -> None:
    assert set(_tested()) <= set(IDS)
