"""Where proxies are found, and what is none."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

APT = "/etc/apt/apt.conf.d"

CASES = (
    Case(
        "Debian",
        DEBIAN,
        {
            "/etc/environment": File("PATH=/bin\nhttp_proxy=http://proxy.corp:3128/\n"),
            "/etc/environment.d/90-proxy.conf": File("#HTTPS_PROXY=http://proxy.corp:3128\n"),
            f"{APT}/90proxy": File('Acquire::http::Proxy "http://kim:hunter22@proxy.corp:3128";\n'),
            f"{APT}/91auto": File('Acquire::http::Proxy-Auto-Detect "/usr/bin/find-proxy";\n// Proxy "http://x";\n'),
            "/etc/apt/apt.conf": File('Acquire { http { Proxy "http://proxy.corp:3128"; }; };\n'),
            "/etc/profile.d/lang.sh": File("export LANG=C\n"),
            "/etc/wgetrc": File("#https_proxy = http://proxy.yoyodyne.com:18023/\n"),
        },
        found=("/etc/environment", f"{APT}/90proxy", f"{APT}/90proxy", "/etc/apt/apt.conf"),
    ),
    Case(
        "RHEL",
        REDHAT,
        {
            "/etc/dnf/dnf.conf": File("[main]\nproxy=http://proxy.corp:3128\nproxy_password=hunter22\n"),
            "/etc/yum.conf": File("[main]\nproxy=_none_\n"),
            "/etc/systemd/system/docker.service.d/http-proxy.conf": File(
                '[Service]\nEnvironment="HTTP_PROXY=proxy.corp:3128"\n'
            ),
            "/etc/systemd/system/sshd.service.d/x.conf": File("[Service]\nNice=0\n"),
            "/etc/systemd/system.conf.d/x.conf": File("[Manager]\n"),
            "/etc/pip.conf": File("[global]\nproxy = kim:hunter22@proxy.corp:3128\n"),
        },
        found=(
            *("/etc/dnf/dnf.conf", "/etc/dnf/dnf.conf", "/etc/systemd/system/docker.service.d/http-proxy.conf"),
            "/etc/pip.conf",
        ),
    ),
    Case(
        "SUSE ships it empty",
        SUSE,
        {"/etc/sysconfig/proxy": File('PROXY_ENABLED="no"\nHTTP_PROXY=""\nNO_PROXY="localhost, 127.0.0.1"\n')},
    ),
    Case(
        "homes",
        ALPINE,
        {
            "/root/.curlrc": File('proxy = "http://proxy.corp:3128"\n'),
            "/root/.wgetrc": File("use_proxy = off\n"),
            "/root/.docker/config.json": File('{"proxies":{"default":{"httpProxy":"http://proxy.corp:3128"}}}\n'),
            "/root/.config/pip/pip.conf": File("[global]\n"),
            "/root/.pip/pip.conf": File("[global]\n"),
            "/etc/docker/daemon.json": File('{"proxies": {"http-proxy": "http://proxy.corp:3128"}}\n'),
        },
        found=("/root/.curlrc", "/root/.docker/config.json", "/etc/docker/daemon.json"),
    ),
)
