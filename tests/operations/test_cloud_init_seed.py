"""A seed goes when that is asked for; the directory stays."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

SEED = "/var/lib/cloud/seed"
DATA = File("#cloud-config\nchpasswd: {list: [root:hunter2]}\n", 0o600)

CASES = (
    Case("by an installer", DEBIAN, {f"{SEED}/nocloud-net/user-data": DATA}, {SEED: Dir()}),
    Case("for one data source", REDHAT, {f"{SEED}/ec2/2009-04-04/user-data": DATA}, {SEED: Dir()}),
    Case("none", SUSE, {SEED: Dir(), "/var/lib/cloud/scripts/per-boot/x": File("#!/bin/sh\n", 0o755)}),
    Case("elsewhere", ALPINE, {"/srv/seed/user-data": DATA}),
)
