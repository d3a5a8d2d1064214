"""Remove enrolled fingerprints

fprintd keeps the prints that people enrolled in /var/lib/fprint, by account and reader. They
are biometric data, cannot be changed by those they belong to, and fit no other reader.

Left on purpose: the directory, which belongs to the package. pam_fprintd asks for the
password where no finger is enrolled.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(kind=Kind.SECRET, remove=("/var/lib/fprint/*",))
