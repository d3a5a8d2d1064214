"""What Hyper-V's host told."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

POOL = File(b"HostName\x00" + b"\x00" * 503 + b"host-17.example.com\x00", 0o600)
TOP = {"/var/lib/hyperv": Dir(0o700)}

CASES = (
    Case("the pools", DEBIAN, {**TOP, **{f"/var/lib/hyperv/.kvp_pool_{n}": POOL for n in range(5)}}, TOP),
    Case("one of them", REDHAT, {**TOP, "/var/lib/hyperv/.kvp_pool_3": POOL}, TOP),
    Case("something else", SUSE, {**TOP, "/var/lib/hyperv/notes": File("x\n"), "/srv/.kvp_pool_1": POOL}),
    Case("not run", ALPINE, TOP),
)
