"""Lint, types, and the sizes that keep the code readable."""

from __future__ import annotations

import ast
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SOURCES = sorted([*(PROJECT / "guestseal").rglob("*.py"), *(PROJECT / "packaging").rglob("*.py")])
LONGEST_MODULE = 400
LONGEST_FUNCTION = 40


def _tool(*words: str) -> None:
    own = PROJECT / ".venv/bin" / words[0]
    program = str(own) if own.exists() else shutil.which(words[0])
    assert program, f"{words[0]} is not installed: make test installs it"
    done = subprocess.run([program, *words[1:]], cwd=PROJECT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    _tool("ruff", "check", "--no-cache", "guestseal", "packaging", "tests")


def test_code_is_formatted() -> None:
    _tool("ruff", "format", "--no-cache", "--check", "guestseal", "packaging", "tests")


def test_types_are_sound() -> None:
    _tool("mypy")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_modules_and_functions_stay_readable(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= LONGEST_MODULE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < LONGEST_FUNCTION, f"{node.name} in line {node.lineno}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_public_name_has_a_docstring(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree), "the module has no docstring"
    for node in tree.body:
        public = isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")
        assert not public or ast.get_docstring(node), f"{node.name} in line {node.lineno}"  # type: ignore[union-attr]
