"""Faults of SSH keys as they are sent: none, malformed, too many, more than keys, and lists of them.

Every test is a whole first boot. What all of them have to keep (the time, the secrets, a
second boot that changes nothing) is checked by the harness.
"""

from __future__ import annotations

import itertools
import struct
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace

import pytest
from support.clones import CloneTree, needs_root
from support.clouds import Cloud, cloudstack, ec2
from support.first_boot import AUTHORIZED_KEYS, Outcome, boot, is_web, keys_in
from support.platforms import KEY, OTHER_KEY, WEB
from support.trees import File

from guestseal.guest.ssh.authorized_keys import BEGIN, END
from guestseal.simulate.faults import Fault

pytestmark = needs_root

MakeCloud = Callable[..., Cloud]
both = pytest.mark.parametrize("make", [cloudstack, ec2])
PATHS = {cloudstack: "*/public-keys", ec2: "*/openssh-key"}
NUMBERS = itertools.count()
"""The name of a test stands in the environment, where nothing of a faulty answer may stand."""


def written(clone: CloneTree) -> list[str]:
    """The lines of the platform's block, in their order."""
    text = clone.read(AUTHORIZED_KEYS)
    assert text.startswith(BEGIN.decode())
    assert text.endswith(END.decode())
    return text.splitlines()[1:-1]


def sent(make: MakeCloud, clone: CloneTree, *keys: str, status: str = "done") -> Outcome:
    """Boot beside a platform that has these for keys."""
    with make(instance=replace(WEB, ssh_keys=keys)) as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == status
    assert clone.read("/etc/hostname") == "web\n"
    return outcome


def answered(make: MakeCloud, clone: CloneTree, **answer: object) -> Outcome:
    """Boot beside a platform that gives this answer for its keys."""
    with make(Fault(path=PATHS[make], **answer)) as cloud:  # type: ignore[arg-type]
        outcome = boot(clone, cloud)
    assert clone.read("/etc/hostname") == "web\n"
    return outcome


def refused(make: MakeCloud, clone: CloneTree, *keys: str, why: str) -> Outcome:
    """As ``sent``, of which none is a key: nothing is written, and why is told."""
    outcome = sent(make, clone, *keys)
    assert clone.entry("/root/.ssh") is None
    assert why in outcome.remarks
    assert why in outcome.console
    return outcome


# None


NONES = {
    "404": {"status": 404},
    "empty": {"status": 200, "body": b""},
    "blank": {"status": 200, "body": b"\r\n\r\n"},
    "comments": {"status": 200, "body": b"# no keys today\n"},
    "HTML": {"status": 200, "body": b"<html>not one key</html>"},
    "garbage": {"status": 200, "body": b"no key, but words"},
}


@both
@pytest.mark.parametrize("answer", NONES.values(), ids=NONES)
def test_K1_no_keys_keep_those_that_there_are(make: MakeCloud, clone: CloneTree, answer: dict[str, object]) -> None:
    with make() as cloud:
        boot(clone, cloud, again=False)
    before = clone.entry(AUTHORIZED_KEYS)
    outcome = answered(make, clone, **answer)
    assert outcome.status == "done"
    assert clone.entry(AUTHORIZED_KEYS) == before
    assert AUTHORIZED_KEYS not in outcome.changed


@both
@pytest.mark.parametrize("status", [403, 500])
def test_K1_nor_does_an_error_take_them_away(make: MakeCloud, clone: CloneTree, status: int) -> None:
    with make() as cloud:
        boot(clone, cloud, again=False)
    before = clone.entry(AUTHORIZED_KEYS)
    answered(make, clone, status=status)
    assert clone.entry(AUTHORIZED_KEYS) == before


@both
def test_K1_a_clone_that_never_had_any_gets_no_file(make: MakeCloud, clone: CloneTree) -> None:
    sent(make, clone)
    assert clone.entry("/root/.ssh") is None


# Lines


