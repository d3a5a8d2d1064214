"""What the user is told before a seal, or instead of one: why it would be refused, and who sees too little."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.machine import FakeCommands
from support.trees import File, build

import guestseal.cli.check  # noqa: F401 - before the rights to read it are given up
from guestseal.cli import main
from guestseal.errors import Refused
from guestseal.guest.facts import Guest
from guestseal.guest.root import Root
from guestseal.machine.host import Machine
from guestseal.scrub.scrub import Level
from guestseal.seal.live import LiveSealing
from guestseal.seal.sealing import Sealing


def test_why_a_seal_would_be_refused_is_known_without_trying(tmp_path: Path) -> None:
    build(tmp_path, {"/etc/os-release": File("ID=debian\n"), "/.dockerenv": File("")})
    machine = Machine(commands=FakeCommands())
    with Root(str(tmp_path)) as root:
        live = LiveSealing(Sealing(Guest(root), "histories"), machine, {}, Level.TRIM, lambda _: None)
        told = [each for each in live.objections() if each.startswith("container: ")]
        assert told == [
            "container: this is a container (docker): seal it from outside, with `guestseal --root DIR seal`, "
            "unless it is the template itself"
        ]
        with pytest.raises(Refused) as refused:
            live.preflight(force=False)
    assert told[0] in str(refused.value)
    assert str(refused.value).count("--force") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="gives rights up")
@pytest.mark.parametrize("words", [["check"], ["check", "--only", "residue"]])
def test_who_may_not_read_everything_is_not_told_that_nothing_is_left(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    os.seteuid(65534)
    try:
        assert main(words) == 3
    finally:
        os.seteuid(0)
    assert capsys.readouterr().err.startswith("guestseal check: what is left lies in files of every account: run it as")
