"""YAML of all kinds, the hostile ones included."""

from __future__ import annotations

import sys
import time

import pytest
from support.memory import peak_of

from guestseal.errors import Malformed
from guestseal.firstboot.yaml_documents import yaml_object

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(f'*{chr(97 + n)}' for _ in range(9))}]\n" for n in range(9)
)
MERGE_BOMB = "a: &a {x: 1}\nb: &b {<<: [*a, *a, *a, *a]}\nc: {<<: [*b, *b, *b, *b]}\n"


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("", {}),
        ("---\n", {}),
        ("# nothing\n", {}),
        ("{}", {}),
        ('{"a": 1, "b": [true]}', {"a": 1, "b": [True]}),
        ("a: 1\nb: yes\n", {"a": "1", "b": "yes"}),
        ("a: 007\nb: 0x10\nc: 1e3\n", {"a": "007", "b": "0x10", "c": "1e3"}),
        ("a: 2024-01-01\nb: 12:30:45\n", {"a": "2024-01-01", "b": "12:30:45"}),
        ("a: ~\nb:\nc: null\nd: Null\n", {"a": None, "b": None, "c": None, "d": None}),
        ("a: ''\nb: '~'\nc: \"null\"\nd: nullify\n", {"a": "", "b": "~", "c": "null", "d": "nullify"}),
        ("a: 02:00:00:00:00:01\nb: 52:54:00:12:34:56\n", {"a": "02:00:00:00:00:01", "b": "52:54:00:12:34:56"}),
        ("a: |\n  one\n  two\n", {"a": "one\ntwo\n"}),
        ("1: x\n", {"1": "x"}),
        ("a: !!python/object/apply:os.system ['touch /tmp/x']\n", {"a": ["touch /tmp/x"]}),
    ],
)
def test_values_are_the_text_that_was_written(text, document):
    assert yaml_object("here", text.encode()) == document


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("!!bool s3cret", "s3cret"),
        ("!!int ''", ""),
        ("!!int x", "x"),
        ("!!float ''", ""),
        ("!!timestamp s3cret", "s3cret"),
        ("!!binary '='", "="),
        ("!!set {a, b}", {"a": None, "b": None}),
        ("!!omap [a]", ["a"]),
        ("!nobodys x", "x"),
        ("2024-99-99", "2024-99-99"),
        ("0x" + "f" * 5000, "0x" + "f" * 5000),
    ],
)
def test_no_tag_and_no_spelling_makes_a_value_anything_else(written, value):
    assert yaml_object("here", f"a: {written}\n".encode()) == {"a": value}


@pytest.mark.parametrize("number", ["1" + ":59" * 300_000, "9" * 1_000_000, "0x" + "f" * 1_000_000], ids=range(3))
def test_a_number_of_a_million_digits_is_a_text(number):
    start = time.monotonic()
    assert yaml_object("here", f"a: {number}\n".encode()) == {"a": number}
    assert time.monotonic() - start < 2


@pytest.mark.parametrize(
    "text",
    [
        "just a text",
        "- a\n- list\n",
        "a: b: c",
        "a: [1, 2",
        "a: {b: 1",
        "\ta: 1",
        "a: 'unbalanced",
        "? [complex, key]\n: x\n",
        "a: 1\n---\nb: 2\n",
        "a: *nobody\n",
        "a: &a [*a]\n",
        BOMB,
        MERGE_BOMB,
        "a: " + "[" * 100_000,
        "a: " + "{b: " * 100_000,
        "a: " + "[" * 40 + "]" * 40,
        "- " * 50_000,
        "a: [" + "b," * 500_000 + "]",
        "".join(f"{number}:\n" for number in range(100_000)),
        "\x00",
        "a: \x1b[2J",
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_what_is_no_sane_object_is_refused_at_once(text):
    start = time.monotonic()
    with pytest.raises(Malformed) as caught:
        yaml_object("here", text.encode())
    assert time.monotonic() - start < 2
    assert str(caught.value).isprintable()
    assert "complex" not in str(caught.value)


@pytest.mark.parametrize("text", [b"a: \xff\xfe\n", b"\xff\xfea\x00", b"a: \xed\xa0\x80\n"])
def test_what_is_not_utf_8_is_refused(text):
    with pytest.raises(Malformed):
        yaml_object("here", text)


def test_many_small_values_take_no_more_memory_than_a_small_machine_has():
    text = b"a: [" + b"b," * (500 << 10) + b"]"

    def read():
        with pytest.raises(Malformed, match="values"):
            yaml_object("here", text)

    assert peak_of(read) < 8 * len(text)


def test_the_parser_in_python_refuses_the_same(monkeypatch):
    yaml = pytest.importorskip("yaml")
    for name in ("CBaseLoader", "CSafeLoader"):
        monkeypatch.delattr(yaml, name, raising=False)
    for text in (BOMB, MERGE_BOMB, "a: " + "[" * 5000, "a: &a [*a]\n", 'a: "\\Uffffffff"'):
        with pytest.raises(Malformed):
            yaml_object("here", text.encode())
    assert yaml_object("here", b"a: 007\nb: ~\nc: !!bool x\n") == {"a": "007", "b": None, "c": "x"}


def test_without_pyyaml_json_is_read_and_yaml_is_an_error_that_says_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert yaml_object("here", b'{"a": "b"}') == {"a": "b"}
    assert yaml_object("here", b"\n") == {}
    with pytest.raises(Malformed, match="python3-yaml"):
        yaml_object("here", b"a: b\n")