@both
def test_K2_lines_are_put_in_order_and_each_key_is_taken_once(make: MakeCloud, clone: CloneTree) -> None:
    sent(make, clone, f"# mine\r\n\r\n  {KEY} me  \r\n\n{OTHER_KEY}\tyou\n# {KEY}\n{KEY} me again\n\n{OTHER_KEY} end")
    assert written(clone) == [f"{KEY} me", f"{OTHER_KEY} you"]


@both
def test_K2_the_order_is_the_platforms(make: MakeCloud, clone: CloneTree) -> None:
    sent(make, clone, f"{OTHER_KEY} you", f"{KEY} me")
    assert written(clone) == [f"{OTHER_KEY} you", f"{KEY} me"]


def blob(*fields: bytes) -> str:
    return b64encode(b"".join(struct.pack(">I", len(field)) + field for field in fields)).decode()


def rsa(bits: int) -> str:
    """An RSA key of the form that sshd reads; nobody has its other half."""
    return f"ssh-rsa {blob(b'ssh-rsa', bytes([1, 0, 1]), bytes([0, *[255] * (bits // 8)]))}"


def wrapped(text: str) -> str:
    """With a line break after every 64 characters, as Azure's portal makes them."""
    return "\r\n".join(text[at : at + 64] for at in range(0, len(text), 64))


@both
def test_K3_a_key_in_several_lines_is_put_together(make: MakeCloud, clone: CloneTree) -> None:
    sent(make, clone, wrapped(f"{rsa(4096)} me@web"), f"{KEY} you")
    assert [line.split()[:2] for line in written(clone)] == [rsa(4096).split(), KEY.split()]


@both
def test_K3_but_not_one_that_is_none_when_it_is_whole(make: MakeCloud, clone: CloneTree) -> None:
    broken = wrapped(rsa(4096)).replace("/", "!", 1)
    outcome = sent(make, clone, broken, f"{KEY} you")
    assert written(clone) == [f"{KEY} you"]
    assert "SSH key in line 1 refused: not base64" in outcome.remarks


TYPE, DATA = KEY.split()
NO_KEYS = {
    "not base64": f"{TYPE} AAAA*{DATA[5:]}",
    "truncated": f"{TYPE} {DATA[:40]}",
    "its type is not the one of its blob": f"ssh-rsa {DATA}",
    "more follows its blob": f"{TYPE} {blob(b'ssh-ed25519', bytes(32), b'more')}",
    "not a key of a type that OpenSSH takes": f"ssh-quantum {DATA}",
    "a DSA key": f"ssh-dss {blob(b'ssh-dss', b'p', b'q', b'g', b'y')}",
    "an RSA key of 1024 bits": rsa(1024),
    "not a point of its curve": f"ecdsa-sha2-nistp256 {blob(b'ecdsa-sha2-nistp256', b'nistp384', b'4')}",
}


@both
@pytest.mark.parametrize(("why", "line"), NO_KEYS.items(), ids=lambda _: str(next(NUMBERS)))
def test_K4_a_line_that_is_no_key_is_left_out_and_told(make: MakeCloud, clone: CloneTree, why: str, line: str) -> None:
    outcome = sent(make, clone, f"{KEY} me", f"{line} no@key", f"{OTHER_KEY} you")
    assert written(clone) == [f"{KEY} me", f"{OTHER_KEY} you"]
    assert f"refused: {why}" in outcome.remarks
    assert f"{line} no@key" not in outcome.said


@pytest.mark.parametrize(
    "options",
    [
        'command="rm -rf /"',
        "cert-authority",
        'from="10.0.0.0/8"',
        "restrict,pty",
        'no-pty,command="a \\" b"',
        "unheard-of",
    ],
    ids=lambda _: str(next(NUMBERS)),
)
@both
def test_K5_a_key_with_options_that_restrict_it_is_refused(make: MakeCloud, clone: CloneTree, options: str) -> None:
    outcome = sent(make, clone, f"{options} {KEY} me", f"{OTHER_KEY} you")
    assert written(clone) == [f"{OTHER_KEY} you"]
    assert "refused: its options restrict it" in outcome.remarks


