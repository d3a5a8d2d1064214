"""Agents of every package, and a server."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

KEY, STATE = File("-----BEGIN RSA PRIVATE KEY-----\n", 0o640), File("---\n")
AIO, CACHE = "/etc/puppetlabs/puppet", "/opt/puppetlabs/puppet/cache"
MODULE = {f"{CACHE}/lib/facter/x.rb": File("Facter\n"), "/etc/puppetlabs/code/environments/production": Dir()}
SERVER = "a template should not be the server"

CASES = (
    Case(
        "Puppet's package",
        REDHAT,
        {
            **MODULE,
            f"{AIO}/ssl": Dir(0o771, (52, 52)),
            f"{AIO}/ssl/private_keys/template.pem": KEY,
            f"{AIO}/ssl/certs/ca.pem": File("-----BEGIN CERTIFICATE-----\n"),
            f"{CACHE}/state/last_run_report.yaml": STATE,
            f"{CACHE}/client_data/catalog/template.json": STATE,
            f"{CACHE}/clientbucket/0/1/contents": File("password=hunter2\n", 0o600),
            f"{AIO}/puppet.conf": File("[main]\nserver = puppet.example.org\n"),
        },
        {
            **MODULE,
            f"{AIO}/ssl": Dir(0o771, (52, 52)),
            **{f"{CACHE}/{name}": Dir() for name in ("state", "client_data", "clientbucket")},
            f"{AIO}/puppet.conf": File("[main]\nserver = puppet.example.org\n"),
        },
    ),
    Case(
        "Debian's package",
        DEBIAN,
        {
            "/var/lib/puppet/ssl/private_keys/template.pem": KEY,
            **{f"/var/cache/puppet/{name}/x": STATE for name in ("state", "client_data", "clientbucket")},
            "/var/cache/puppet/devices": Dir(),
            "/etc/puppet/puppet.conf": File("[agent]\ncertname = template\n"),
        },
        {
            "/var/lib/puppet/ssl": Dir(),
            **{f"/var/cache/puppet/{name}": Dir() for name in ("state", "client_data", "clientbucket", "devices")},
            "/etc/puppet/puppet.conf": File("[agent]\ncertname = template\n"),
        },
        found=("/etc/puppet/puppet.conf",),
    ),
    Case(
        "an old package",
        SUSE,
        {
            "/etc/puppet/ssl/private_keys/template.pem": KEY,
            **{f"/var/lib/puppet/{name}/x": STATE for name in ("state", "client_data", "clientbucket")},
            "/etc/puppet/hiera.yaml": STATE,
        },
        {
            "/etc/puppet/ssl": Dir(),
            **{f"/var/lib/puppet/{name}": Dir() for name in ("state", "client_data", "clientbucket")},
            "/etc/puppet/hiera.yaml": STATE,
        },
    ),
    Case(
        "a server",
        REDHAT,
        {
            "/etc/puppetlabs/puppetserver/ca/ca_key.pem": KEY,
            f"{AIO}/ssl/private_keys/puppet.pem": KEY,
            f"{AIO}/puppet.conf": File("[server]\ncertname = puppet\n"),
            "/etc/puppetlabs/puppetdb/ssl/private.pem": KEY,
        },
        kept=SERVER,
        found=("/etc/puppetlabs/puppetdb/ssl/private.pem", f"{AIO}/puppet.conf"),
    ),
    Case("an old server", DEBIAN, {"/var/lib/puppet/ssl/ca/ca_key.pem": KEY}, kept=SERVER),
    Case("not run yet", ALPINE, {"/etc/puppet/puppet.conf": File("[main]\n#certname=x\n"), "/var/lib/puppet": Dir()}),
)
