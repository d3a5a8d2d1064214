"""Every fault that a first boot has to survive has a test that carries its id."""

from __future__ import annotations

import ast
import re
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


@cache
def _tested() -> frozenset[str]:
    names = (
        node.name
        for path in sorted(TESTS.rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    )
    return frozenset(match[1] for match in (re.match(r"test_([A-Z]\d+)_.", name) for name in names) if match)


def test_every_fault_has_a_test() -> None:
    assert [name for name in IDS if name not in _tested()] == []


def test_every_id_is_that_of_a_fault() -> None:
    assert _tested() <= set(IDS)
