"""Jobs of at, wherever a distribution keeps them."""

from __future__ import annotations

from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

JOB = File("#!/bin/sh\nAWS_SECRET_ACCESS_KEY=hunter2; export AWS_SECRET_ACCESS_KEY\n", 0o700)
SEQ = File("00002", 0o600)
NAME = "a0000101b2c3d4"

CASES = (
    Case(
        "Debian",
        DEBIAN,
        {
            "/var/spool/cron/atjobs": Dir(0o1770, (1, 1)),
            f"/var/spool/cron/atjobs/{NAME}": JOB,
            "/var/spool/cron/atjobs/=0000201b2c3d4": JOB,
            "/var/spool/cron/atjobs/.SEQ": SEQ,
            f"/var/spool/cron/atspool/{NAME}": JOB,
        },
        {
            "/var/spool/cron/atjobs": Dir(0o1770, (1, 1)),
            "/var/spool/cron/atjobs/.SEQ": SEQ,
            "/var/spool/cron/atspool": Dir(),
        },
    ),
    Case(
        "RHEL",
        REDHAT,
        {f"/var/spool/at/{NAME}": JOB, "/var/spool/at/.SEQ": SEQ, f"/var/spool/at/spool/{NAME}": JOB},
        {"/var/spool/at/.SEQ": SEQ, "/var/spool/at/spool": Dir()},
    ),
    Case(
        "SUSE",
        SUSE,
        {f"/var/spool/atjobs/{NAME}": JOB, f"/var/spool/atspool/{NAME}": JOB, "/var/spool/atjobs/.SEQ": SEQ},
        {"/var/spool/atjobs/.SEQ": SEQ, "/var/spool/atspool": Dir()},
    ),
    Case("Arch", ARCH, {f"/var/spool/atd/{NAME}": JOB}, {"/var/spool/atd": Dir()}),
    Case("crontabs are no jobs", ALPINE, {"/var/spool/cron/crontabs/root": JOB, "/var/spool/atd/atjobs": JOB}),
)
