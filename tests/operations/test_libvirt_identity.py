"""What makes a virtualization host itself is reported."""

from __future__ import annotations

from support.certificates import PRIVATE_KEY, SELF_SIGNED
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

HOST = {
    "/etc/pki/libvirt/private/serverkey.pem": File(PRIVATE_KEY, 0o600),
    "/etc/pki/libvirt-spice/server-key.pem": File(PRIVATE_KEY, 0o600),
    "/etc/pki/libvirt-vnc/private/key.pem": File(PRIVATE_KEY, 0o600),
    "/etc/libvirt/libvirtd.conf": File('host_uuid = "00000000-0000-0000-0000-000000000001"\n'),
    "/etc/libvirt/virtqemud.conf": File('\thost_uuid="00000000-0000-0000-0000-000000000001"\n'),
    "/etc/libvirt/secrets/0a.base64": File("aHVudGVyMg==\n", 0o600),
    "/var/lib/libvirt/dnsmasq/virbr0.status": File("[]\n"),
    "/var/lib/libvirt/dnsmasq/default.leases": File("1 52:54:00:00:00:01 192.0.2.2 vm *\n"),
}
HARMLESS = {
    "/etc/pki/libvirt/servercert.pem": File(SELF_SIGNED),
    "/etc/pki/libvirt-spice/ca-cert.pem": File(SELF_SIGNED),
    "/etc/libvirt/libvirtd.conf": File('#host_uuid = "00000000-0000-0000-0000-000000000000"\n'),
    "/var/lib/libvirt/dnsmasq/default.conf": File("strict-order\n"),
    "/var/lib/libvirt/images/vm.qcow2": File("QFI"),
}

CASES = (
    Case("a host", DEBIAN, HOST, found=tuple(HOST)),
    Case("just installed", REDHAT, HARMLESS),
    Case("SUSE", SUSE, HARMLESS),
    Case("Alpine", ALPINE, HARMLESS),
)
