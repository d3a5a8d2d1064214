"""Remove what Postfix remembers of TLS sessions

tlsmgr(8) keeps a seed in prng_exch and, where a cache is configured, the secrets of sessions
in *_scache files: with these a recorded connection could be read, and clones would start
from one seed. Files are overwritten; tlsmgr makes all of them again.

Left on purpose: master.lock and Postfix's other state. Certificates of Postfix: see service-tls-keys.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

DIRECTORY = "/var/lib/postfix"

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(f"{DIRECTORY}/prng_exch", f"{DIRECTORY}/*_scache.db", f"{DIRECTORY}/*_scache.lmdb"),
    stop=("postfix.service",),
)
