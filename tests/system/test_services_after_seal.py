"""Services of Debian's archive in a sealed guest: no file of theirs is missing, and each likes its configuration."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.containers import Container
from support.debian import PACKAGES, base, dirty, guestseal, install, run, view

pytestmark = pytest.mark.system

TESTS = {
    "openssh-server": "mkdir -p /run/sshd && sshd -t",
    "nginx-light": "nginx -t",
    "bind9": "named-checkconf -z && rndc-confgen -h >/dev/null; test -s /etc/bind/rndc.key",
    "postfix": "postfix check",
    "dovecot-imapd": "doveconf -n >/dev/null && test -s /etc/dovecot/private/dovecot.key",
    "apache2": "apache2ctl configtest",
    "unbound": "unbound-checkconf",
    "chrony": "chronyd -p >/dev/null",
    "rsyslog": "rsyslogd -N1",
    "samba": "testparm -s >/dev/null",
    "haproxy": "haproxy -c -f /etc/haproxy/haproxy.cfg",
    "squid": "squid -k parse",
    "slapd": "slaptest -u",
    "lighttpd": "lighttpd -tt -f /etc/lighttpd/lighttpd.conf",
    "fail2ban": "fail2ban-client -t",
    "keepalived": "touch /etc/keepalived/keepalived.conf && keepalived -t",
    "dnsmasq": "dnsmasq --test",
    "cups-daemon": "cupsd -t",
    "monit": "monit -t",
    "php-fpm": "for fpm in /usr/sbin/php-fpm*; do $fpm -t; done",
    "sudo": "visudo -c",
    "logrotate": "logrotate -d /etc/logrotate.conf",
    "network-manager": "NetworkManager --print-config >/dev/null",
    "lvm2": "lvmconfig --validate",
    "open-iscsi": "/lib/open-iscsi/startup-checks.sh && grep -q ^InitiatorName=iqn /etc/iscsi/initiatorname.iscsi",
    "ssl-cert": "openssl x509 -noout -in /etc/ssl/certs/ssl-cert-snakeoil.pem",
    "tor": "tor --verify-config",
    "openvpn": "openvpn --version >/dev/null; test -d /etc/openvpn",
    "snmpd": "test -s /etc/snmp/snmpd.conf",
    "cloud-init": "cloud-init schema --system 2>/dev/null || test -s /etc/cloud/cloud.cfg",
    "qemu-guest-agent": "qemu-ga --dump-conf >/dev/null",
    "mdadm": "test -s /etc/mdadm/mdadm.conf",
}
"""A package, and a command of its own that fails when its files are not what it needs."""

PROBE_UNIT = """[Unit]
After=guestseal-local.service guestseal-firstboot.service
[Service]
Type=oneshot
ExecStart=/bin/sh /probe/all.sh
[Install]
WantedBy=multi-user.target
"""
BOOT = 240.0
"""Seconds: some of these services wait for a network that there is not."""


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A guest with all of them, sealed, whose first boot ran every test; /probe has what they said."""
    lower = base("bookworm", [*PACKAGES, *sorted(set(TESTS) - set(PACKAGES))])
    with view(lower, tmp_path_factory.mktemp("services")) as tree:
        install(tree)
        dirty(tree)
        guestseal("--root", tree, "seal", "--yes")
        (tree / "probe").mkdir()
        (tree / "probe/verify").write_text(run("dpkg", "--root", tree, "--verify", timeout=300).stdout)
        lines = [f"( {command} ) >/probe/{name}.log 2>&1; echo $? >/probe/{name}" for name, command in TESTS.items()]
        (tree / "probe/all.sh").write_text("\n".join([*lines, "systemctl --no-block poweroff", ""]))
        (tree / "etc/systemd/system/probe.service").write_text(PROBE_UNIT)
        run("systemctl", "--root", tree, "enable", "probe.service")
        with Container(tree) as container:
            container.wait(timeout=BOOT)
        yield tree


def test_no_file_of_a_package_is_missing(sealed: Path) -> None:
    said = (sealed / "probe/verify").read_text().splitlines()
    assert [line for line in said if "missing" in line] == []


@pytest.mark.parametrize("name", TESTS)
def test_after_the_first_boot_a_service_likes_its_files(sealed: Path, name: str) -> None:
    log = (sealed / f"probe/{name}.log").read_text(errors="replace")
    assert (sealed / "probe" / name).read_text() == "0\n", log
