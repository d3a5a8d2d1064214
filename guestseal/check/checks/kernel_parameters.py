"""The kernel's command line has what the platform demands

On Azure the certification reads /proc/cmdline for earlyprintk and rootdelay: a kernel that fails before it
has a console says so on the serial port, and one that starts before its disk waits for it. Each entry
of the boot loader is looked at, but those for recovery. The console is the check serial-console's.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.guest.boot import boot_entries, kernel_command_line
from guestseal.guest.boot.boot_entries import CommandLine

_RECOVERY = frozenset(("single", "recovery", "rescue", "systemd.unit"))


def _look(subject: Subject) -> Iterator[Problem]:
    entries = [line for line in boot_entries.entries(subject.tree) if _is_ordinary(line)]
    if not subject.profile.kernel_parameters:
        raise Inapplicable("the profile demands no parameter")
    if not entries:
        raise Inapplicable("no boot loader's configuration is in it: something else boots it, or /boot is not mounted")
    for wanted in subject.profile.kernel_parameters:
        name, _, value = wanted.partition("=")
        without = [line for line in entries if value not in kernel_command_line.values(line.text, name)]
        if without:
            remedy = f"add {wanted} to the kernel's command line"
            yield Problem(f"the kernel is started without {wanted}", remedy, without[0].path, without[0].line)


def _is_ordinary(line: CommandLine) -> bool:
    names = {name for name, _ in kernel_command_line.parameters(line.text)}
    return "root" in names and not names & _RECOVERY


CHECK = Check(
    _look,
    source='Microsoft, "Troubleshoot virtual machine certification": Required kernel parameters',
    profiles=("azure",),
)
