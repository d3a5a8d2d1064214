"""Passwords for package repositories: reported wherever they are, and nothing else is."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, UBUNTU, Case
from support.trees import File

CASES = (
    Case(
        "apt",
        DEBIAN,
        {
            "/etc/apt/auth.conf": File("machine apt.example.org login build password hunter2\n", 0o600),
            "/etc/apt/auth.conf.d/site.conf": File("machine apt2.example.org\nlogin x\npassword hunter2\n", 0o600),
            "/etc/apt/auth.conf.d/comment.conf": File("# machine, login and password\n"),
            "/etc/apt/sources.list": File("deb https://build:hunter2@apt.example.org/debian stable main\n"),
            "/etc/apt/sources.list.d/site.sources": File("Types: deb\nURIs: http://u:p@apt.example.org/\n"),
            "/etc/apt/sources.list.d/debian.list": File(
                "# https://u:p@x\ndeb http://deb.debian.org:80/debian sid main\n"
            ),
        },
        found=(
            *("/etc/apt/auth.conf", "/etc/apt/auth.conf.d/site.conf"),
            *("/etc/apt/sources.list", "/etc/apt/sources.list.d/site.sources"),
        ),
    ),
    Case(
        "Ubuntu's installer and Ubuntu Pro",
        UBUNTU,
        {
            "/etc/apt/auth.conf.d/90ubuntu-advantage": File(
                "machine esm.ubuntu.com/apps/ubuntu/ login bearer\n", 0o600
            ),
            "/etc/apt/sources.list.curtin.old": File("deb http://archive.ubuntu.com/ubuntu noble main\n"),
            "/etc/apt/apt.conf.d/90curtin-aptproxy": File('Acquire::http::Proxy "http://10.0.0.1:3142";\n'),
            "/etc/apt/apt.conf.d/70debconf": File("DPkg::Pre-Install-Pkgs {};\n"),
        },
        found=("/etc/apt/apt.conf.d/90curtin-aptproxy", "/etc/apt/sources.list.curtin.old"),
    ),
    Case(
        "dnf",
        REDHAT,
        {
            "/etc/yum.repos.d/site.repo": File("[site]\nusername=build\npassword=hunter2\n"),
            "/etc/yum.repos.d/url.repo": File("[url]\nbaseurl=https://build:hunter2@rpm.example.org/\n"),
            "/etc/yum.repos.d/rocky.repo": File("[baseos]\n#password=hunter2\nbaseurl=http://dl.rockylinux.org/\n"),
            "/etc/dnf/dnf.conf": File("[main]\nproxy_password=hunter2\n"),
            "/etc/yum.conf": File("[main]\npassword=hunter2\n"),
            "/etc/dnf/dnf.conf.rpmnew": File("[main]\npassword=hunter2\n"),
        },
        found=("/etc/dnf/dnf.conf", "/etc/yum.conf", "/etc/yum.repos.d/site.repo", "/etc/yum.repos.d/url.repo"),
    ),
    Case(
        "zypper",
        SUSE,
        {
            "/etc/zypp/credentials.cat": File(
                "[https://rpm.example.org]\nusername = build\npassword = hunter2\n", 0o600
            ),
            "/etc/zypp/repos.d/site.repo": File("[site]\nbaseurl=https://build:hunter2@rpm.example.org/\n"),
            "/etc/zypp/repos.d/oss.repo": File("[oss]\nbaseurl=http://download.opensuse.org/\n"),
        },
        found=("/etc/zypp/credentials.cat", "/etc/zypp/repos.d/site.repo"),
    ),
    Case("no apt", ALPINE, {"/etc/apk/repositories": File("http://dl-cdn.alpinelinux.org/alpine/v3.20/main\n")}),
)
