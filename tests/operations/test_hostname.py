"""The template's name, in every file that says it."""

from __future__ import annotations

from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE, Case
from support.trees import File, Link

LOCALHOST = File("localhost\n")
PLAIN_HOSTS = {"/etc/hosts": File("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n")}

CASES = (
    Case(
        "Debian",
        DEBIAN,
        {
            "/etc/hostname": File("golden\n"),
            "/etc/hosts": File(
                "127.0.0.1\tlocalhost\n127.0.1.1\tgolden.example.com\tgolden\n\n"
                "# The following lines are desirable for IPv6 capable hosts\n::1     localhost ip6-localhost\n"
                "10.0.0.5  db  # golden's database\n"
            ),
        },
        {
            "/etc/hostname": LOCALHOST,
            "/etc/hosts": File(
                "127.0.0.1\tlocalhost\n\n"
                "# The following lines are desirable for IPv6 capable hosts\n::1     localhost ip6-localhost\n"
                "10.0.0.5  db  # golden's database\n"
            ),
        },
    ),
    Case(
        "RHEL 7 and later with a full name",
        REDHAT,
        {
            "/etc/hostname": File("golden.example.com\n", 0o644),
            "/etc/hosts": File(
                "127.0.0.1   localhost localhost.localdomain localhost4 golden.example.com\n"
                "::1         localhost localhost.localdomain localhost6\n"
                "192.0.2.10  golden.example.com golden\n"
                "192.0.2.11  golden.example.org\n"
            ),
        },
        {
            "/etc/hostname": LOCALHOST,
            "/etc/hosts": File(
                "127.0.0.1   localhost localhost.localdomain localhost4\n"
                "::1         localhost localhost.localdomain localhost6\n"
                "192.0.2.11  golden.example.org\n"
            ),
        },
    ),
    Case(
        "RHEL 6",
        REDHAT,
        {"/etc/sysconfig/network": File('NETWORKING=yes\nHOSTNAME="golden.example.com"\n'), **PLAIN_HOSTS},
        {"/etc/sysconfig/network": File('NETWORKING=yes\nHOSTNAME="localhost"\n'), **PLAIN_HOSTS},
    ),
    Case(
        "SUSE with a link and an alias address",
        SUSE,
        {
            "/etc/hostname": File("golden\n"),
            "/etc/HOSTNAME": Link("hostname"),
            "/etc/sysconfig/network/config": File("HOSTNAME=golden\n"),
            "/etc/hosts": File("127.0.0.1\tlocalhost\n127.0.0.2\tgolden.site golden\n"),
        },
        {
            "/etc/hostname": LOCALHOST,
            "/etc/HOSTNAME": Link("hostname"),
            "/etc/sysconfig/network/config": File("HOSTNAME=golden\n"),
            "/etc/hosts": File("127.0.0.1\tlocalhost\n"),
        },
    ),
    Case("old SUSE", SUSE, {"/etc/HOSTNAME": File("golden.site\n")}, {"/etc/HOSTNAME": LOCALHOST}),
    Case(
        "Alpine and OpenRC",
        ALPINE,
        {
            "/etc/hostname": File("golden\n"),
            "/etc/conf.d/hostname": File('# Set to the hostname of this machine\nhostname="golden"\n'),
            "/etc/hosts": File("127.0.0.1\tgolden.lan golden localhost.localdomain localhost\n::1\tlocalhost\n"),
        },
        {
            "/etc/hostname": LOCALHOST,
            "/etc/conf.d/hostname": File('# Set to the hostname of this machine\nhostname="localhost"\n'),
            "/etc/hosts": File("127.0.0.1 localhost.localdomain localhost\n::1\tlocalhost\n"),
        },
    ),
    Case(
        "Arch, localhost only under the template's name",
        ARCH,
        {"/etc/hostname": File("# mine\ngolden\n"), "/etc/hosts": File("127.0.0.1 golden\n::1 golden\n10.0.0.1 gw\n")},
        {
            "/etc/hostname": File("# mine\nlocalhost\n"),
            "/etc/hosts": File("10.0.0.1 gw\n127.0.0.1\tlocalhost\n::1\tlocalhost\n"),
        },
    ),
    Case(
        "line ends and bytes of others stay",
        DEBIAN,
        {
            "/etc/hostname": File("golden"),
            "/etc/hosts": File(b"127.0.0.1 localhost\r\n127.0.1.1 golden\r\n10.0.0.1 gw golden # \xff\r\n10.0.0.2 b"),
        },
        {
            "/etc/hostname": LOCALHOST,
            "/etc/hosts": File(b"127.0.0.1 localhost\r\n10.0.0.1 gw # \xff\r\n10.0.0.2 b"),
        },
    ),
    Case(
        "a name kept elsewhere",
        DEBIAN,
        {"/etc/hostname": Link("/data/hostname"), "/data/hostname": File("golden\n")},
        {"/etc/hostname": Link("/data/hostname"), "/data/hostname": LOCALHOST},
    ),
    Case("localhost with a domain", REDHAT, {"/etc/hostname": File("localhost.localdomain\n"), **PLAIN_HOSTS}),
    Case("no name at all", ALPINE, {"/etc/hostname": File(""), **PLAIN_HOSTS}),
    Case(
        "machines of the same short name elsewhere",
        SUSE,
        {
            "/etc/hostname": LOCALHOST,
            "/etc/hosts": File("127.0.0.1 localhost\n10.0.0.7 golden.example.org golden\n"),
        },
        alone=True,  # /etc/HOSTNAME beside it may name the machine
    ),
)