@both
def test_K5_options_that_give_more_are_dropped_and_told(make: MakeCloud, clone: CloneTree) -> None:
    outcome = sent(make, clone, f'environment="LD_PRELOAD=/tmp/evil.so",pty {KEY} me')
    assert written(clone) == [f"{KEY} me"]
    assert "SSH key in line 1: its options were dropped" in outcome.remarks


@both
def test_K6_a_line_break_in_a_comment_ends_the_key(make: MakeCloud, clone: CloneTree) -> None:
    outcome = sent(make, clone, f'{KEY} me\ncommand="evil" {OTHER_KEY} x\n# END guestseal\nmallory')
    assert written(clone) == [f"{KEY} me"]
    assert "SSH key in line 2 refused" in outcome.remarks


@both
def test_K6_a_comment_is_made_one_that_a_terminal_may_show(make: MakeCloud, clone: CloneTree) -> None:
    comment = "me\x1b[2J\0\x7f\x85\u2028\u202eyou"
    sent(make, clone, f"{KEY} {comment}{'x' * 500}")
    (line,) = written(clone)
    assert line.isprintable()
    assert line.startswith(f"{KEY} me?[2J??")
    assert len(line) <= len(KEY) + 129


# Too many, and what is more than a key


def many(number: int) -> list[str]:
    return [f"ssh-ed25519 {blob(b'ssh-ed25519', at.to_bytes(32, 'big'))} web" for at in range(number)]


@both
@pytest.mark.parametrize("lines", ["10 000 keys", "16 MiB"])
def test_K7_keys_without_measure_cost_the_keys_alone(make: MakeCloud, clone: CloneTree, lines: str) -> None:
    answer = {"body_size": 16 << 20} if lines == "16 MiB" else {"body": "\n".join(many(10_000)).encode()}
    outcome = answered(make, clone, status=200, **answer)
    assert outcome.status == "done"
    assert clone.entry("/root/.ssh") is None
    assert "public-keys: " in outcome.remarks
    assert "too large" in outcome.remarks
    assert max(exchange.sent for exchange in outcome.journal) < 8 << 20


@both
def test_K7_of_very_many_the_first_are_taken(make: MakeCloud, clone: CloneTree) -> None:
    outcome = sent(make, clone, "\n".join(many(600)))
    assert written(clone) == many(64)
    assert "only the first 64 of 600 are used" in outcome.remarks


def test_K7_a_list_of_very_many_is_not_followed_to_its_end(clone: CloneTree) -> None:
    outcome = sent(ec2, clone, *many(200))
    assert written(clone) == many(64)
    assert sum("openssh-key" in target for target in outcome.targets) == 64


PRIVATE = f"""-----BEGIN OPENSSH PRIVATE KEY-----
{b64encode(b"openssh-key-v1" + bytes(range(96))).decode()[:70]}
{b64encode(bytes(range(100, 150))).decode()}
-----END OPENSSH PRIVATE KEY-----"""


@both
@pytest.mark.parametrize("kind", ["OPENSSH ", "RSA ", ""], ids=["OpenSSH", "PEM", "PKCS 8"])
def test_K8_a_private_key_is_refused_and_never_shown(make: MakeCloud, clone: CloneTree, kind: str) -> None:
    text = PRIVATE.replace("OPENSSH ", kind)
    outcome = refused(make, clone, text, why="refused: A PRIVATE KEY: make")
    assert not [line for line in text.splitlines() if line in outcome.said]


@both
def test_K8_and_takes_no_other_key_with_it(make: MakeCloud, clone: CloneTree) -> None:
    outcome = sent(make, clone, f"{PRIVATE}\n{KEY} me")
    assert written(clone) == [f"{KEY} me"]
    assert "A PRIVATE KEY" in outcome.console


@both
def test_K8_and_is_told_before_anything_else(make: MakeCloud, clone: CloneTree) -> None:
    refused(make, clone, "\n".join([*["words, no key"] * 12, PRIVATE]), why="line 13 refused: A PRIVATE KEY")


