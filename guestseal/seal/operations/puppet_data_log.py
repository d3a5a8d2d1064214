"""Remove the Puppet agent's certificate and state

Agents with one certificate are one node to the server. Removed are the agent's keys and
certificates, its state, what it fetched, and the copies of files that it changed
(clientbucket), which can hold secrets; for Puppet's own packages (/etc/puppetlabs,
/opt/puppetlabs), Debian's (/var/lib/puppet/ssl, /var/cache/puppet; run_mode.rb of
puppet-agent 7.23) and old ones. The agent makes a new key when it starts.

On a machine that holds the CA everything is kept: it could not be made again. Left on
purpose: configuration and modules. A certname in puppet.conf, and PuppetDB's copies of the
key, are reported. The logs are emptied with all others.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Guard, Kind, Operation

SSL = ("/etc/puppetlabs/puppet/ssl", "/etc/puppet/ssl", "/var/lib/puppet/ssl")
STATE = ("/opt/puppetlabs/puppet/cache", "/var/cache/puppet", "/var/lib/puppet")
CA = (*(f"{place}/ca/ca_key.pem" for place in SSL), "/etc/puppetlabs/puppetserver/ca/ca_key.pem")

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(
        *(f"{place}/*" for place in SSL),
        *(f"{place}/{name}/*" for place in STATE for name in ("clientbucket", "client_data", "state")),
    ),
    findings=signs(
        Sign(
            ("/etc/puppetlabs/puppet/puppet.conf", "/etc/puppet/puppet.conf"),
            "gives every clone the same name",
            "remove certname",
            holds=rb"^\s*certname\s*=[ \t]*\S",
        ),
        Sign(("/etc/puppetlabs/puppetdb/ssl/private.pem",), "is a private key", "run puppetdb ssl-setup on each clone"),
    ),
    needs=(
        Guard(
            lambda guest: not any(map(guest.tree.exists, CA)),
            "this machine holds Puppet's CA: a template should not be the server",
        ),
    ),
)
