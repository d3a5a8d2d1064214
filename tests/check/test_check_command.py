"""`guestseal check` as its user runs it: sections, profiles, what was remembered, forms of the result."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support.trees import Dir, File, build, fingerprint

MAC = "52:54:00:12:ab:cd"
ADDRESS = "10.20.30.40"
MACHINE_ID = "0123456789abcdef0123456789abcdef"
KEY = (
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ\n-----END OPENSSH PRIVATE KEY-----"
)
MASTER = {
    "/etc/os-release": File("ID=debian\nVERSION_ID=12\n"),
    "/etc/passwd": File("root:x:0:0:root:/root:/bin/bash\nkim:x:1000:1000::/home/kim:/bin/bash\n"),
    "/etc/hostname": File("build-master-7\n"),
    "/etc/machine-id": File(f"{MACHINE_ID}\n"),
    "/etc/systemd/network/10-lan.network": File(f"[Match]\nMACAddress={MAC}\n[Network]\nDHCP=yes\n"),
    "/etc/systemd/network/.05-eth0.network": File(f"[Match]\nName=eth0\n[Network]\nAddress={ADDRESS}/24\n"),
    "/opt/app/app.conf": File(f"# the node\nlisten = {ADDRESS}\nnode = BUILD-MASTER-7\n"),
    "/etc/NetworkManager/dispatcher.d/50-vpn": File(f"#!/bin/sh\n[ $MAC = {MAC.upper()} ] && exit\n", 0o755),
    "/srv/app/deploy_key": File(KEY, 0o600),
    "/usr/local/lib/license.dat": File(f"host={MACHINE_ID[:8]}-{MACHINE_ID[8:12]}-{MACHINE_ID[12:16]}-"
                                      f"{MACHINE_ID[16:20]}-{MACHINE_ID[20:]}\n"),
}  # fmt: skip
SECRETS = (MAC, ADDRESS, MACHINE_ID, "build-master-7", "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ")


@pytest.fixture
def master(tmp_path: Path) -> Path:
    root = tmp_path / "master"
    root.mkdir()
    build(root, MASTER)
    return root


def guestseal(
    root: Path, *words: str | Path, accept: tuple[int, ...] = (0, 1), before: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    command = [*before, sys.executable, "-m", "guestseal", "--root", str(root), *map(str, words)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in accept, done.stdout + done.stderr
    return done


def _call(root: Path, name: str) -> None:
    """Give a guest a name, which an application notes."""
    for path in ("etc/hostname", "srv/app/node"):
        (root / path).write_text(f"{name}\n")


def residue(root: Path, *words: str | Path) -> set[tuple[str, str]]:
    """What the search finds: kind and path."""
    document = json.loads(guestseal(root, "check", "--only", "residue", "--format", "json", *words).stdout)
    return {
        (entry["name"], finding["path"])
        for entry in document["entries"]
        if entry["status"] == "left"
        for finding in entry["findings"]
    }


def test_a_check_changes_nothing_and_tells_no_secret(master: Path) -> None:
    before = fingerprint(master)
    for form in ("text", "json", "junit", "sarif"):
        said = guestseal(master, "check", "--format", form, "-v").stdout
        assert not [secret for secret in SECRETS if secret in said], form
    assert fingerprint(master) == before


def test_residue_is_what_no_operation_takes_away(master: Path) -> None:
    found = residue(master)
    paths = {path for _, path in found}
    assert {"/opt/app/app.conf", "/etc/NetworkManager/dispatcher.d/50-vpn"} <= paths
    assert ("private-key", "/srv/app/deploy_key") in found
    assert "/usr/local/lib/license.dat" in paths
    assert not paths & {"/etc/hostname", "/etc/machine-id", "/etc/os-release", "/etc/passwd"}


def test_what_was_remembered_is_found_after_the_seal(master: Path, tmp_path: Path) -> None:
    memory = tmp_path / "memory.json"
    assert "noted in" in guestseal(master, "check", "--remember", memory, accept=(0,)).stdout
    assert stat.S_IMODE(memory.stat().st_mode) == 0o600
    guestseal(master, "seal", "--yes", accept=(0,))
    kinds = {kind for kind, path in residue(master, "--recall", memory) if path != "/srv/app/deploy_key"}
    assert {"mac-address", "ip-address", "machine-id", "host-name"} <= kinds


def test_a_sealed_guest_is_compared_with_its_record(master: Path) -> None:
    guestseal(master, "seal", "--yes", accept=(0,))
    assert ("machine-id", "/usr/local/lib/license.dat") in residue(master)


def test_nothing_is_noted_of_a_guest_that_is_nobody(master: Path, tmp_path: Path) -> None:
    memory = tmp_path / "memory.json"
    guestseal(master, "check", "--remember", memory, accept=(0,))
    before = memory.read_bytes()
    root = tmp_path / "bare"
    root.mkdir()
    build(root, {"/etc/os-release": File("ID=debian\n"), "/etc/hostname": File("localhost\n")})
    done = guestseal(root, "check", "--remember", memory, accept=(3,))
    assert "nothing" in done.stderr
    assert memory.read_bytes() == before


def test_what_is_not_noted_is_told(master: Path, tmp_path: Path) -> None:
    done = guestseal(master, "check", "--remember", tmp_path / "memory", "--user", "root", accept=(0,))
    assert "user-name" in done.stdout.partition("warning:")[2]


def test_what_is_noted_lies_outside_of_the_guest(master: Path) -> None:
    done = guestseal(master, "check", "--remember", master / "root-of-all", accept=(2,))
    assert "--remember" in done.stderr
    assert not (master / "root-of-all").exists()
    nothing = master.parent / "nothing"
    nothing.write_text("{}")
    assert "not a file that --remember wrote" in guestseal(master, "check", "--recall", nothing, accept=(2,)).stderr


def test_sections_are_chosen_and_mistyped_ones_named(master: Path) -> None:
    document = json.loads(guestseal(master, "check", "--only", "leftovers", "--format", "json").stdout)
    assert {entry["section"] for entry in document["entries"]} == {"leftovers"}
    assert "did you mean residue?" in guestseal(master, "check", "--only", "residu", accept=(2,)).stderr
    assert "did you mean cloudstack?" in guestseal(master, "check", "--profile", "cloudstac", accept=(2,)).stderr
    assert "did you mean fstab?" in guestseal(master, "check", "--checks", "fstb", accept=(2,)).stderr


@pytest.mark.parametrize(
    ("words", "section"),
    [
        ((), "readiness"),
        (("--only", "leftovers"), "leftovers"),
        (("--checks", "defaults,-machine-id-sources"), "leftovers"),
    ],
)
def test_what_a_check_and_an_operation_report_is_told_once(master: Path, words: Sequence[str], section: str) -> None:
    (master / "etc/kernel").mkdir()
    (master / "etc/kernel/cmdline").write_text("root=UUID=1 systemd.machine_id=0123\n")
    document = json.loads(guestseal(master, "check", "--format", "json", *words).stdout)
    told = [entry["section"] for entry in document["entries"] if entry["name"] == "machine-id-sources"]
    assert told == [section]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--only", "clone"), "--clone"),
        (("--clone", "--only", "leftovers"), "leftovers"),
        (("--fix", "--only", "residue"), "--fix"),
        (("--fix", "--clone"), "--fix"),
        (("--remember", "{}", "--fix"), "--remember"),
        (("--remember", "{}", "--recall", "{}"), "--remember"),
        (("--remember", "{}", "--clone"), "--remember"),
        (("--remember", "{}", "--only", "residue"), "--remember"),
        (("--yes",), "--yes"),
        (("--only", "readiness", "--checks=-all"), "--checks"),
        (("--only", ","), "--only"),
        (("--user", "a\nb"), "--user"),
    ],
)
def test_options_that_would_have_nothing_looked_at_or_contradict_are_refused(
    master: Path, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    file = str(tmp_path / "memory")
    done = guestseal(master, "check", *(word.replace("{}", file) for word in words), accept=(2,))
    assert says in done.stderr
    assert not Path(file).exists()


def test_checks_are_left_out_as_operations_are(master: Path) -> None:
    words = ("check", "--only", "readiness", "--checks", "-login", "--format", "json")
    document = json.loads(guestseal(master, *words).stdout)
    names = {entry["name"] for entry in document["entries"]}
    assert "login" not in names
    assert "fstab" in names


def test_asked_for_more_it_says_everything_once(master: Path) -> None:
    lines = [line for line in guestseal(master, "check", "-v").stdout.splitlines() if " power-button" in line]
    assert len(lines) == 1


def test_a_template_that_has_become_a_machine_again_is_searched_for_what_it_is(master: Path) -> None:
    guestseal(master, "seal", "--yes", accept=(0,))
    _call(master, "second-life-8")
    assert ("host-name", "/srv/app/node") in residue(master)


def test_a_clone_may_be_what_it_is_and_not_what_its_template_was(master: Path) -> None:
    guestseal(master, "seal", "--yes", accept=(0,))
    _call(master, "clone-of-it-9")
    found = residue(master, "--clone")
    assert ("host-name", "/srv/app/node") not in found
    assert ("machine-id", "/usr/local/lib/license.dat") in found


def test_a_pipeline_reads_the_same_verdict_in_every_form(master: Path) -> None:
    words = ("check", "--only", "leftovers,residue")
    document = json.loads(guestseal(master, *words, "--format", "json", accept=(1,)).stdout)
    failed = {
        entry["name"] for entry in document["entries"] if entry["status"] == "left" and entry["kind"] != "clutter"
    }
    junit = ElementTree.fromstring(guestseal(master, *words, "--format", "junit", accept=(1,)).stdout)
    assert {case.get("name") for case in junit.iter("testcase") if case.find("failure") is not None} == failed
    sarif = json.loads(guestseal(master, *words, "--format", "sarif", accept=(1,)).stdout)
    results = sarif["runs"][0]["results"]
    assert {each["ruleId"].partition("/")[2] for each in results if each["level"] == "error"} == failed


def test_a_check_that_could_not_be_made_is_no_success_in_any_form(tmp_path: Path) -> None:
    words = ("check", "--format")
    why = "not a root filesystem"
    assert why in guestseal(tmp_path, *words, "text", accept=(3,)).stderr
    assert why in json.loads(guestseal(tmp_path, *words, "json", accept=(3,)).stdout)["msg"]
    junit, sarif = (guestseal(tmp_path, *words, form, accept=(3,)) for form in ("junit", "sarif"))
    assert why in junit.stderr
    assert why in sarif.stderr
    (suite,) = ElementTree.fromstring(junit.stdout)
    assert (suite.get("tests"), suite.get("errors")) == ("1", "1")
    error = suite.find("testcase/error")
    assert error is not None
    assert why in error.get("message", "")
    (run,) = json.loads(sarif.stdout)["runs"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert why in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_the_profile_says_what_fails(tmp_path: Path) -> None:
    root = tmp_path / "bare"
    root.mkdir()
    build(root, {"/etc/os-release": File("ID=debian\n"), "/etc/fstab": File("UUID=1 / ext4 defaults 0 1\n")})
    outcomes = {}
    for profile in ("generic", "cloudstack"):
        words = ("check", "--only", "readiness", "--profile", profile, "--format", "json")
        document = json.loads(guestseal(root, *words).stdout)
        outcomes[profile] = {entry["name"]: entry["status"] for entry in document["entries"]}
    assert (outcomes["generic"]["power-button"], outcomes["cloudstack"]["power-button"]) == ("warned", "failed")


@pytest.mark.skipif(os.geteuid() != 0, reason="gives up root's privileges")
def test_a_directory_that_cannot_be_entered_ends_no_search_of_what_is_beside_it(master: Path) -> None:
    build(master, {"/var/app/a": Dir(0o000), "/var/app/node.conf": File(f"{ADDRESS}\n"), "/var/zone": File(f"{MAC}\n")})
    without = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]
    document = json.loads(guestseal(master, "check", "--only", "residue", "--format", "json", before=without).stdout)
    places = {finding["path"] for entry in document["entries"] for finding in entry["findings"]}
    assert {"/var/app/node.conf", "/var/zone"} <= places
    search = next(entry for entry in document["entries"] if entry["name"] == "residue-search")
    assert [(each["path"], each["what"]) for each in search["findings"]] == [
        ("/var/app/a", "not searched: Permission denied")
    ]


def test_what_a_seal_refuses_to_take_away_is_searched(master: Path) -> None:
    before = residue(master)
    (master / "root").mkdir()
    (master / "root/.cache").symlink_to("/")  # root's own link, so it is followed; what it leads to is protected
    assert before <= residue(master)


def test_what_every_clone_shares_on_purpose_is_left_out_and_counted(master: Path) -> None:
    (master / "etc/guestseal").mkdir()
    (master / "etc/guestseal/guestseal.conf").write_text("[check]\naccept = /srv/app/*_key /opt/**\n")
    done = guestseal(master, "check", "--only", "residue", accept=(1,))
    assert "/srv/app/deploy_key" not in done.stdout
    assert "/opt/app/app.conf" not in done.stdout
    assert "/etc/NetworkManager/dispatcher.d/50-vpn" in done.stdout
    # The key, and below /opt a directory and a file.
    assert "left out as the setting accept says: 3" in done.stdout
    (master / "etc/guestseal/guestseal.conf").write_text("[check]\naccept = /**\n")
    refused = guestseal(master, "check", accept=(2,)).stderr
    assert "[check] accept = /**: it takes paths or patterns below a named directory" in refused


def test_an_output_that_nobody_reads_fails(master: Path) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "guestseal", "--root", str(master), "check", "--format", "sarif"]
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
            env=os.environ,
        )
    assert done.returncode == 1
