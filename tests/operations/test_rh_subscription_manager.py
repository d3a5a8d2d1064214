"""A registered consumer, on RHEL and beside it."""

from __future__ import annotations

from support.operation_cases import REDHAT, Case
from support.trees import Dir, File

ONLY = (REDHAT,)  # subscription-manager

PKI, RHSM = "/etc/pki", "/var/lib/rhsm"
KEPT = {
    f"{PKI}/consumer": Dir(),
    f"{PKI}/entitlement": Dir(),
    f"{PKI}/product/479.pem": File("-----BEGIN CERTIFICATE-----\n"),
    f"{RHSM}/productid.js": File('{"479": ["rhel-9"]}'),
    f"{RHSM}/cache": Dir(0o750),
    f"{RHSM}/facts": Dir(0o750),
    f"{RHSM}/packages": Dir(),
    "/etc/yum.repos.d/site.repo": File("[site]\nbaseurl=http://rpm.example.org/\n"),
}
OWN = {"/etc/rhsm/rhsm.conf": File("[server]\nhostname = subscription.rhsm.redhat.com\nproxy_password =\n[rhsm]\n")}

CASES = (
    Case(
        "registered with Red Hat",
        REDHAT,
        {
            **KEPT,
            **OWN,
            f"{PKI}/consumer/cert.pem": File("-----BEGIN CERTIFICATE-----\n"),
            f"{PKI}/consumer/key.pem": File("-----BEGIN PRIVATE KEY-----\n", 0o640),
            f"{PKI}/entitlement/0123-key.pem": File("-----BEGIN PRIVATE KEY-----\n", 0o640),
            f"{RHSM}/cache/installed_products.json": File("{}"),
            f"{RHSM}/facts/facts.json": File('{"network.hostname": "template"}'),
            f"{RHSM}/packages/packages.json": File("[]"),
            "/etc/yum.repos.d/redhat.repo": File("# Managed by (rhsm) subscription-manager\n[baseos]\n"),
        },
        {**KEPT, **OWN, "/etc/yum.repos.d": Dir()},
    ),
    Case(
        "a Satellite's, and a repository of somebody's own",
        REDHAT,
        {
            "/etc/rhsm/rhsm.conf": File("[server]\nhostname = satellite.example.org\nproxy_password = hunter2\n"),
            "/etc/rhsm/facts/katello.facts": File('{"network.hostname-override": "template"}'),
            "/etc/rhsm/facts/site.facts": File('{"site.rack": "7"}'),
            "/etc/yum.repos.d/redhat.repo": File("[mirror]\nbaseurl=http://mirror.example.org/\n"),
        },
        found=("/etc/rhsm/facts/katello.facts", "/etc/rhsm/rhsm.conf", "/etc/rhsm/rhsm.conf"),
    ),
    Case("never registered", REDHAT, {**KEPT, **OWN}),
)
