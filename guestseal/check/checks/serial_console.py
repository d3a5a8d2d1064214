"""The boot is shown on the platform's serial console

Platforms show and keep what a machine writes to its serial port: how one sees why a clone
does not come up. The kernel writes there when its command line says so, and of several
consoles it is the last one that init and an emergency shell use.

ARM: the firmware names the console. ``check --fix`` adds it to GRUB's defaults and lets the
guest make its boot entries anew.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Fix, Inapplicable, Problem, Subject
from guestseal.guest import sysconfig
from guestseal.guest.actions import Edit
from guestseal.guest.boot import boot_entries, bootloader, kernel_command_line
from guestseal.guest.boot.boot_entries import GRUB_DEFAULTS, CommandLine
from guestseal.guest.tree import Tree

VARIABLE = "GRUB_CMDLINE_LINUX"
DROP_INS = ("/etc/default/grub.d/*.cfg",)


def _look(subject: Subject) -> Iterator[Problem]:
    missing = _missing(subject)
    if missing:
        yield Problem(
            f"the kernel does not write to {subject.profile.console}, which the platform shows",
            f"add {_parameters(subject)} to the kernel's command line",
            missing[0].path,
            missing[0].line,
            fails=False,
        )


def _missing(subject: Subject) -> list[CommandLine]:
    """The boot entries without the console. Raises Inapplicable where it is not asked for."""
    if not subject.profile.console:
        raise Inapplicable("the platform shows no serial console")
    if not bootloader.has_bios(subject.tree):
        raise Inapplicable("the firmware names the console on this architecture")
    entries = [line for line in boot_entries.entries(subject.tree) if kernel_command_line.values(line.text, "root")]
    if not entries:
        raise Inapplicable("no boot loader's configuration is in it: something else boots it, or /boot is not mounted")
    with_console = [line for line in entries if subject.profile.console in _consoles(line.text)]
    # Recovery entries may do without: somebody sits before them.
    return [] if with_console else entries


def _consoles(text: str) -> list[str]:
    return [value.partition(",")[0] for value in kernel_command_line.values(text, "console")]


def _parameters(subject: Subject) -> str:
    return f"console=tty0 console={subject.profile.console},115200n8"


def _fix(subject: Subject) -> Fix | None:
    before = subject.tree.read_text(GRUB_DEFAULTS)
    missing = _missing(subject)
    program = _program(subject.tree, missing, _parameters(subject))
    # What a drop-in says comes after the file, and counts.
    overridden = any(f"{VARIABLE}=" in text for _, text in boot_entries.texts(subject.tree, DROP_INS))
    if before is None or program is None or overridden:
        return None
    value = sysconfig.variables(before).get(VARIABLE)
    if value is None and f"{VARIABLE}=" in before:  # a line that only a shell can read
        return None
    has = _consoles(value or "")
    wanted = value if subject.profile.console in has else f"{value or ''} {_parameters(subject)}".strip()
    after = _assigned(before, wanted or "")
    data = (before.encode("utf-8", "surrogateescape"), after.encode("utf-8", "surrogateescape"))
    edits = (Edit(GRUB_DEFAULTS, *data, "a serial console"),) if after != before else ()
    return Fix(edits, run=(program,))


def _assigned(text: str, value: str) -> str:
    """The file with the variable's value in double quotes: it has spaces in it."""
    bare = sysconfig.assigned(text, VARIABLE, "")
    quotes = (f"{VARIABLE}={mark}" for mark in ('""', "''", ""))
    found = next(each for each in quotes if each in bare)
    return bare.replace(found, f'{VARIABLE}="{value}"', 1)


def _program(tree: Tree, entries: list[CommandLine], parameters: str) -> tuple[str, ...] | None:
    """What writes the entries anew: the guest's own program; None: none that is known."""
    path = entries[0].path if entries else ""
    if "/loader/entries/" in path:
        grubby = tree.is_file("/usr/sbin/grubby")
        return ("grubby", "--update-kernel=ALL", f"--args={parameters}") if grubby else None
    if tree.is_file("/usr/sbin/update-grub"):
        return ("update-grub",)
    for name in ("grub2-mkconfig", "grub-mkconfig"):
        if path.endswith("/grub.cfg") and any(tree.is_file(f"{place}/{name}") for place in ("/usr/sbin", "/usr/bin")):
            return (name, "-o", path)
    return None


CHECK = Check(
    _look, fix=_fix, source="kernel documentation, serial-console; GRUB manual, GRUB_CMDLINE_LINUX; grubby(8)"
)
