"""Where cloud-init logs to, by its own configuration."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.trees import File, build

from guestseal.guest.services.cloud_init import logfiles
from guestseal.guest.tree import Tree

CFG = "/etc/cloud/cloud.cfg"


def logfiles_of(root: Path, *texts: str) -> list[str]:
    """What it logs to with these files of configuration."""
    drop_ins = {f"{CFG}.d/{number}.cfg": File(text) for number, text in enumerate(texts[1:])}
    build(root, {CFG: File(texts[0]), **drop_ins})
    with Tree(str(root)) as tree:
        return logfiles(tree)


@pytest.mark.parametrize(
    "text",
    (
        "def_log_file: /srv/a.log\n",
        "output: {all: '| tee -a /srv/a.log'}\n",
        'output: {init: ">> /srv/a.log"}\n',
        "output:\n  init: '> /srv/a.log'\n",
        'output: {all: ["> /srv/a.log", "&1"]}\n',
        "   args=('/srv/a.log', 'a', 'UTF-8')\n",
        "# def_log_file: /srv/b.log\ndef_log_file: '/srv/a.log'\n",
    ),
)
def test_a_file_it_logs_to_is_found(text: str, tmp_path: Path) -> None:
    assert logfiles_of(tmp_path, text) == ["/srv/a.log"]


def test_each_is_named_once_from_whatever_file(tmp_path: Path) -> None:
    named = logfiles_of(tmp_path, "def_log_file: /a\n", "output: {all: '>>/b'}\n", "output: {all: '| tee -a /a'}\n")
    assert named == ["/a", "/b"]


@pytest.mark.parametrize(
    "text", ("output: {all: '| logger -t cloud-init'}\n", "runcmd: [/srv/a.log]\n", "#output: {all: '> /srv/a.log'}\n")
)
def test_nothing_else_is_taken_for_a_log(text: str, tmp_path: Path) -> None:
    assert logfiles_of(tmp_path, text) == []
