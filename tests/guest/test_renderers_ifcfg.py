"""What Red Hat's network-scripts and SUSE's wicked are told, as text, and what stays of the template's files."""

from __future__ import annotations

from pathlib import Path

from support.network_configs import EVERYTHING, STATIC, enabled, rendered
from support.trees import File, build

from guestseal.guest.network.renderers.choice import renderer_of
from guestseal.guest.network.renderers.ifcfg import SCRIPTS, SCRIPTS_RENDERER, WICKED, WICKED_RENDERER
from guestseal.guest.tree import Tree

RED_HAT = {
    f"{SCRIPTS}/ifcfg-eth0": """\
# guestseal: what the platform says of this machine
DEVICE='eth0'
TYPE='Ethernet'
ONBOOT='yes'
HWADDR='52:54:00:77:00:0b'
BOOTPROTO='none'
MTU='1450'
IPADDR='10.77.0.11'
PREFIX='24'
IPADDR1='10.78.0.11'
PREFIX1='32'
IPV6INIT='yes'
IPV6_AUTOCONF='no'
IPV6ADDR='2001:db8::b/64'
GATEWAY='10.77.0.1'
IPV6_DEFAULTGW='fe80::1'
DNS1='10.77.0.53'
DNS2='2001:db8::53'
DOMAIN='lab.example example'
""",
    f"{SCRIPTS}/route-eth0": """\
10.80.0.0/16 via 10.77.0.254 dev eth0 metric 50
10.81.0.0/16 via 10.99.0.1 dev eth0 onlink
""",
    f"{SCRIPTS}/route6-eth0": """\
2001:db8:9::/48 via 2001:db8::9 dev eth0 metric 70
""",
    f"{SCRIPTS}/ifcfg-eth1": """\
# guestseal: what the platform says of this machine
DEVICE='eth1'
TYPE='Ethernet'
ONBOOT='yes'
BOOTPROTO='none'
IPADDR='192.0.2.7'
PREFIX='25'
IPV6INIT='yes'
IPV6_AUTOCONF='yes'
DHCPV6C='yes'
""",
}
SUSE = {
    f"{WICKED}/ifcfg-eth0": """\
# guestseal: what the platform says of this machine
BOOTPROTO='static'
STARTMODE='auto'
MTU='1450'
IPADDR='10.77.0.11/24'
IPADDR_1='10.78.0.11/32'
IPADDR_2='2001:db8::b/64'
""",
    f"{WICKED}/ifroute-eth0": """\
default 10.77.0.1 - eth0
10.80.0.0/16 10.77.0.254 - eth0 metric 50
10.81.0.0/16 10.99.0.1 - eth0 onlink
default fe80::1 - eth0
2001:db8:9::/48 2001:db8::9 - eth0 metric 70
""",
    f"{WICKED}/ifcfg-eth1": """\
# guestseal: what the platform says of this machine
BOOTPROTO='dhcp'
STARTMODE='auto'
IPADDR='192.0.2.7/25'
""",
    f"{WICKED}/config": """\
NETCONFIG_DNS_STATIC_SERVERS="10.77.0.53 2001:db8::53"
NETCONFIG_DNS_STATIC_SEARCHLIST="lab.example example"
""",
}


def test_everything_there_is_to_say_to_network_scripts(tmp_path: Path) -> None:
    assert rendered(SCRIPTS_RENDERER, tmp_path, {}, EVERYTHING) == RED_HAT


def test_everything_there_is_to_say_to_wicked(tmp_path: Path) -> None:
    assert rendered(WICKED_RENDERER, tmp_path, {}, EVERYTHING) == SUSE


def test_other_variables_of_the_templates_file_keep_every_byte(tmp_path: Path) -> None:
    before = (
        "# ours\nDEVICE=eth0\nBOOTPROTO=dhcp\n  NAME='a card'\nexport ONBOOT=yes\nZONE=public # x\nIPADDR2=10.0.0.9"
    )
    written = rendered(SCRIPTS_RENDERER, tmp_path, {f"{SCRIPTS}/ifcfg-eth0": File(before)}, STATIC)
    text = written[f"{SCRIPTS}/ifcfg-eth0"]
    assert text.startswith("# ours\n  NAME='a card'\nZONE=public # x\n# guestseal: ")
    assert "IPADDR2" not in text
    assert text.count("BOOTPROTO=") == 1


def test_so_do_those_of_suses(tmp_path: Path) -> None:
    files = {
        f"{WICKED}/ifcfg-eth0": File("BOOTPROTO='dhcp'\nZONE=public\nIPADDR-old='10.0.0.9/8'\nLABEL_1='x'\n"),
        f"{WICKED}/config": File('## Type: string\nNETCONFIG_DNS_STATIC_SERVERS=""\nX="1"\n'),
    }
    written = rendered(WICKED_RENDERER, tmp_path, files, STATIC)
    assert written[f"{WICKED}/ifcfg-eth0"].startswith("ZONE=public\n# guestseal: ")
    assert "-old" not in written[f"{WICKED}/ifcfg-eth0"]
    config = '## Type: string\nNETCONFIG_DNS_STATIC_SERVERS="10.77.0.1"\nX="1"\nNETCONFIG_DNS_STATIC_SEARCHLIST=""\n'
    assert written[f"{WICKED}/config"] == config


def test_routes_of_before_are_gone(tmp_path: Path) -> None:
    old = {f"{SCRIPTS}/route-eth0": File("10.1.0.0/16 via 10.0.0.1\n")}
    assert rendered(SCRIPTS_RENDERER, tmp_path, old, STATIC)[f"{SCRIPTS}/route-eth0"] == ""


def test_a_second_time_nothing_is_different(tmp_path: Path) -> None:
    for number, renderer in enumerate((SCRIPTS_RENDERER, WICKED_RENDERER)):
        first = rendered(renderer, tmp_path / f"{number}", {}, EVERYTHING)
        again = rendered(
            renderer, tmp_path / f"{number}-again", {path: File(text) for path, text in first.items()}, EVERYTHING
        )
        assert again == first


def test_suses_guest_uses_wicked_and_red_hats_the_network_service(tmp_path: Path) -> None:
    for name in ("suse", "el"):
        (tmp_path / name).mkdir()
    build(tmp_path / "suse", enabled("wicked.service"))
    build(tmp_path / "el", {f"{SCRIPTS}/ifup-eth": File("", 0o755), "/etc/rc.d/rc3.d/S10network": File("", 0o755)})
    for name, renderer in (("suse", WICKED_RENDERER), ("el", SCRIPTS_RENDERER)):
        with Tree(str(tmp_path / name)) as tree:
            assert renderer_of(tree) is renderer
