"""What looks like a licence."""

from __future__ import annotations

from support.finding_cases import all_found
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

X = File("x")


CASES = (
    all_found(
        "in /etc",
        DEBIAN,
        *("/etc/product-license.txt", "/etc/product/site.lic", "/etc/product/licence.key"),
        beside=("/etc/product/product.conf", "/usr/share/doc/product/license.lic"),
    ),
    all_found(
        "in /opt",
        REDHAT,
        *("/opt/product/site.lic", "/opt/product/licenses/a.lic", "/opt/product/etc/a.lic"),
        beside=("/opt/product/bin/product", "/opt/product/LICENSE"),
    ),
    all_found(
        "FlexLM",
        SUSE,
        "/usr/local/flexlm/licenses/license.dat",
        "/var/lib/product-license",
        beside=("/usr/local/bin/lmutil",),
    ),
    Case("none", ALPINE, {"/etc/product": Dir(), "/usr/share/licenses/bash/COPYING": X}),
)
