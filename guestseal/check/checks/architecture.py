"""The guest is a system of 64 bits

Machines of today's public clouds, and the certification of their images, know no other. Told by the program
that is started first, as its ELF header says; where that is a script, by the shell.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject

_PROGRAMS = ("/sbin/init", "/usr/lib/systemd/systemd", "/lib/systemd/systemd", "/bin/sh", "/usr/bin/bash")
_LIMIT = 16 << 20
_ELF = b"\x7fELF"
_CLASS_32 = 1  # elf(5), EI_CLASS


def _look(subject: Subject) -> Iterator[Problem]:
    for path in _PROGRAMS:
        head = subject.tree.read(path, limit=_LIMIT) if subject.tree.is_file(path) else None
        if head is not None and head.startswith(_ELF) and len(head) > len(_ELF):
            if head[len(_ELF)] == _CLASS_32:
                yield Problem("is a program of 32 bits", "make the image from a 64-bit installation", path)
            return
    raise Inapplicable("no program that is known says")


CHECK = Check(
    _look,
    source='elf(5); Microsoft, "Troubleshoot virtual machine certification": OS architecture',
    profiles=("aws", "azure", "digitalocean", "gcp"),
)
