"""What Google's agent noted of its instance."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

BOTO = File(
    "# This file is automatically created at boot time by the /usr/lib/python\n"
    "# 3/dist-packages/google_compute_engine/boto/boto_config.py script. Do\n"
    "# not edit this file directly.\n\n[GSUtil]\ndefault_project_id = 123456789\n"
)
OWN_BOTO = File("[Credentials]\ngs_oauth2_refresh_token = 1/abc\n", 0o600)
KEPT = {
    "/etc/default/instance_configs.cfg": File("[Daemons]\n"),
    "/etc/sudoers.d/google_sudoers": File("%google-sudoers ALL=(ALL:ALL) NOPASSWD:ALL\n", 0o440),
    "/var/lib/google/google_users": File("kim\n", 0o600),
}

CASES = (
    Case("an instance", DEBIAN, {**KEPT, "/etc/google_instance_id": File("42\n"), "/etc/boto.cfg": BOTO}, KEPT),
    Case("an old agent", REDHAT, {"/etc/instance_id": File("42\n")}, {"/etc": Dir()}),
    Case("credentials of somebody's own", SUSE, {**KEPT, "/etc/boto.cfg": OWN_BOTO}),
    Case("elsewhere", ALPINE, {"/etc/hostid": File("x")}),
)
