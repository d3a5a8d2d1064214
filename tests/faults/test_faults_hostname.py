"""Faults of the host name: what names nobody, what is no name, who named the machine, and where it cannot be written.

Every test is a whole first boot. What all of them have to keep (the time, the secrets, a
second boot that changes nothing) is checked by the harness.
"""

from __future__ import annotations

import itertools
import json
import socket
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from support.children import NEW_HOSTNAME, in_child
from support.clones import HOSTS, CloneTree, needs_root
from support.clouds import Cloud, cloudstack, ec2
from support.first_boot import as_the_running_system, boot, password_is, sealed_clone
from support.platforms import PASSWORD, WEB
from support.trees import Entry, File

from guestseal.simulate.faults import Fault

pytestmark = needs_root

MakeCloud = Callable[..., Cloud]
both = pytest.mark.parametrize("make", [cloudstack, ec2])
NAME = "*hostname"
NUMBERS = itertools.count()
"""The name of a test stands in the environment, where nothing of a faulty answer may stand."""
FEDORA: Mapping[str, Entry | None] = {"/etc/os-release": File("ID=fedora\n")}


def named(make: MakeCloud, clone: CloneTree, name: str) -> tuple[str, str]:
    """Boot beside a platform that calls the clone ``name``: its static name after that, and the remarks."""
    with make(instance=replace(WEB, hostname=name)) as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    return clone.read("/etc/hostname").rstrip("\n"), outcome.remarks


def keeps_its_name(make: MakeCloud, clone: CloneTree, *faults: Fault, name: str | None = None, why: str = "") -> None:
    """Boot beside a platform that gives no name: that of the clone stays, unwritten, and all else is as it is said."""
    with make(*faults, instance=replace(WEB, hostname=name)) as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    assert outcome.entries["hostname"].outcome.value == "skipped"
    assert not outcome.changed & {"/etc/hostname", "/etc/hosts"}
    assert (clone.read("/etc/hostname"), clone.read("/etc/hosts")) == ("localhost\n", HOSTS)
    assert clone.entry("/root/.ssh/authorized_keys") is not None
    assert password_is(clone, PASSWORD) is (make is cloudstack)
    assert why in outcome.remarks


# What names nobody


@both
@pytest.mark.parametrize("name", ["localhost", "localhost.localdomain", "LOCALHOST.", "(none)", "-", "none"])
def test_H1_a_name_that_means_nobody_changes_nothing(make: MakeCloud, clone: CloneTree, name: str) -> None:
    keeps_its_name(make, clone, name=name)


@both
@pytest.mark.parametrize("answer", [{"body": b""}, {"body": b" \r\n"}, {"status": 404}], ids=["empty", "blank", "404"])
def test_H1_nor_does_no_name_at_all(make: MakeCloud, clone: CloneTree, answer: dict[str, object]) -> None:
    keeps_its_name(make, clone, Fault(path=NAME, **{"status": 200, **answer}), name="web")  # type: ignore[arg-type]


# What is a name, and which


LONG = f"{'a' * 10}.{'b' * 40}.{'c' * 12}.{'d' * 60}.example"


def test_H2_a_name_of_65_characters_and_more_is_cut_after_a_label(tmp_path: Path) -> None:
    clone = sealed_clone(tmp_path / "clone", FEDORA)
    name, remarks = named(cloudstack, clone, LONG)
    assert name == f"{'a' * 10}.{'b' * 40}.{'c' * 12}"
    assert len(name) == 64
    assert "cut after a label" in remarks


@pytest.mark.parametrize(
    ("said", "static"),
    [
        (f"web.{'b' * 60}", f"web.{'b' * 60}"),
        (f"web.{'b' * 61}", "web"),
        (".".join(["web", *["c" * 61] * 4]), "web"),
    ],
    ids=["64", "65", "251"],
)
def test_H2_the_kernels_64_characters_are_the_limit(tmp_path: Path, said: str, static: str) -> None:
    assert named(cloudstack, sealed_clone(tmp_path / "clone", FEDORA), said)[0] == static


