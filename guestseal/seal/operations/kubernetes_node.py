"""Remove the identity of a Kubernetes node that has not joined yet

An image with kubelet or k3s can have started them once: kubelet makes itself a certificate,
k3s a password for the node, by which the server refuses another machine of that name. Both
are made anew.

On a machine that has joined or is the cluster everything is kept and reported: a clone of it
shares its authority, its data or its name. Left on purpose: images, manifests, plugins.
"""

from __future__ import annotations

from guestseal.guest.facts import Guest
from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Guard, Kind, Operation

RANCHER = ("/var/lib/rancher/k3s", "/var/lib/rancher/rke2")
JOINED = (
    *("/etc/kubernetes/*.conf", "/etc/kubernetes/pki/*.key"),
    *(f"{place}/{state}" for place in RANCHER for state in ("server/db", "server/token", "agent/*.kubeconfig")),
    "/var/snap/microk8s/current/certs/ca.key",
)


def _not_joined(guest: Guest) -> bool:
    return not any(any(guest.tree.glob(pattern)) for pattern in JOINED)


OPERATION = Operation(
    kind=Kind.SECRET,
    remove=("/etc/rancher/node/password", "/var/lib/kubelet/pki/*"),
    findings=signs(
        Sign(
            (*JOINED, "/var/lib/cni/networks/*"),
            "belongs to a node of a Kubernetes cluster",
            "reset the node before sealing: kubeadm reset, k3s-uninstall.sh, microk8s leave",
        )
    ),
    needs=(
        Guard(
            _not_joined,
            "this machine has joined a Kubernetes cluster, or is one: reset it before sealing (kubeadm reset …)",
        ),
    ),
)
