"""Report what makes a virtualization host itself

libvirt's private keys authenticate hosts to each other when guests migrate; host_uuid replaces
the hardware's UUID, and two hosts with one UUID cannot migrate to each other; secrets open
encrypted or network volumes. dnsmasq keeps leases of the host's guests.

They are reported and stay: guests that are defined there may need them.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.IDENTITY,
    findings=signs(
        Sign(
            ("/etc/pki/libvirt/private/*", "/etc/pki/libvirt-*/*-key.pem", "/etc/pki/libvirt-*/private/*"),
            "is a virtualization host's private key",
            "have each clone given one of its own",
        ),
        Sign(
            ("/etc/libvirt/libvirtd.conf", "/etc/libvirt/virt*d.conf"),
            "sets the UUID of the host",
            "remove host_uuid, or give each clone another one",
            holds=rb"^\s*host_uuid\s*=",
        ),
        Sign(("/etc/libvirt/secrets/*",), "is a secret of libvirt's", "remove it with virsh secret-undefine"),
        Sign(
            ("/var/lib/libvirt/dnsmasq/*.status", "/var/lib/libvirt/dnsmasq/*.leases"),
            "holds leases of the host's guests",
            "remove it while no guest runs",
        ),
    ),
)
