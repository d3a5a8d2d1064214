"""Nodes of Chef and Cinc, and the keys of others."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

KEY = File("-----BEGIN RSA PRIVATE KEY-----\n", 0o600)
CONF = "chef_server_url 'https://chef.example.org'\n"


def kept(product: str) -> dict[str, Dir | File]:
    """What stays of a client."""
    return {
        f"/etc/{product}/client.rb": File(CONF),
        f"/etc/{product}/first-boot.json": File('{"run_list": []}'),
        f"/etc/{product}/ohai/hints/ec2.json": File("{}"),
        f"/var/{product}/cache": Dir(),
        f"/var/{product}/backup": Dir(),
    }


def registered(product: str) -> dict[str, Dir | File]:
    """A client that has run."""
    return {
        **kept(product),
        f"/etc/{product}/client.pem": KEY,
        f"/var/{product}/cache/cookbooks/x/recipes/default.rb": File("x"),
        f"/var/{product}/backup/etc/app.conf.chef-2024": File("password=hunter2\n"),
    }


KEYS = {
    "/etc/chef/validation.pem": KEY,
    "/etc/chef/example-validator.pem": KEY,
    "/etc/chef/encrypted_data_bag_secret": File("hunter2", 0o600),
    "/etc/chef/client.rb": File(CONF + "node_name 'template'\n"),
}
CINC_KEYS = {
    "/etc/cinc/validation.pem": KEY,
    "/etc/cinc/example-validator.pem": KEY,
    "/etc/cinc/encrypted_data_bag_secret": File("hunter2", 0o600),
    "/etc/cinc/client.rb": File(CONF + "node_name 'template'\n"),
}

CASES = (
    Case("Chef", DEBIAN, registered("chef"), kept("chef")),
    Case("Cinc", SUSE, registered("cinc"), kept("cinc")),
    Case("keys that others need", REDHAT, KEYS, found=tuple(KEYS)),
    Case("keys that others need, Cinc", REDHAT, CINC_KEYS, found=tuple(CINC_KEYS)),
    Case("not registered", ALPINE, kept("chef")),
)
