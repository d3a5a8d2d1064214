"""What a sealed template must not have, found in its files with nothing of guestseal's."""

from __future__ import annotations

import json
import re
from pathlib import Path

READ = ("/etc", "/root", "/home", "/var/lib", "/var/log")
"""The directories in which ``found`` looks."""


def found(tree: Path, hostname: str) -> list[str]:
    """Everything that is left in ``tree`` of a master of this name, or that the tree of a template lacks."""
    return [*_files(tree), *_contents(tree, hostname), *_record(tree)]


def _files(tree: Path) -> list[str]:
    wrong = [path for home in ("root", "home") for path in (tree / home).rglob("*") if "history" in path.name]
    logs = (path for path in (tree / "var/log").rglob("*") if path.is_file() and not path.is_symlink())
    wrong += [path for path in logs if path.stat().st_size]
    wrong += (tree / "etc/ssh").glob("ssh_host_*")
    for directory in ("var/lib/dhcp", "var/lib/NetworkManager", "var/lib/systemd/network"):
        wrong += (tree / directory).rglob("*")
    gone = ("var/lib/systemd/random-seed", "etc/shadow-", "etc/passwd-", "var/lib/guestseal/sealing.json")
    wrong += [tree / name for name in gone if (tree / name).exists()]
    return [f"/{path.relative_to(tree)} is left" for path in wrong]


def _contents(tree: Path, hostname: str) -> list[str]:
    right = {"etc/machine-id": b"", "etc/hostname": b"localhost\n", "var/log/wtmp": b"", "var/log/btmp": b""}
    wrong = [f"/{name} is not {content!r}" for name, content in right.items() if _read(tree / name) != content]
    root = re.findall(rb"^root:[^:]*:([^:]*):", _read(tree / "etc/shadow") or b"", re.MULTILINE)
    wrong += [] if root == [b"0"] else [f"root's password was changed last on day {root}"]
    named = hostname.encode() in (_read(tree / "etc/hosts") or b"")
    return [*wrong, "the master's name in /etc/hosts"] if named else wrong


def _record(tree: Path) -> list[str]:
    record = _read(tree / "var/lib/guestseal/sealed.json")
    return [] if record is not None and json.loads(record)["id"] else ["no seal record"]


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
