"""`status` and `query` on what a boot has left: tables for people, JSON for programs, exit statuses for scripts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from support.children import in_child
from support.clones import needs_root

from guestseal.guest.seal_record import SEALED, SealRecord
from guestseal.machine.clock import Clock, Deadline
from guestseal.machine.runtime import METADATA, STATUS, Runtime

PROJECT = Path(__file__).resolve().parents[1]
STEP = {"name": "hostname", "status": "done", "detail": "web1", "seconds": 0.25}
HOST_KEYS = {"name": "host-keys", "status": "done", "detail": "made ed25519", "seconds": 1.5}
ASKED = (
    {"source": "cloudstack", "address": "10.1.1.1:80 from 10.1.1.7 (metadata)", "answer": "timed out", "seconds": 2.0},
    {"source": "ec2", "address": "169.254.169.254:80", "answer": "answered\x1b[2J", "seconds": 0.125},
)
NOBODY = 65534
DONE = {
    "status": "done",
    "stage": "network",
    "source": "ec2",
    "address": "169.254.169.254:80",
    "steps": [STEP],
    "local_steps": [HOST_KEYS],
    "attempts": list(ASKED),
    "remarks": ["public-keys: a list without a key behind it"],
}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A sealed tree with a directory for what this boot says."""
    record = tmp_path / SEALED.lstrip("/")
    record.parent.mkdir(parents=True)
    record.write_bytes(SealRecord("seal-1", "2024-10-04T00:00:00Z", "1", {}, "00" * 16).to_json())
    return tmp_path


def call(clone: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command on the tree."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-m", "guestseal", "--root", str(clone), *words, "--runtime-directory"]
    return subprocess.run([*command, f"{clone}/run"], env=environment, capture_output=True, text=True, timeout=60)


def say(clone: Path, name: str = STATUS, **document: Any) -> None:
    """Leave what a stage leaves."""
    Runtime(f"{clone}/run").write(name, document)


def test_long_is_a_table_of_everything_that_was_asked_and_done(clone: Path) -> None:
    say(clone, **DONE)
    done = call(clone, "status", "--long")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "status: done",
        "stage: network",
        "source: ec2",
        "address: 169.254.169.254:80",
        "",
        "step       outcome  seconds  what was done, or why not",
        "host-keys  done         1.5  made ed25519",
        "hostname   done         0.2  web1",
        "",
        "source      address                               seconds  answer",
        "cloudstack  10.1.1.1:80 from 10.1.1.7 (metadata)      2.0  timed out",
        "ec2         169.254.169.254:80                        0.1  answered\\x1b[2J",
        "",
        "not believed, or still missing:",
        "  public-keys: a list without a key behind it",
        "guestseal status: personalised",
    ]


def test_without_long_it_is_one_line(clone: Path) -> None:
    say(clone, **DONE)
    assert call(clone, "status").stdout == "guestseal status: personalised\n"


@pytest.mark.parametrize(
    ("document", "status", "exit_code"),
    [
        ({"status": "done", "stage": "network"}, "done", 0),
        ({"status": "degraded", "stage": "network"}, "degraded", 0),
        ({"status": "error", "stage": "local"}, "error", 1),
        ({**DONE, "local_steps": [{**HOST_KEYS, "status": "failed"}]}, "error", 1),
    ],
)
def test_waiting_ends_with_one_document_and_its_exit_status(
    clone: Path, document: dict[str, Any], status: str, exit_code: int
) -> None:
    say(clone, status="running", stage="network", local_steps=document.get("local_steps", []))
    later = threading.Timer(0.7, say, (clone,), document)
    later.start()
    done = call(clone, "status", "--wait", "--timeout", "20", "--format", "json")
    later.join()
    said = json.loads(done.stdout)
    assert (said["status"], said["failed"], done.returncode) == (status, bool(exit_code), exit_code)


@pytest.mark.parametrize(
    "document", [{}, {"status": "done", "stage": "local"}, {"status": "running", "stage": "network"}]
)
def test_waiting_ends_in_time_with_an_exit_status_of_its_own(clone: Path, document: dict[str, Any]) -> None:
    if document:
        say(clone, **document)
    done = call(clone, "status", "--wait", "--timeout", "0.3", "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["failed"]) == (4, True)


def test_a_stage_that_was_killed_is_not_called_running(clone: Path) -> None:
    say(clone, status="running", stage="network")
    with Runtime(f"{clone}/run").alone(Deadline.after(Clock(), 1.0)):
        at_work = call(clone, "status", "--format", "json")
    killed = call(clone, "status", "--format", "json")
    assert (json.loads(at_work.stdout)["status"], at_work.returncode) == ("running", 0)
    assert (json.loads(killed.stdout)["status"], killed.returncode) == ("interrupted", 1)


@needs_root
def test_who_may_not_see_whether_it_runs_believes_what_it_said(clone: Path) -> None:
    say(clone, status="running", stage="network")
    runtime = Runtime(f"{clone}/run")
    with runtime.alone(Deadline.after(Clock(), 1.0)):
        pass
    (clone / "run/lock").chmod(0o600)

    def as_nobody() -> str:
        os.chdir(clone / "run")
        os.setresuid(NOBODY, NOBODY, NOBODY)
        return str(Runtime(".").is_anybody_in())

    assert in_child(as_nobody) == "None"


def test_an_answer_that_is_not_whole_is_not_called_no_answer(clone: Path) -> None:
    say(clone, status="degraded", stage="network")
    assert "no source answered" in call(clone, "status").stdout
    say(clone, status="degraded", stage="network", source="ec2")
    assert "the platform did not say everything" in call(clone, "status").stdout


def test_query_prints_one_value_bare_or_all_of_them(clone: Path) -> None:
    say(clone, METADATA, **{"source": "ec2", "instance-id": "i-1", "ssh-keys": ["a", "b"], "password": "none"})
    assert call(clone, "query", "ssh-keys").stdout == "a\nb\n"
    assert "instance-id: i-1\n" in call(clone, "query").stdout
    document = json.loads(call(clone, "query", "--format", "json").stdout)
    assert document["metadata"]["ssh-keys"] == ["a", "b"]


def test_query_says_by_its_exit_status_what_is_wrong(clone: Path) -> None:
    silent = call(clone, "query")
    assert (silent.returncode, "status --long" in silent.stderr) == (1, True)
    say(clone, METADATA, source="ec2")
    assert call(clone, "query", "hostname").returncode == 1
    assert call(clone, "query", "color").returncode == 2
