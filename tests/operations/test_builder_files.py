"""What builders of images leave."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

X = File("x\n")
MODULE = File('ANSIBLE_MODULE_ARGS = {"password": "hunter2"}\n', 0o600)

CASES = (
    Case(
        "Ansible",
        DEBIAN,
        {
            "/root/.ansible/tmp/ansible-tmp-1/AnsiballZ_user.py": MODULE,
            "/root/.ansible/cp/0123": X,
            "/root/.ansible/collections/x": X,
            "/home/kim/.ansible_async/1.2": MODULE,
        },
        {"/root/.ansible/collections/x": X, "/home/kim": Dir()},
    ),
    Case(
        "guest additions",
        REDHAT,
        {
            "/root/VBoxGuestAdditions_7.0.iso": X,
            "/home/vagrant/prl-tools-lin.iso": X,
            "/home/vagrant/.vbox_version": X,
            "/home/vagrant/data.iso": X,
        },
        {"/root": Dir(), "/home/vagrant/data.iso": X},
    ),
    Case(
        "Packer",
        SUSE,
        {
            "/etc/packer.env": X,
            "/etc/profile.d/01-packer.sh": X,
            "/etc/apt/apt.conf.d/90packer-proxy": X,
            "/root/packer.log": X,
            "/root/setup.sh": X,
            "/root/notes.txt": X,
        },
        found=(
            "/etc/packer.env",
            "/etc/profile.d/01-packer.sh",
            "/etc/apt/apt.conf.d/90packer-proxy",
            "/root/packer.log",
            "/root/setup.sh",
        ),
    ),
    Case("none", ALPINE, {"/etc/profile.d/locale.sh": X, "/root/.ansible/galaxy_cache/api.json": X}),
)
