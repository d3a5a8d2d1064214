"""Minions that have a master, and their configuration."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File


def minion(place: str, cache: str) -> dict[str, File]:
    """What a minion makes when it starts."""
    return {
        f"{place}/minion_id": File("template.example.org"),
        f"{place}/pki/minion/minion.pem": File("-----BEGIN RSA PRIVATE KEY-----\n", 0o400),
        f"{place}/pki/minion/minion.pub": File("-----BEGIN PUBLIC KEY-----\n"),
        f"{cache}/proc/20240101": File("x"),
    }


def kept(place: str, cache: str) -> dict[str, Dir | File]:
    """What stays of it."""
    return {
        f"{place}/pki/minion/minion_master.pub": File("-----BEGIN PUBLIC KEY-----\n"),
        f"{place}/minion": File("master: salt.example.org\n#id:\n"),
        f"{place}/pki/master/master.pem": File("-----BEGIN RSA PRIVATE KEY----- of a master\n", 0o400),
        cache: Dir(0o750),
    }


SALT = ("/etc/salt", "/var/cache/salt/minion")
VENV = ("/etc/venv-salt-minion", "/var/cache/venv-salt-minion")
NAMED = {
    "/etc/salt/minion": File("master: salt.example.org\nid: template\n"),
    "/etc/salt/minion.d/id.conf": File("id: template\n"),
    "/etc/salt/grains": File("roles:\n- web\nmachine_id: 0123\n"),
}

CASES = (
    Case("a minion", DEBIAN, {**minion(*SALT), **kept(*SALT)}, kept(*SALT)),
    Case("SUSE Manager's", SUSE, {**minion(*VENV), **kept(*VENV)}, kept(*VENV)),
    Case("with a name of its own", REDHAT, NAMED, found=tuple(NAMED)),
    Case(
        "SUSE Manager's with a name of its own",
        SUSE,
        {
            "/etc/venv-salt-minion/minion.d/susemanager.conf": File("id: template\n"),
            "/etc/venv-salt-minion/grains": File("machine_id: 0123\n"),
        },
        found=("/etc/venv-salt-minion/grains", "/etc/venv-salt-minion/minion.d/susemanager.conf"),
    ),
    Case("not run yet", ALPINE, {**kept(*SALT), "/etc/salt/grains": File("roles:\n- web\n")}),
)
