"""What OpenNebula's context scripts left."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

OUTPUT = File("+ PASSWORD=hunter2\n", 0o600)
SCRIPT = File("#!/usr/bin/env bash\n", 0o755)
TOP = {"/var/lib/one-context": Dir(0o700), "/etc/one-context.d/loc-10-network": SCRIPT}

CASES = (
    Case("a context that ran", DEBIAN, {**TOP, "/var/lib/one-context/tmp/script-output.log": OUTPUT}, TOP),
    Case("interrupted", ALPINE, {**TOP, "/var/lib/one-context/tmp": Dir(0o700)}, TOP),
    Case("not run", REDHAT, TOP),
    Case("not there", SUSE, {"/var/lib/one/remotes/x": SCRIPT}),
)