@both
@pytest.mark.parametrize("length", [64, 254, 300])
def test_H2_a_label_or_a_name_that_is_too_long_is_refused(make: MakeCloud, clone: CloneTree, length: int) -> None:
    keeps_its_name(make, clone, name="a" * length, why="local-hostname: ")


@both
def test_H3_debian_gets_the_short_name_and_both_in_hosts(make: MakeCloud, clone: CloneTree) -> None:
    assert named(make, clone, "vm1.example.com")[0] == "vm1"
    assert clone.read("/etc/hosts") == HOSTS.replace("# ours", "127.0.1.1\tvm1.example.com vm1\n# ours")


def test_H3_fedora_gets_the_whole_name(tmp_path: Path) -> None:
    clone = sealed_clone(tmp_path / "clone", FEDORA)
    assert named(cloudstack, clone, "vm1.example.com")[0] == "vm1.example.com"
    assert clone.read("/etc/hosts") == HOSTS


@both
@pytest.mark.parametrize(
    ("said", "name"), [("web1.", "web1"), ("WEB1", "web1"), ("web_1", "web-1"), ("Web_1.Example.", "web-1")]
)
def test_H4_case_dot_and_underscore_are_put_right(make: MakeCloud, clone: CloneTree, said: str, name: str) -> None:
    found, remarks = named(make, clone, said)
    assert found == name
    assert ("underscores were made dashes" in remarks) is ("_" in said)


@both
@pytest.mark.parametrize("name", ["-web-server-1", "web-server-1-", "web..server.1", "_web_server", ".web.server.1"])
def test_H4_what_cannot_be_put_right_is_refused_whole(make: MakeCloud, clone: CloneTree, name: str) -> None:
    keeps_its_name(make, clone, name=name, why="not a host name (RFC 1123)")


@both
@pytest.mark.parametrize(
    ("said", "name"),
    [("büro.example", "xn--bro-hoa"), ("서버", "xn--hk3b17f"), ("xn--bro-hoa", "xn--bro-hoa")],
    ids=["Latin", "hangul", "punycode"],
)
def test_H5_other_scripts_become_their_idna_form(make: MakeCloud, clone: CloneTree, said: str, name: str) -> None:
    found, remarks = named(make, clone, said)
    assert found == name
    assert ("IDNA" in remarks) is not said.isascii()


def test_H5_the_routers_escape_is_no_name(clone: CloneTree) -> None:
    r"""The router escapes offerings, zones and what users define, never the name: \u00FC is no label of one."""
    literal = Fault(path=NAME, status=200, body=rb"b\u00FCro-server")
    keeps_its_name(cloudstack, clone, literal, name="web", why="local-hostname: not a host name (RFC 1123)")


SHELL = [
    "web;reboot -f",
    "$(id>/tmp/pwned)",
    "`id>/tmp/pwned`",
    "web&&reboot",
    "web|reboot -f",
    "'web server'",
    "a b c d e f g",
]


@both
@pytest.mark.parametrize("name", SHELL, ids=lambda _: str(next(NUMBERS)))
def test_H6_signs_that_mean_something_to_a_shell_are_refused(make: MakeCloud, clone: CloneTree, name: str) -> None:
    keeps_its_name(make, clone, Fault(path=NAME, status=200, body=name.encode()), name="web", why="not a host name")


LINES = [b"server1\n127.0.0.1 bank.example", b"server1\r\nserver2-too", b"server1-with\0nul", b"server1\x1b[2Jesc"]


@both
@pytest.mark.parametrize("body", LINES, ids=lambda _: str(next(NUMBERS)))
def test_H6_a_second_line_and_control_characters_are_refused(make: MakeCloud, clone: CloneTree, body: bytes) -> None:
    why = "more than one line, or control characters"
    keeps_its_name(make, clone, Fault(path=NAME, status=200, body=body), name="web", why=why)


