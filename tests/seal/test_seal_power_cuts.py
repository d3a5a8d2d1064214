"""The power fails before every single change a seal makes: the same command again ends where it would have ended."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.children import every_cut
from support.trees import Entry, read

from guestseal.firstboot.status import status
from guestseal.guest.facts import Guest
from guestseal.guest.identity import read_identity
from guestseal.guest.root import Root
from guestseal.guest.seal_record import SEALED, read_record
from guestseal.guest.tree import Tree
from guestseal.machine.runtime import Runtime
from guestseal.seal.sealing import Sealing

MACHINE_ID = "0123456789abcdef0123456789abcdef"
ENOUGH = 200


def _template(place: Path) -> Path:
    """A small template with something for most operations, and enough of it for many cuts."""
    files = {
        "etc/os-release": "ID=debian\n",
        "etc/passwd": "root:x:0:0:root:/root:/bin/bash\nada:x:1000:1000::/home/ada:/bin/sh\n",
        "etc/passwd-": "root:x:0:0:root:/root:/bin/bash\n",
        "etc/shadow": "root:$6$salt$hash:19000:0:99999:7:::\n",
        "etc/shadow-": "root:$6$old$hash:18000:0:99999:7:::\n",
        "etc/hostname": "master\n",
        "etc/hosts": "127.0.0.1 localhost\n127.0.1.1 master.example.com master\n192.0.2.1 other\n",
        "etc/machine-id": MACHINE_ID + "\n",
        "usr/lib/systemd/systemd": "",
        "root/.bash_history": "secret\n" * 3,
        "var/lib/systemd/random-seed": "seed",
        "var/log/wtmp": "records",
        "etc/udev/rules.d/70-persistent-net.rules": 'ATTR{address}=="52:54:00:00:00:01", NAME="eth0"\n',
    }
    files |= {f"var/log/app/{number}.log.gz": "line\n" for number in range(60)}
    files |= {f"var/log/app/{number}.log": "line\n" for number in range(20)}
    files |= {f"var/log/journal/{MACHINE_ID}/user-{number}.journal": "line\n" for number in range(40)}
    files |= {f"var/lib/dhcp/dhclient.eth{number}.leases": "lease {}\n" for number in range(30)}
    files |= {f"etc/ssh/ssh_host_{kind}_key{end}": "key\n" for kind in ("rsa", "ed25519") for end in ("", ".pub")}
    for name, content in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return place


def _seal(place: Path) -> None:
    with Root(str(place)) as root:
        report = Sealing(Guest(root), "defaults").apply(root, lambda entry: None)
        assert not report.failed, report.message


def _end_state(place: Path) -> dict[str, Entry]:
    found = read(place)
    del found[SEALED]
    return found


def _old_identity(place: Path) -> dict[str, bool]:
    """Whether the record proves the reset of each value the template had."""
    with Tree(str(_template(place))) as tree:
        return {name: True for name, value in read_identity(tree).items() if value}


@pytest.fixture
def memory() -> Iterator[Path]:
    """A directory in memory: hundreds of seals with all their fsyncs."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as directory:
        yield Path(directory)


def test_every_cut_converges_and_is_never_taken_for_a_seal(memory: Path) -> None:
    uninterrupted = _template(memory / "uninterrupted")
    _seal(uninterrupted)
    wanted = _end_state(uninterrupted)
    had = _old_identity(memory / "before")
    cuts = 0
    for place in every_cut(_template, _seal, memory / "cut"):
        cuts += 1
        with Tree(str(place)) as tree:
            assert status(tree, Runtime(str(memory / "run"))).facts["status"] in ("unsealed", "unfinished")
        _seal(place)
        assert _end_state(place) == wanted
        with Tree(str(place)) as tree:
            record = read_record(tree)
        assert record is not None
        assert dict.fromkeys(record.identity, True) == had
    assert cuts >= ENOUGH, cuts
    assert json.loads((uninterrupted / SEALED[1:]).read_text())["swept"] is True
