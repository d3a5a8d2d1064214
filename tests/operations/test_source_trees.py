"""Source code that somebody left, and what belongs to packages."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

CODE = File("int main;\n")

CASES = (
    Case(
        "unpacked by hand, beside headers and DKMS sources",
        DEBIAN,
        {
            "/usr/local/src/nginx-1.25/configure": CODE,
            "/usr/src/linux-source-6.1.tar.xz": CODE,
            "/usr/src/linux-headers-6.1.0-1-amd64/Makefile": CODE,
            "/usr/src/zfs-2.2/dkms.conf": CODE,
            "/var/lib/dkms/zfs/2.2/build/Makefile": CODE,
            "/var/lib/dkms/zfs/2.2/6.1.0-1-amd64/x86_64/module/zfs.ko": CODE,
        },
        found=("/usr/local/src/nginx-1.25", "/usr/src/linux-source-6.1.tar.xz", "/var/lib/dkms/zfs/2.2/build"),
    ),
    Case(
        "an RPM build of an account",
        REDHAT,
        {
            "/home/kim/rpmbuild/BUILD/x-1/x.c": CODE,
            "/home/kim/rpmbuild/SOURCES/x-1.tar.gz": CODE,
            "/home/kim/rpmbuild/SPECS": Dir(),
            "/usr/src/kernels/5.14.0-1.el9.x86_64/Makefile": CODE,
        },
        found=("/home/kim/rpmbuild/BUILD/x-1", "/home/kim/rpmbuild/SOURCES/x-1.tar.gz"),
    ),
    Case(
        "an RPM build on SUSE",
        SUSE,
        {
            "/usr/src/packages/BUILD/x-1/x.c": CODE,
            "/usr/src/packages/SOURCES/x.tar.xz": CODE,
            "/usr/src/packages/SRPMS": Dir(),
        },
        found=("/usr/src/packages/BUILD/x-1", "/usr/src/packages/SOURCES/x.tar.xz"),
    ),
    Case("nothing left", ALPINE, {"/usr/local/src": Dir(), "/usr/src/linux-headers-6.6.1-0-lts/Makefile": CODE}),
)