def test_H7_an_address_becomes_a_name_on_ec2(clone: CloneTree) -> None:
    assert named(ec2, clone, "10.0.0.17")[0] == "ip-10-0-0-17"


@pytest.mark.parametrize(
    ("make", "name"), [(cloudstack, "10.0.0.17"), (ec2, "10.0.0.999"), (cloudstack, "fe80::1"), (ec2, "fe80::1")]
)
def test_H7_and_is_refused_elsewhere(make: MakeCloud, clone: CloneTree, name: str) -> None:
    keeps_its_name(make, clone, name=name, why="local-hostname: ")


@both
def test_H8_a_name_of_digits_is_one(make: MakeCloud, clone: CloneTree) -> None:
    assert named(make, clone, "12345")[0] == "12345"


# Who named the machine


LEASE = "ADDRESS=127.0.0.1\nSERVER_ADDRESS=127.0.0.51\nHOSTNAME=pc7\nDOMAINNAME=lan\n"


@pytest.mark.parametrize("platforms", ["web", None], ids=["named", "not named any more"])
def test_H9_a_name_that_dhcp_hands_out_later_does_not_count(clone: CloneTree, platforms: str | None) -> None:
    with cloudstack() as cloud:
        boot(clone, cloud)
    lease = clone.path / "run/systemd/netif/leases/2"
    lease.parent.mkdir(parents=True)
    lease.write_text(LEASE)
    with cloudstack(instance=replace(WEB, hostname=platforms)) as cloud:
        cloud.settings = replace(cloud.settings, sources="cloudstack,dhcp")
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    assert clone.read("/etc/hostname") == "web\n"
    assert outcome.changed <= {"/var/lib/guestseal/state.json"}
    assert "pc7" not in clone.read("/etc/hosts")


def test_H9_nor_does_a_transient_name_of_the_kernels(clone: CloneTree) -> None:
    def with_another_name() -> str:
        with as_the_running_system(clone) as cloud:
            boot(clone, cloud, stages=["network"])
            socket.sethostname("pc7")
            outcome = boot(clone, cloud, stages=["network"])
        return json.dumps([outcome.status, outcome.entries["hostname"].outcome.value, clone.read("/etc/hostname")])

    assert json.loads(in_child(with_another_name, namespaces=NEW_HOSTNAME)) == ["done", "clean", "web\n"]


def test_H10_a_name_that_the_user_gave_stays(clone: CloneTree) -> None:
    with cloudstack() as cloud:
        boot(clone, cloud)
        (clone.path / "etc/hostname").write_text("mine\n")
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    assert clone.read("/etc/hostname") == "mine\n"
    assert outcome.entries["hostname"].detail == "mine, set on this machine, stays"


def renamed(clone: CloneTree, users: str | None = None) -> tuple[str, str]:
    """Boot, rename the machine on the platform, and here where ``users`` is a name: the name, and what is said."""
    with cloudstack() as cloud:
        boot(clone, cloud)
    if users is not None:
        (clone.path / "etc/hostname").write_text(f"{users}\n")
    with cloudstack(instance=replace(WEB, hostname="shop.example")) as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    return clone.read("/etc/hostname"), outcome.entries["hostname"].detail


def test_H11_a_machine_that_the_platform_renames_is_renamed(clone: CloneTree) -> None:
    assert renamed(clone)[0] == "shop\n"
    assert clone.read("/etc/hosts") == HOSTS.replace("# ours", "127.0.1.1\tshop.example shop\n# ours")


def test_H11_but_for_one_that_the_user_renamed_as_well_which_is_told(clone: CloneTree) -> None:
    name, said = renamed(clone, users="mine")
    assert name == "mine\n"
    assert said.startswith("mine, set on this machine, stays; the platform calls this machine shop;")
