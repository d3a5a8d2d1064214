"""Files as text and back."""

from __future__ import annotations

from pathlib import Path

from support.trees import Dir, Fifo, File, Link, build

from guestseal.guest.root import Root
from guestseal.guest.text_files import edits, texts


def test_only_regular_files_count_and_each_once(tmp_path: Path) -> None:
    build(
        tmp_path, {"/etc/a": File("1"), "/etc/b": Link("a"), "/etc/c": Dir(), "/etc/d": Fifo(), "/etc/e": File(b"\xff")}
    )
    with Root(str(tmp_path)) as root:
        assert list(texts(root, "/etc/*", "/etc/a", "/etc/none")) == [("/etc/a", "1"), ("/etc/e", "\udcff")]


def test_an_edit_gives_back_the_bytes_it_does_not_change(tmp_path: Path) -> None:
    build(tmp_path, {"/etc/e": File(b"\xff\r\nold", 0o640)})
    with Root(str(tmp_path)) as root:
        for path, text in texts(root, "/etc/e"):
            assert list(edits(path, text, text, "nothing")) == []
            for action in edits(path, text, text.replace("old", "new"), "something"):
                action.perform(root)
    assert (tmp_path / "etc/e").read_bytes() == b"\xff\r\nnew"
