"""Remove jobs of at

A job that waits would run on every clone. It holds the whole environment of the shell that
submitted it, with the tokens that were in it.

Left on purpose: the directories, and .SEQ, the number of the next job, which at does not make
anew as the account it runs as. Jobs of cron are configuration: see crontabs.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

_JOB = "[a-zA-Z=]" + "[0-9a-f]" * 13  # at.c: queue, number, time

_PLACES = (
    *("/var/spool/cron/atjobs", "/var/spool/cron/atspool"),  # Debian
    *("/var/spool/at", "/var/spool/at/spool"),  # the RHEL family
    *("/var/spool/atjobs", "/var/spool/atspool"),  # SUSE
    "/var/spool/atd",  # Arch, Alpine
)

OPERATION = Operation(kind=Kind.SECRET, remove=tuple(f"{place}/{_JOB}" for place in _PLACES), stop=("atd.service",))
