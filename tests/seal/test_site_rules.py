"""Rules of a site: what they do, and which are refused with file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.trees import File, Tree, build, fingerprint

from guestseal.cli import main
from guestseal.errors import UsageError
from guestseal.guest.tree import Tree as GuestTree
from guestseal.seal.operation import Kind, Operation
from guestseal.seal.site_rules import read

FILE = "/etc/guestseal/operations.d/site.conf"
GUEST: Tree = {
    "/etc/os-release": File("ID=debian\n"),
    "/etc/passwd": File("root:x:0:0:root:/root:/bin/sh\n"),
    "/opt/agent/id": File("id\n"),
    "/opt/agent/spool/job": File("job\n"),
    "/opt/agent/log": File("line\n"),
    "/root/.agent": File("id\n"),
}
RULE = """# the agent
[site-agent]
kind = identity
why = The agent's id:
    two clones with one are one machine.
remove = /opt/agent/id
    {home}/.agent
empty = /opt/agent/spool
truncate = /opt/agent/log
"""


def guest(tmp_path: Path, rules: str) -> Path:
    build(tmp_path, {**GUEST, FILE: File(rules)})
    return tmp_path


def refusal(root: Path) -> str:
    with GuestTree(str(root)) as tree, pytest.raises(UsageError) as refused:
        read(tree)
    return str(refused.value)


def test_a_rule_is_an_operation(tmp_path: Path) -> None:
    with GuestTree(str(guest(tmp_path, RULE))) as tree:
        rules = read(tree)
    assert list(rules) == ["site-agent"]
    rule = rules["site-agent"]
    assert rule.value == Operation(
        Kind.IDENTITY, ("/opt/agent/id", "{home}/.agent"), ("/opt/agent/spool",), ("/opt/agent/log",)
    )
    assert rule.manual.startswith("The agent's id: two clones with one are one machine.\n\n")
    assert FILE in rule.manual


def test_it_is_sealed_checked_listed_explained_and_deselected_as_any_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = ("--root", str(guest(tmp_path, RULE)))
    assert main(["seal", *root, "--yes", "--operations", "defaults,-site-agent"]) == 0
    assert (tmp_path / "opt/agent/id").exists()
    assert main(["check", "--only", "leftovers", *root]) == 1
    assert main(["seal", *root, "--yes"]) == 0
    assert [(tmp_path / name).exists() for name in ("opt/agent/id", "root/.agent", "opt/agent/spool/job")] == [
        False
    ] * 3
    assert (tmp_path / "opt/agent/log").read_text() == ""
    assert main(["check", "--only", "leftovers", *root]) == 0
    capsys.readouterr()
    assert main(["list", "operations", *root]) == 0
    assert "site-agent" in capsys.readouterr().out
    assert main(["explain", "/opt/agent/spool/x", *root]) == 0
    assert "The agent's id" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("opt/agent/id", "a path begins with / or {home}/"),
        ("~/.agent", "a path begins with"),
        ("/", "it reaches too far"),
        ("/*", "it reaches too far"),
        ("/usr/**", "it reaches too far"),
        ("/opt/*/id", "it reaches too far"),
        ("{home}/*", "it reaches too far"),
        ("/opt/../etc/passwd", "does not hold . or .."),
        ("/opt/agent/id[z-a]", "a [set] of characters is empty or runs backwards"),
        ("/opt/agent/[]", "a [set] of characters is empty or runs backwards"),
        ("/etc/ssh/moduli", "protected: ssh.sshd-misc"),
        ("/etc/ssh", "protected: "),
        ("/etc/s*", "protected: "),
        ("/etc/ssh/m*i", "protected: ssh.sshd-misc"),
        ("/etc/hosts.allow", "protected: net.hostsallow"),
        ("/var/lib/*", "protected: "),
        ("/var/lib/**", "protected: "),
        ("/usr/share/agent/id", "protected: "),
        ("/etc/guestseal/operations.d/other.conf", "protected: cl.guestseal"),
        ("{home}/.hushlogin", "protected: us.x"),
    ],
)
def test_a_pattern_that_must_not_be_followed_is_refused_with_file_and_line(
    pattern: str, why: str, tmp_path: Path
) -> None:
    first = "[first]\nkind = clutter\nwhy = x\nremove = /opt/a/b\n"
    text = f"{first}\n[second]\nkind=clutter\nwhy = x\nremove =\n  /opt/c/d\n  {pattern}\n"
    said = refusal(guest(tmp_path, text))
    assert said.startswith(f"{FILE}, line 11: remove = {pattern}: ")
    assert why in said


@pytest.mark.parametrize(
    ("rules", "line", "why"),
    [
        ("[a]\nkind = clutter\nwhy = x\nremoves = /opt/a/b\n", 4, "unknown key 'removes'; did you mean remove?"),
        ("[a]\nkind = clutter\nwhy = x\ncommand = reboot\n", 4, "unknown key 'command'"),
        ("\n[a]\nkind = clutter\nremove = /opt/a/b\n", 2, "does not say why"),
        ("[a]\nwhy = x\nremove = /opt/a/b\n", 1, "does not say kind"),
        ("[a]\nkind = clutter\nwhy = x\n", 1, "does not say remove or empty or truncate"),
        ("[a]\nkind = bad\nwhy = x\nremove = /opt/a/b\n", 2, "kind is one of identity, secret, clutter"),
        ("[logs]\nkind = clutter\nwhy = x\nremove = /opt/a/b\n", 1, "a name of guestseal's own"),
        ("[public-image]\nkind = clutter\nwhy = x\nremove = /opt/a/b\n", 1, "a name of guestseal's own"),
        ("[A b]\nkind = clutter\nwhy = x\nremove = /opt/a/b\n", 1, "small letters"),
        ("kind = clutter\n", 1, "a [section] has to stand before the first setting"),
        ("[a]\nkind = clutter\n[a]\nkind = secret\n", 3, "[a] begins twice"),
        ("[a]\nkind = clutter\nkind = secret\n", 3, "kind is set twice in [a]"),
        ("[a]\nkind = clutter\nwhy = x\nempty = /var/log\n", 4, "protected: lg.generated-dirs"),
        ("[a]\nkind = clutter\nwhy = x\nempty = /opt/a/**\n", 4, "name the directory"),
        ("[a]\nkind = clutter\nwhy = x\ntruncate = /etc/passwd\n", 4, "protected: hazard 10"),
    ],
)
def test_a_rule_that_is_none_is_refused_with_file_and_line(rules: str, line: int, why: str, tmp_path: Path) -> None:
    said = refusal(guest(tmp_path, rules))
    assert said.startswith(f"{FILE}, line {line}: ")
    assert why in said


@pytest.mark.parametrize(
    "rule",
    [
        "empty = /var/log/audit",
        "remove = /var/lib/agent/**",
        "remove = /etc/agent/*.key",
        "remove = /boot/loader/entries/0123-0-rescue.conf",
        "remove = /var/spool/agent*/*",
    ],
)
def test_a_rule_beside_what_is_protected_is_followed(rule: str, tmp_path: Path) -> None:
    with GuestTree(str(guest(tmp_path, f"[a]\nkind = clutter\nwhy = x\n{rule}\n"))) as tree:
        assert list(read(tree)) == ["a"]


def test_one_name_in_two_files_is_refused(tmp_path: Path) -> None:
    build(tmp_path, {**GUEST, FILE: File(RULE), FILE.replace("site", "other"): File(RULE)})
    assert "[site-agent] is in another file, too" in refusal(tmp_path)


def test_with_a_bad_rule_nothing_is_sealed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = guest(tmp_path, RULE.replace("/opt/agent/id", "/etc/passwd"))
    before = fingerprint(root)
    for words in (["seal", "--yes"], ["check"], ["list", "operations"], ["explain", "/x"]):
        assert main([*words, "--root", str(root)]) == 2
        assert f"{FILE}, line 6" in capsys.readouterr().err
    assert fingerprint(root) == before


def test_a_rule_that_meets_a_protected_path_by_a_link_fails_and_touches_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build(
        tmp_path, {**GUEST, FILE: File(RULE.replace("/opt/agent/id", "/opt/agent/ssh/*")), "/etc/ssh/moduli": File("x")}
    )
    (tmp_path / "opt/agent/ssh").symlink_to("/etc/ssh")
    assert main(["seal", "--root", str(tmp_path), "--yes", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["failed"]
    assert "/etc/ssh/moduli stays as it is" in json.dumps(report)
    assert (tmp_path / "etc/ssh/moduli").read_text() == "x"
    assert (tmp_path / "opt/agent/spool/job").exists()
