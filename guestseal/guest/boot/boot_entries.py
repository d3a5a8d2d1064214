"""The kernel command lines that a guest's next boots use: from its boot loader's configuration, whichever it has.

``entries`` is what boot loaders read; ``sources`` what the guest's tools make further entries from.
Lines of a grub.cfg that a script would compute are taken as they stand. Sources: GRUB manual, "linux";
UAPI group, Boot Loader Specification, "options"; syslinux wiki, "APPEND"; grub2-mkconfig's 10_linux of
Fedora (kernelopts in grubenv); kernel-install(8); dracut.cmdline(7), /etc/cmdline.d.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from guestseal.guest.boot import grubenv
from guestseal.guest.tree import Tree

GRUB_CONFIGS = (
    "/boot/grub/grub.cfg",
    "/boot/grub2/grub.cfg",
    "/boot/efi/EFI/*/grub.cfg",
    "/boot/grub/grub.conf",  # GRUB 0.97: RHEL 6, and pv-grub of Xen
    "/boot/grub/menu.lst",
)
SPECIFIED = ("/boot/loader/entries/*.conf", "/boot/efi/loader/entries/*.conf", "/efi/loader/entries/*.conf")
SYSLINUX_CONFIGS = (
    "/boot/extlinux/extlinux.conf",
    "/boot/extlinux.conf",
    "/boot/syslinux/syslinux.cfg",
    "/boot/efi/EFI/BOOT/syslinux.cfg",
)
GRUB_DEFAULTS = "/etc/default/grub"
_SOURCES = (GRUB_DEFAULTS, "/etc/default/grub.d/*.cfg")
_WHOLE = ("/etc/kernel/cmdline", "/etc/cmdline.d/*.conf")
_ENVIRONMENTS = ("/boot/grub2/grubenv", "/boot/grub/grubenv")

_GRUB = re.compile(r"\s*(?:linux|linux16|linuxefi|kernel)\s+(\S+)\s*(.*)")
_KERNELOPTS = re.compile(r"\s*set\s+(?:default_)?kernelopts=[\"'](.*)[\"']\s*")
_OPTIONS = re.compile(r"\s*options\s+(.*)")
_APPEND = re.compile(r"\s*append\s+(.*)", re.IGNORECASE)
_ASSIGNED = re.compile(r"\s*GRUB_CMDLINE_LINUX(?:_DEFAULT|_RECOVERY)?\+?=(.*)")


@dataclass(frozen=True)
class CommandLine:
    """One kernel command line, and where it stands."""

    path: str
    line: int
    text: str


def entries(tree: Tree) -> list[CommandLine]:
    """The command lines of all entries of all boot loaders, in the order of their files; empty: none was found."""
    options = _kernelopts(tree)
    found = [
        *_lines(tree, GRUB_CONFIGS, _of_grub),
        *_lines(tree, SPECIFIED, lambda line: _group(_OPTIONS, line)),
        *_lines(tree, SYSLINUX_CONFIGS, lambda line: _group(_APPEND, line)),
    ]
    return [CommandLine(each.path, each.line, _expanded(each.text, options)) for each in found]


def sources(tree: Tree) -> list[CommandLine]:
    """What command lines of further entries are made from: GRUB's defaults and those of kernel-install and dracut."""
    return [
        *_lines(tree, _SOURCES, lambda line: _group(_ASSIGNED, line).strip("\"'")),
        *_lines(tree, _WHOLE, lambda line: "" if line.startswith("#") else line),
    ]


def texts(tree: Tree, patterns: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The files that the patterns lead to, each once, with their text."""
    seen = set()
    for pattern in patterns:
        for path in tree.glob(pattern):
            real = tree.resolve(path)
            if real is not None and real not in seen:
                seen.add(real)
                yield path, tree.read_text(path) or ""


def _lines(tree: Tree, patterns: tuple[str, ...], command_line: Callable[[str], str]) -> Iterator[CommandLine]:
    for path, text in texts(tree, patterns):
        for number, line in enumerate(text.split("\n"), 1):
            found = command_line(line.rstrip("\r"))
            if found.strip():
                yield CommandLine(path, number, found)


def _of_grub(line: str) -> str:
    found = _GRUB.fullmatch(line)
    # Debian's memory tests are started as a kernel, too, by what stands in 20_memtest86+.
    return found[2] if found and "memtest" not in found[1] else _group(_KERNELOPTS, line)


def _group(pattern: re.Pattern[str], line: str) -> str:
    found = pattern.fullmatch(line)
    return found[1] if found else ""


def _kernelopts(tree: Tree) -> str:
    for path in _ENVIRONMENTS:
        value = grubenv.variables(tree.read(path) or b"").get("kernelopts")
        if value:
            return value
    return ""


def _expanded(text: str, kernelopts: str) -> str:
    """The line with what GRUB puts in for variables; one that is not known stands for nothing."""
    return re.sub(r"\$\{?(\w+)\}?", lambda name: kernelopts if name[1] == "kernelopts" else "", text)
