"""What the journal is told: entries on a real socket, under a unit's conditions, and their explanations."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from guestseal.firstboot import events

PROJECT = Path(__file__).resolve().parents[2]
CATALOG = PROJECT / "systemd/guestseal.catalog"
IDS = {name: value for name, value in vars(events).items() if re.fullmatch("[0-9a-f]{32}", str(value))}
needs_bindings = pytest.mark.skipif(
    importlib.util.find_spec("systemd") is None, reason="this Python has no systemd module (python3-systemd)"
)

# In a mount namespace of its own, where /run/systemd/journal/socket is this test's.
TELL = """
import json, os, socket, sys
stream = os.fstat(2)
os.environ["JOURNAL_STREAM"] = sys.argv[1].format(st=stream)
os.makedirs("/run/systemd/journal")
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journal:
    journal.bind("/run/systemd/journal/socket")
    journal.settimeout(0)
    from guestseal.firstboot.discovery import Found
    from guestseal.firstboot.events import Events
    from guestseal.firstboot.metadata import Metadata, Secret
    from guestseal.firstboot.source import Attempt
    from guestseal.machine.journal import Journal
    from guestseal.report import Entry, Outcome
    told = Events(Journal())
    said = Metadata("ec2", "169.254.169.254:80", "i-1", password=Secret(b"hunter2hunter2"))
    told.asked(Found(said, None, (), answered=True))
    told.asked(Found(None, None, (Attempt("ec2", "169.254.169.254:80", "timed out", 2.0),)))
    for outcome in Outcome:
        told.step(Entry("hostname", outcome, detail="web1\\nGUESTSEAL_OUTCOME=forged", seconds=0.5))
    told.template_booted()
    told.finished("degraded", None, 3.0)
    entries = []
    while True:
        try:
            entries.append(journal.recv(65536).decode("latin-1"))
        except BlockingIOError:
            break
print(json.dumps({"entries": entries, "imported": "systemd.journal" in sys.modules}))
"""


def tell(stream: str) -> tuple[list[dict[str, str]], bool]:
    """The entries that reach the journal from a process whose JOURNAL_STREAM is ``stream``."""
    script = 'mount -t tmpfs tmpfs /run && exec "$0" -c "$1" "$2"'
    words = ["unshare", "-m", "sh", "-c", script, sys.executable, TELL, stream]
    done = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    if "unshare" in done.stderr:
        pytest.skip("no mount namespaces without privileges")
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    return [_fields(entry) for entry in said["entries"]], said["imported"]


def _fields(entry: str) -> dict[str, str]:
    """One datagram of systemd's Native Journal Protocol: NAME=value, or NAME, the length and the value."""
    found: dict[str, str] = {}
    while entry:
        line, _, entry = entry.partition("\n")
        name, equals, value = line.partition("=")
        if not equals:
            length = int.from_bytes(entry[:8].encode("latin-1"), "little")
            value, entry = entry[8 : 8 + length], entry[9 + length :]
        found[name] = value
    return found


@needs_bindings
def test_a_unit_tells_the_journal_what_happened() -> None:
    entries, _ = tell("{st.st_dev}:{st.st_ino}")
    assert [entry["MESSAGE_ID"] for entry in entries] == [
        events.ANSWERED,
        events.UNANSWERED,
        events.STEP_DONE,
        events.STEP_FAILED,
        events.TEMPLATE_BOOTED,
        events.FINISHED,
    ]
    answered, unanswered, done, failed, _, finished = entries
    assert (answered["GUESTSEAL_SOURCE"], answered["GUESTSEAL_ADDRESS"]) == ("ec2", "169.254.169.254:80")
    assert unanswered["MESSAGE"] == "no source of metadata answered; 1 address asked"
    assert (done["GUESTSEAL_STEP"], done["GUESTSEAL_OUTCOME"], done["PRIORITY"]) == ("hostname", "done", "6")
    assert (failed["GUESTSEAL_OUTCOME"], failed["PRIORITY"], failed["GUESTSEAL_SECONDS"]) == ("failed", "3", "0.500")
    assert (finished["GUESTSEAL_OUTCOME"], finished["GUESTSEAL_SOURCE"]) == ("degraded", "none")
    assert {entry["SYSLOG_IDENTIFIER"] for entry in entries} == {"guestseal"}
    assert "hunter2" not in json.dumps(entries)


@pytest.mark.parametrize("stream", ["", "1:1"], ids=["no unit", "what a unit's service started"])
def test_a_person_who_runs_it_tells_the_journal_nothing(stream: str) -> None:
    assert tell(stream) == ([], False)


def test_every_event_is_explained_and_nothing_else() -> None:
    explained = re.findall(r"^-- ([0-9a-f]{32})$", CATALOG.read_text(), re.MULTILINE)
    assert sorted(explained) == sorted(IDS.values())
    assert len(set(IDS.values())) == len(IDS) == 6


def test_journalctl_understands_the_catalog(tmp_path: Path) -> None:
    directory = tmp_path / "usr/lib/systemd/catalog"
    directory.mkdir(parents=True)
    (directory / CATALOG.name).write_bytes(CATALOG.read_bytes())
    root = f"--root={tmp_path}"
    done = subprocess.run(["journalctl", root, "--update-catalog"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    listed = subprocess.run(["journalctl", root, "--list-catalog"], capture_output=True, text=True, timeout=60).stdout
    assert {line.split()[0] for line in listed.splitlines()} == set(IDS.values())
    assert "guestseal: No source of metadata answered" in listed


@needs_bindings
def test_the_catalog_names_only_fields_that_the_events_have() -> None:
    entries, _ = tell("{st.st_dev}:{st.st_ino}")
    by_id = {entry["MESSAGE_ID"]: entry for entry in entries}
    for part in CATALOG.read_text().split("-- ")[1:]:
        for field in re.findall(r"@(\w+)@", part):
            assert field in by_id[part[:32]], f"{field} of {part[:32]}"
