"""Remove sockets and locks of GnuPG

The sockets of gpg-agent, dirmngr, scdaemon and keyboxd, and lock files, which hold a process
id and the machine's name, belong to programs that run on the template; a stale lock makes gpg
in a clone wait. gpg makes all of them again (gpg(1): FILES).

Left on purpose: keys and key rings, see user-secrets; trustdb.gpg and the configuration. The
seed of GnuPG's random numbers: see random-seed.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

NAMES = ("S.*", "*.lock", ".#lk*", "public-keys.d/*.lock", "public-keys.d/.#lk*")

OPERATION = Operation(kind=Kind.CLUTTER, remove=tuple(f"{{home}}/.gnupg/{name}" for name in NAMES))
