"""What ifupdown is told, as text, and what stays of the template's files."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.network_configs import EVERYTHING, STATIC, enabled, rendered
from support.trees import Entry, File, Link, build

from guestseal.errors import GuestError
from guestseal.guest.network.renderers.choice import renderer_of
from guestseal.guest.network.renderers.interfaces import FILE, MAIN, RENDERER, RESOLV_CONF, without_stanzas
from guestseal.guest.tree import Tree

DEBIAN = """\
source /etc/network/interfaces.d/*

auto lo
iface lo inet loopback

allow-hotplug eth0
iface eth0 inet dhcp
"""
EXPECTED = {
    FILE: """\
# Written by guestseal: what the platform says of this machine.

auto eth0
iface eth0 inet static
    address 10.77.0.11/24
    mtu 1450
    gateway 10.77.0.1
    up ip route replace 10.80.0.0/16 via 10.77.0.254 dev eth0 metric 50
    up ip route replace 10.81.0.0/16 via 10.99.0.1 dev eth0 onlink
    dns-nameservers 10.77.0.53
    dns-search lab.example example
iface eth0 inet static
    address 10.78.0.11/32
iface eth0 inet6 static
    address 2001:db8::b/64
    mtu 1450
    gateway fe80::1
    up ip -6 route replace 2001:db8:9::/48 via 2001:db8::9 dev eth0 metric 70
    dns-nameservers 2001:db8::53
    dns-search lab.example example

auto eth1
iface eth1 inet dhcp
iface eth1 inet6 auto
iface eth1 inet static
    address 192.0.2.7/25
""",
    RESOLV_CONF: """\
search lab.example example
nameserver 10.77.0.53
nameserver 2001:db8::53
""",
}


def of(path: Path, text: str, **more: Entry) -> dict[str, str]:
    """What is written for ``STATIC`` where /etc/network/interfaces is ``text``."""
    return rendered(RENDERER, path, {MAIN: File(text), **more}, STATIC)


def test_everything_there_is_to_say(tmp_path: Path) -> None:
    written = rendered(RENDERER, tmp_path, {MAIN: File(DEBIAN)}, EVERYTHING)
    assert written == {**EXPECTED, MAIN: DEBIAN.replace("iface eth0", "# guestseal: iface eth0")}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("iface eth0 inet dhcp\n", "@iface eth0 inet dhcp\n"),
        ("iface eth0 inet dhcp", "@iface eth0 inet dhcp"),
        (
            "iface eth0 inet static\n\taddress 10.0.0.9\n\n  mtu 9000\n",
            "@iface eth0 inet static\n@\taddress 10.0.0.9\n\n@  mtu 9000\n",
        ),
        (
            "iface eth0 inet dhcp\niface eth0 inet6 auto\niface eth1 inet dhcp\n mtu 9\n",
            "@iface eth0 inet dhcp\n@iface eth0 inet6 auto\niface eth1 inet dhcp\n mtu 9\n",
        ),
        (
            "iface eth0 inet dhcp\n# ours\n up x \\\n  auto eth1\nauto eth1\n",
            "@iface eth0 inet dhcp\n# ours\n@ up x \\\n@  auto eth1\nauto eth1\n",
        ),
        ("iface eth0.5 inet dhcp\niface eth00 inet dhcp\n", "iface eth0.5 inet dhcp\niface eth00 inet dhcp\n"),
        ("  iface   eth0\tinet dhcp\nallow-hotplug eth0\n", "@  iface   eth0\tinet dhcp\nallow-hotplug eth0\n"),
        ("auto eth0\r\niface eth0 inet dhcp\r\n# \udce9\r\n", "auto eth0\r\n@iface eth0 inet dhcp\r\n# \udce9\r\n"),
        ("#iface eth0 inet dhcp\nmapping eth0\n script x\n", "#iface eth0 inet dhcp\nmapping eth0\n script x\n"),
        ("", ""),
    ],
)
def test_only_the_stanzas_of_the_card_become_comments(before: str, after: str) -> None:
    """@ stands for what makes a line a comment."""
    expected = after.replace("@", "# guestseal: ")
    assert without_stanzas(before, ["eth0"]) == expected
    assert without_stanzas(expected, ["eth0"]) == expected


def test_the_stanza_is_found_in_whatever_file_is_read(tmp_path: Path) -> None:
    below = "/etc/network/interfaces.d/50-cloud"
    written = of(tmp_path, "source interfaces.d/*\n", **{below: File("iface eth0 inet dhcp\n")})
    assert written[below] == "# guestseal: iface eth0 inet dhcp\n"
    assert MAIN not in written


@pytest.mark.parametrize(
    "line",
    [
        "source /etc/network/interfaces.d/*",
        "source interfaces.d/*",
        "source-directory /etc/network/interfaces.d",
        "source-directory interfaces.d/",
    ],
)
def test_a_file_that_reads_ours_already_stays(tmp_path: Path, line: str) -> None:
    assert MAIN not in of(tmp_path, f"{line}\n")


@pytest.mark.parametrize(
    "text",
    ["auto lo\n", "auto lo", "", "#source /etc/network/interfaces.d/*\n", "source /etc/network/interfaces.d/*.cfg\n"],
)
def test_one_that_does_not_gets_a_line_for_it(tmp_path: Path, text: str) -> None:
    end = "" if not text or text.endswith("\n") else "\n"
    assert of(tmp_path, text)[MAIN] == f"{text}{end}source {FILE}\n"


def test_a_second_time_nothing_is_different(tmp_path: Path) -> None:
    first = of(tmp_path / "1", "iface eth0 inet dhcp\n")
    again = rendered(RENDERER, tmp_path / "2", {path: File(text) for path, text in first.items()}, STATIC)
    assert again == {path: text for path, text in first.items() if path != MAIN}


def test_files_that_read_each_other_come_to_an_end(tmp_path: Path) -> None:
    assert FILE in of(tmp_path, "source /etc/network/interfaces\nsource /etc/network/*\n")


# Name servers


def test_the_resolvers_file_keeps_its_options(tmp_path: Path) -> None:
    before = "# ours\noptions timeout:1\ndomain old\nsearch old\nnameserver 9.9.9.9\n"
    written = of(tmp_path, "", **{RESOLV_CONF: File(before)})
    assert written[RESOLV_CONF] == "# ours\noptions timeout:1\nnameserver 10.77.0.1\n"


@pytest.mark.parametrize("resolver", [{"/usr/sbin/resolvconf": File("", 0o755)}, enabled("systemd-resolved.service")])
def test_it_is_left_to_who_else_writes_it(tmp_path: Path, resolver: dict[str, Entry]) -> None:
    assert RESOLV_CONF not in of(tmp_path, "", **resolver)


@pytest.mark.parametrize(
    "files",
    [
        {"/etc/network/if-up.d/resolved": File("", 0o755)},
        {"/usr/sbin/resolvconf": Link("../bin/resolvectl"), "/usr/bin/resolvectl": File("", 0o755)},
    ],
)
def test_what_serves_resolved_writes_nothing_without_it(tmp_path: Path, files: dict[str, Entry]) -> None:
    """Debian's ifupdown brings the hook in any case, and resolved its resolvconf although it may be disabled."""
    assert RESOLV_CONF in of(tmp_path, "", **files)


def test_it_is_never_written_through_a_link(tmp_path: Path) -> None:
    assert RESOLV_CONF not in of(tmp_path, "", **{RESOLV_CONF: Link("../run/systemd/resolve/stub-resolv.conf")})


# The guest


def test_a_guest_that_starts_ifupdown_uses_it(tmp_path: Path) -> None:
    build(tmp_path, {**enabled("networking.service"), MAIN: File(DEBIAN)})
    with Tree(str(tmp_path)) as tree:
        assert renderer_of(tree) is RENDERER


def test_alpine_starts_it_with_openrc(tmp_path: Path) -> None:
    build(
        tmp_path,
        {
            "/etc/init.d/networking": File(),
            "/etc/runlevels/boot/networking": Link("/etc/init.d/networking"),
            MAIN: File(DEBIAN),
        },
    )
    with Tree(str(tmp_path)) as tree:
        assert renderer_of(tree) is RENDERER


def test_without_a_name_for_the_card_there_is_nothing_to_write(tmp_path: Path) -> None:
    build(tmp_path, {MAIN: File(DEBIAN)})
    with Tree(str(tmp_path)) as tree, pytest.raises(GuestError, match="by their names"):
        RENDERER.files(tree, STATIC, {})
