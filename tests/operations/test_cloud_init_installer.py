"""What Ubuntu's installer told cloud-init of its first user."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, UBUNTU, Case
from support.trees import File

D = "/etc/cloud/cloud.cfg.d"
USER = File("datasource: {None: {userdata_raw: 'passwd: $6$salt$hash-of-mallory'}}\n", 0o600)
POLICY = File("policy: enabled\n")
OWN_POLICY = File("policy: search,found=all,maybe=none,notfound=disabled\n")
HOOK = File('#!/usr/bin/env python3\nfor cfg_file in ["/etc/cloud/ds-identify.cfg"]: pass\n', 0o755)
OTHERS = {
    f"{D}/90_dpkg.cfg": File("datasource_list: [ CloudStack ]\n"),
    f"{D}/curtin-preserve-sources.cfg": File("apt:\n  preserve_sources_list: true\n"),
    "/etc/cloud/clean.d/99-installer": HOOK,
}

CASES = (
    Case(
        "Ubuntu Server",
        UBUNTU,
        {**OTHERS, f"{D}/99-installer.cfg": USER, "/etc/cloud/ds-identify.cfg": POLICY},
        OTHERS,
    ),
    Case(
        "switched off by the installer",
        UBUNTU,
        {"/etc/cloud/cloud-init.disabled": File("Disabled by Ubuntu live installer after first boot.\n")},
        found=("/etc/cloud/cloud-init.disabled",),
        alone=True,  # it switches the cloud-init of other cases off
    ),
    Case("an administrator's policy", DEBIAN, {**OTHERS, "/etc/cloud/ds-identify.cfg": OWN_POLICY}),
    Case("a policy without the installer's script", REDHAT, {"/etc/cloud/ds-identify.cfg": POLICY}),
    Case("switched off by somebody", SUSE, {"/etc/cloud/cloud-init.disabled": File("")}, alone=True),
    Case("no installer", ALPINE, {f"{D}/05_logging.cfg": File("output: {all: '>/dev/console'}\n")}),
)
