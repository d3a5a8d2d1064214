"""Nodes that have not joined, and clusters."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

PASSWORD, KEY = File("hunter2", 0o600), File("-----BEGIN EC PRIVATE KEY-----\n", 0o600)
PKI, NODE, K3S = "/var/lib/kubelet/pki", "/etc/rancher/node/password", "/var/lib/rancher/k3s"
KEPT = {PKI: Dir(), "/etc/kubernetes/manifests": Dir(), "/etc/cni/net.d/10-bridge.conf": File("{}")}
JOINED = "has joined a Kubernetes cluster"

CASES = (
    Case(
        "kubelet has started once",
        DEBIAN,
        {**KEPT, f"{PKI}/kubelet.key": KEY, f"{PKI}/kubelet.crt": File("-----BEGIN CERTIFICATE-----\n")},
        KEPT,
    ),
    Case(
        "k3s has started once",
        ALPINE,
        {NODE: PASSWORD, f"{K3S}/data/0123/bin/k3s": File("ELF")},
        {"/etc/rancher/node": Dir(), f"{K3S}/data/0123/bin/k3s": File("ELF")},
    ),
    Case(
        "kubeadm's cluster",
        REDHAT,
        {
            "/etc/kubernetes/admin.conf": KEY,
            "/etc/kubernetes/pki/ca.key": KEY,
            f"{PKI}/kubelet-client-current.pem": KEY,
            "/var/lib/cni/networks/cbr0/10.244.0.2": File("x"),
        },
        kept=JOINED,
        found=("/etc/kubernetes/admin.conf", "/etc/kubernetes/pki/ca.key", "/var/lib/cni/networks/cbr0"),
    ),
    Case(
        "k3s",
        SUSE,
        {
            NODE: PASSWORD,
            f"{K3S}/server/token": PASSWORD,
            f"{K3S}/server/db/state.db": KEY,
            f"{K3S}/agent/kubelet.kubeconfig": KEY,
        },
        kept=JOINED,
        found=(f"{K3S}/agent/kubelet.kubeconfig", f"{K3S}/server/db", f"{K3S}/server/token"),
    ),
    Case(
        "RKE2",
        SUSE,
        {
            NODE: PASSWORD,
            "/var/lib/rancher/rke2/server/token": PASSWORD,
            "/var/lib/rancher/rke2/server/db/etcd/x": KEY,
            "/var/lib/rancher/rke2/agent/kubelet.kubeconfig": KEY,
        },
        kept=JOINED,
        found=tuple(
            f"/var/lib/rancher/rke2/{name}" for name in ("agent/kubelet.kubeconfig", "server/db", "server/token")
        ),
    ),
    Case(
        "MicroK8s",
        DEBIAN,
        {f"{PKI}/kubelet.key": KEY, "/var/snap/microk8s/current/certs/ca.key": KEY},
        kept=JOINED,
        found=("/var/snap/microk8s/current/certs/ca.key",),
    ),
    Case("never started", REDHAT, KEPT),
)
