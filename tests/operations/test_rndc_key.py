"""BIND's control key goes only where a clone has a new one before named starts."""

from __future__ import annotations

from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE, SYSTEMD, Case
from support.trees import Dir, Entry, File, Link

CONTENT = 'key "rndc-key" {\n\talgorithm hmac-sha256;\n\tsecret "wOeZ5PyRTx5CBdHTCzVSiJIy/myjufdreYRGDqYpPvg=";\n};\n'
LOCAL_STAGE: dict[str, Entry] = {
    **SYSTEMD,
    "/lib/systemd/system/guestseal-local.service": File("[Service]\nExecStart=/usr/bin/guestseal\n"),
    "/etc/systemd/system/multi-user.target.wants/guestseal-local.service": Link(
        "/lib/systemd/system/guestseal-local.service"
    ),
}
DEBIANS: dict[str, Entry] = {
    "/etc/bind": Dir(0o2755, (0, 111)),
    "/etc/bind/named.conf": File('include "/etc/bind/named.conf.options";\n'),
    "/etc/bind/bind.keys": File("trust-anchors {};\n"),
}
KEY = {"/etc/bind/rndc.key": File(CONTENT, 0o640, (104, 111))}
ENTERPRISE_KEY = {"/etc/rndc.key": File(CONTENT.replace("sha256", "md5"), 0o640, (0, 25))}
OURS = {"/etc/bind/rndc.key": File(CONTENT + CONTENT.replace("rndc-key", "dhcp"), 0o640, (104, 111))}
NAMED: dict[str, Entry] = {
    **SYSTEMD,
    "/usr/lib/systemd/system/named.service": File("[Unit]\nWants=nss-lookup.target\nWants=named-setup-rndc.service\n"),
    "/usr/lib/systemd/system/named-setup-rndc.service": File(
        "[Service]\nExecStart=/usr/libexec/generate-rndc-key.sh\n"
    ),
    "/etc/named.conf": File("options {};\n"),
}
RNDC_CONF = {"/etc/rndc.conf": File('include "/etc/rndc.key";\n')}

CASES = (
    Case("Debian with guestseal", DEBIAN, {**LOCAL_STAGE, **DEBIANS, **KEY}, {**LOCAL_STAGE, **DEBIANS}),
    Case("Debian without guestseal", DEBIAN, {**SYSTEMD, **DEBIANS, **KEY}, kept="rndc-confgen"),
    Case("BIND is gone", DEBIAN, {**LOCAL_STAGE, **KEY}, kept="make a new one"),
    Case("keys of somebody's own", DEBIAN, {**LOCAL_STAGE, **DEBIANS, **OURS}, found=("/etc/bind/rndc.key",)),
    Case("a link", DEBIAN, {**DEBIANS, "/etc/bind/rndc.key": Link("/srv/rndc.key"), "/srv/rndc.key": File(CONTENT)}),
    Case("Enterprise Linux", REDHAT, {**NAMED, **ENTERPRISE_KEY}, NAMED),
    Case("rndc has a configuration", REDHAT, {**NAMED, **RNDC_CONF, **ENTERPRISE_KEY}, kept="make a new one"),
    Case("no unit makes it", ARCH, {**LOCAL_STAGE, **ENTERPRISE_KEY}, kept="make a new one"),
    Case("Debian's place elsewhere", SUSE, {**LOCAL_STAGE, **DEBIANS, **KEY}, kept="make a new one"),
    Case("SUSE without BIND", SUSE, SYSTEMD),
    Case("Alpine", ALPINE, {"/etc/bind/rndc.key": File(CONTENT)}, kept="make a new one"),
)
