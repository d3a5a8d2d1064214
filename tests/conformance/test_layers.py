"""Imports point down only: who may import whom."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "guestseal"

BASE = ("guestseal.documents", "guestseal.errors", "guestseal.report", "guestseal.log", "guestseal")
GUEST = (*BASE, "guestseal.guest")
MACHINE = (*BASE, "guestseal.machine")
SETTINGS = (*GUEST, "guestseal.settings", "guestseal.catalog")
OPERATION = (*GUEST, "guestseal.seal.operation")
CHECK = (
    *(*GUEST, *MACHINE, "guestseal.check.check", "guestseal.check.profile"),
    *("guestseal.check.initramfs", "guestseal.check.decompression"),
)
FIRSTBOOT_TYPES = (*SETTINGS, *MACHINE, "guestseal.firstboot")

# The first prefix that fits a module says what it may import.
ALLOWED = {
    "guestseal.guest": GUEST,
    "guestseal.guest.network.renderers": GUEST,
    "guestseal.machine": MACHINE,
    "guestseal.settings": SETTINGS,
    "guestseal.catalog": ("guestseal.errors",),
    "guestseal.render": BASE,
    "guestseal.examination": (*SETTINGS, *MACHINE, "guestseal.check", "guestseal.seal"),
    "guestseal.junit": BASE,
    "guestseal.sarif": BASE,
    "guestseal.report": BASE,
    "guestseal.log": BASE,
    "guestseal.errors": (),
    "guestseal.documents": (),
    "guestseal.simulate": (*BASE, "guestseal.simulate"),
    "guestseal.seal.operations": OPERATION,
    "guestseal.seal.operation": GUEST,
    "guestseal.scrub": (*GUEST, *MACHINE, "guestseal.scrub"),
    "guestseal.seal": (*SETTINGS, *MACHINE, "guestseal.scrub", "guestseal.seal"),
    "guestseal.check.checks": CHECK,
    "guestseal.check.profiles": ("guestseal.check.profile",),
    "guestseal.check.profile": BASE,
    "guestseal.check.check": CHECK,
    "guestseal.check.summary": (*BASE, "guestseal.check", "guestseal.render"),
    "guestseal.check": (*SETTINGS, *MACHINE, "guestseal.check", "guestseal.seal.operation"),
    "guestseal.firstboot.sources": FIRSTBOOT_TYPES,
    "guestseal.firstboot.steps": FIRSTBOOT_TYPES,
    "guestseal.firstboot": FIRSTBOOT_TYPES,
    "guestseal.rehearse": (*GUEST, *MACHINE, "guestseal.rehearse", "guestseal.render", "guestseal.simulate"),
}
SIBLINGS = (
    "guestseal.seal.operations",
    "guestseal.seal.preflights",
    "guestseal.check.checks",
    "guestseal.check.profiles",
    "guestseal.firstboot.sources",
    "guestseal.firstboot.steps.local",
    "guestseal.firstboot.steps.network",
)
NOT_IN_OPERATIONS = {"os", "pathlib", "glob", "shutil", "subprocess", "pwd", "socket"}


def _modules() -> list[tuple[str, Path]]:
    files = sorted(PACKAGE.rglob("*.py"))
    return [(".".join(("guestseal", *path.relative_to(PACKAGE).with_suffix("").parts)), path) for path in files]


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{name.name}" for name in node.names}
    return found


def _fits(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == prefix or (prefix != "guestseal" and name.startswith(prefix + ".")) for prefix in prefixes)


@pytest.mark.parametrize(("module", "path"), _modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_imports_point_down(module: str, path: Path) -> None:
    prefix = next((p for p in sorted(ALLOWED, key=len, reverse=True) if _fits(module, (p,))), None)
    if prefix is None:
        assert _fits(module, ("guestseal.cli", "guestseal.__init__", "guestseal.__main__")), f"{module}: no rule for it"
        return
    own = tuple(name for name in _imports(path) if name.split(".")[0] == "guestseal")
    # `from guestseal.a import b` names a and perhaps the module a.b: one of both has to be allowed.
    wrong = [name for name in own if not _fits(name, (*ALLOWED[prefix], "guestseal.__version__"))]
    assert not [name for name in wrong if not any(other.startswith(name + ".") for other in own)]


@pytest.mark.parametrize("package", SIBLINGS)
def test_items_of_a_catalog_do_not_know_each_other(package: str) -> None:
    for module, path in _modules():
        if module.startswith(package + ".") and not module.endswith("__init__"):
            assert not [name for name in _imports(path) if name.startswith(package)], module


def test_operations_and_checks_read_through_the_tree_only() -> None:
    for module, path in _modules():
        if module.startswith(("guestseal.seal.operations.", "guestseal.check.checks.")):
            assert not NOT_IN_OPERATIONS.intersection(name.split(".")[0] for name in _imports(path)), module
