"""Remove the number by which mirrors count an installation

yum sends a UUID to mirrors (/var/lib/yum/uuid), and dnf tells them how old an installation
is ("countme", dnf.conf(5)), from a file for each repository that says in which week it
spoke last. Clones of a template would be counted as one old machine. Both are made anew.

Left on purpose: the history and everything else that dnf knows about packages.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(kind=Kind.IDENTITY, remove=("/var/lib/yum/uuid", "/var/lib/dnf/repos/*/countme"))
