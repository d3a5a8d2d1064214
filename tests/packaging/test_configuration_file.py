"""The configuration file that is installed: every setting is in it, and none is set."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.debian import PROJECT, run

from guestseal.settings import Settings, merge, rows


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The file, as ``make install`` makes it."""
    directory = tmp_path_factory.mktemp("installed")
    run("make", "-s", "-C", PROJECT, "install", f"DESTDIR={directory}")
    return (directory / "etc/guestseal/guestseal.conf").read_text()


def test_it_sets_nothing(text: str) -> None:
    assert merge(Settings(), text, "it").origin == {}


def test_what_is_commented_out_are_all_the_settings_at_their_defaults(text: str) -> None:
    settings = merge(Settings(), re.sub(r"^#(?=\S)", "", text, flags=re.MULTILINE), "it")
    assert settings == Settings()
    assert settings.origin.keys() == {row.name for row in rows()}


def test_an_administrators_file_is_not_replaced(tmp_path: Path) -> None:
    own = tmp_path / "etc/guestseal/guestseal.conf"
    own.parent.mkdir(parents=True)
    own.write_text("[firstboot]\nbudget = 5\n")
    run("make", "-s", "-C", PROJECT, "install", f"DESTDIR={tmp_path}")
    assert own.read_text() == "[firstboot]\nbudget = 5\n"
