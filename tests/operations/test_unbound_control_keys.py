"""Unbound's control keys go where nobody needs them, or a clone makes others."""

from __future__ import annotations

from support.certificates import PRIVATE_KEY, SELF_SIGNED
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, SYSTEMD, Case
from support.trees import Dir, Entry, File, Link

UNBOUND = "/etc/unbound"
FILES = {
    f"{UNBOUND}/unbound_{name}.{end}": File(PRIVATE_KEY if end == "key" else SELF_SIGNED, 0o640)
    for name in ("server", "control")
    for end in ("key", "pem")
}
DEBIANS: dict[str, Entry] = {
    f"{UNBOUND}/unbound.conf": File('include-toplevel: "/etc/unbound/unbound.conf.d/*.conf"\n'),
    f"{UNBOUND}/unbound.conf.d/root.conf": File('server:\n  auto-trust-anchor-file: "/var/lib/unbound/root.key"\n'),
    "/var/lib/unbound/root.key": File("; autotrust\n"),
}


def remote(text: str) -> dict[str, Entry]:
    return {f"{UNBOUND}/unbound.conf.d/remote-control.conf": File(f"remote-control:\n{text}")}


SOCKET = remote("  control-enable: yes\n  # by default 127.0.0.1\n  control-interface: /run/unbound.ctl\n")
NETWORK = remote("  control-enable: yes\n")
OFF = remote("  #control-enable: yes\n  control-enable: no\n")
PROGRAMS = {"/usr/sbin/unbound-control-setup": File("#!/bin/sh\n", 0o755), "/usr/bin/openssl": File("ELF", 0o755)}
LOCAL_STAGE: dict[str, Entry] = {
    **SYSTEMD,
    "/lib/systemd/system/guestseal-local.service": File("[Service]\nExecStart=/usr/bin/guestseal\n"),
    "/etc/systemd/system/multi-user.target.wants/guestseal-local.service": Link(
        "/lib/systemd/system/guestseal-local.service"
    ),
}
ENTERPRISE: dict[str, Entry] = {
    **SYSTEMD,
    "/usr/lib/systemd/system/unbound.service": File("[Unit]\nWants=unbound-keygen.service\n"),
    "/usr/lib/systemd/system/unbound-keygen.service": File("[Service]\nExecStart=/usr/sbin/unbound-control-setup\n"),
    f"{UNBOUND}/unbound.conf": File('remote-control:\n\tcontrol-enable: "yes"\ninclude: /etc/unbound/conf.d/*.conf\n'),
    f"{UNBOUND}/conf.d/example.conf": File("# nothing\n"),
    f"{UNBOUND}/local.d/block.conf": File("# nothing\n"),
}
INCLUDED = {f"{UNBOUND}/unbound.conf": File("include: /srv/dns/unbound.conf\n")}

CASES = (
    Case("nobody needs them", DEBIAN, {**SYSTEMD, **DEBIANS, **SOCKET, **FILES}, {**SYSTEMD, **DEBIANS, **SOCKET}),
    Case("remote control is off", DEBIAN, {**SYSTEMD, **DEBIANS, **OFF, **FILES}, {**SYSTEMD, **DEBIANS, **OFF}),
    Case(
        "the first boot makes others",
        DEBIAN,
        {**LOCAL_STAGE, **PROGRAMS, **DEBIANS, **NETWORK, **FILES},
        {**LOCAL_STAGE, **PROGRAMS, **DEBIANS, **NETWORK},
    ),
    Case(
        "no first boot", DEBIAN, {**SYSTEMD, **PROGRAMS, **DEBIANS, **NETWORK, **FILES}, kept="guestseal-local.service"
    ),
    Case("no openssl", DEBIAN, {**LOCAL_STAGE, **DEBIANS, **NETWORK, **FILES}, kept="openssl"),
    Case("a file from elsewhere may need them", DEBIAN, {**SYSTEMD, **INCLUDED, **FILES}, kept="Unbound needs them"),
    Case("Enterprise Linux", REDHAT, {**ENTERPRISE, **FILES}, ENTERPRISE),
    Case(
        "SUSE without keys", SUSE, {**SYSTEMD, f"{UNBOUND}/unbound.conf": File("server:\n"), f"{UNBOUND}/keys": Dir()}
    ),
    Case("Alpine", ALPINE, {f"{UNBOUND}/unbound.conf": File("remote-control:\n control-enable: no\n")}),
)