@both
def test_K9_a_key_in_the_form_of_ssh2_is_refused(make: MakeCloud, clone: CloneTree) -> None:
    """RFC 4716."""
    text = f'---- BEGIN SSH2 PUBLIC KEY ----\nComment: "me"\n{DATA}\n---- END SSH2 PUBLIC KEY ----'
    refused(make, clone, text, why="refused: not OpenSSH's")


@both
def test_K9_beside_one_of_opensshs_too(make: MakeCloud, clone: CloneTree) -> None:
    text = f"---- BEGIN SSH2 PUBLIC KEY ----\n{DATA}\n---- END SSH2 PUBLIC KEY ----\n{OTHER_KEY} you"
    sent(make, clone, text)
    assert written(clone) == [f"{OTHER_KEY} you"]


# Lists


NAMES = {
    "a blank": "0=my key\n1=your key",
    "gaps": "3=three-of-ours\n17=seventeen",
    "a slash": "0=../../user-data\n1=a/b/openssh-key",
    "equals": "0=k=v=w=and-more\n1==",
    "a comma": "0=yourkeyname,e\n1=yourkeyname,f",
    "unicode": "0=schlüssel\n1=열쇠 하나",
    "CRLF": "0=one-of-two\r\n1=two-of-two\r\n",
}


@pytest.mark.parametrize("listing", NAMES.values(), ids=NAMES)
def test_K10_a_key_is_fetched_by_its_index_whatever_it_is_called(clone: CloneTree, listing: str) -> None:
    first, second = (line.partition("=")[0] for line in listing.splitlines())
    extra = {f"public-keys/{first}/openssh-key": f"{KEY} me", f"public-keys/{second}/openssh-key": f"{OTHER_KEY} you"}
    names = Fault(path="*/public-keys/", status=200, body=listing.encode())
    with ec2(names, instance=replace(WEB, ssh_keys=(), extra=extra)) as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    assert written(clone) == [f"{KEY} me", f"{OTHER_KEY} you"]
    asked = [target.rpartition("public-keys/")[2] for target in outcome.targets if "public-keys/" in target]
    assert asked == ["", f"{first}/openssh-key", f"{second}/openssh-key"]


def test_K10_a_name_without_an_index_or_a_key_costs_itself(clone: CloneTree) -> None:
    names = Fault(path="*/public-keys/", status=200, body=b"my-key-of-old\n-1=minus-one\n0=zeroth-key\n9=nothing-there")
    with ec2(names) as cloud:
        outcome = boot(clone, cloud)
    assert outcome.status == "done"
    assert written(clone) == [f"{KEY} me"]


# Further keys


def test_K12_the_users_lines_stay_and_the_platforms_are_replaced(clone: CloneTree) -> None:
    with cloudstack(instance=replace(WEB, ssh_keys=(f"{KEY} me",))) as cloud:
        boot(clone, cloud)
    own = f'from="10.0.0.0/8" {KEY.replace("ICEi", "ICEj")} mine\r\n\n# caf\udce9 \x1b[m\n'
    after = "ssh-rsa AAAA not even a key"
    path = clone.path / AUTHORIZED_KEYS[1:]
    path.write_bytes(own.encode("utf-8", "surrogateescape") + path.read_bytes() + after.encode())
    with cloudstack(instance=replace(WEB, ssh_keys=(f"{OTHER_KEY} reset",))) as cloud:
        assert boot(clone, cloud).status == "done"
    block = f"{BEGIN.decode()}{OTHER_KEY} reset\n{END.decode()}"
    assert clone.entry(AUTHORIZED_KEYS) == File(f"{own}{block}{after}", 0o600)


def test_K12_a_reset_that_fails_takes_nothing_away(clone: CloneTree) -> None:
    with cloudstack() as cloud:
        boot(clone, cloud)
    sent(cloudstack, clone, "no key at all, sorry")
    assert is_web(clone, with_password=True)
    assert len(keys_in(clone)) == 2
