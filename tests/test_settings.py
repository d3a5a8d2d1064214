"""Settings: files merge key by key, and a wrong key or value is named with its remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from guestseal.errors import UsageError
from guestseal.guest.tree import Tree
from guestseal.settings import Settings, load, merge, rows


def _write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_an_empty_guest_has_the_defaults(tmp_path: Path) -> None:
    with Tree(str(tmp_path)) as tree:
        assert load(tree) == Settings()


def test_later_files_win_key_by_key_and_origin_says_which(tmp_path: Path) -> None:
    _write(tmp_path, "usr/lib/guestseal/guestseal.conf.d/10-vendor.conf", "[firstboot]\nbudget=20\naccount=cloud\n")
    _write(tmp_path, "etc/guestseal/guestseal.conf", "[firstboot]\nbudget = 25\n")
    _write(tmp_path, "etc/guestseal/guestseal.conf.d/90-site.conf", "[seal]\nroot-password = lock\n")
    with Tree(str(tmp_path)) as tree:
        settings = load(tree, options={"root_password": "keep"})
    assert (settings.budget, settings.account, settings.root_password) == (25.0, "cloud", "keep")
    assert settings.origin_of("budget") == "/etc/guestseal/guestseal.conf"
    assert settings.origin_of("account") == "/usr/lib/guestseal/guestseal.conf.d/10-vendor.conf"
    assert settings.origin_of("root_password") == "option"
    assert settings.origin_of("operations") == "default"


def test_a_guests_link_names_no_file_of_this_machine(tmp_path: Path) -> None:
    outside = tmp_path / "outside.conf"
    outside.write_text("[firstboot]\nbudget = 1\n")
    (tmp_path / "guest/etc/guestseal").mkdir(parents=True)
    (tmp_path / "guest/etc/guestseal/guestseal.conf").symlink_to(outside)
    with Tree(str(tmp_path / "guest")) as tree:
        assert load(tree).budget == Settings().budget


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[firstboot]\nbugdet = 3\n",
            "x.conf: unknown setting bugdet in [firstboot]; did you mean budget in [firstboot]?",
        ),
        ("[seal]\nsources = ec2\n", "x.conf: unknown setting sources in [seal]; sources belongs in [firstboot]"),
        ("[firstboot]\nbudget = soon\n", "x.conf: [firstboot] budget = soon: it takes seconds, more than 0"),
        ("[firstboot]\nretry-for = ever\n", "x.conf: [firstboot] retry-for = ever: it takes seconds, from 0"),
        ("[cloudstack]\npassword-ports = http\n", "it takes port numbers from 1 to 65535"),
        ("[firstboot]\nbudget = 0\n", "x.conf: [firstboot] budget = 0: it takes seconds, more than 0"),
        ("[seal]\nroot-password = none\n", "x.conf: [seal] root-password = none: it takes one of expire, lock, keep"),
        ("[seal]\nlift-immutable = maybe\n", "it takes yes or no"),
        ("[check]\naccept = /etc/app/[]\n", "it takes paths or patterns below a named directory"),
        ("[check]\naccept = /etc/app/[z-a]\n", "it takes paths or patterns below a named directory"),
        ("[cloudstack]\npassword-ports = 0\n", "it takes port numbers from 1 to 65535"),
        ("budget = 3\n", "x.conf, line 1: a [section] has to stand before the first setting"),
        ("[seal]\n\noperations\n", "x.conf, line 3: neither a [section] nor key = value"),
        ("[seal]\noperations = a\noperations = b\n", "x.conf, line 3: operations is set twice in [seal]"),
        ("[seal]\n[firstboot]\n[seal]\n", "x.conf, line 3: [seal] begins twice"),
    ],
)
def test_a_wrong_file_is_refused_naming_file_key_and_remedy(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        merge(Settings(), text, "x.conf")
    assert message in str(caught.value)


def test_a_config_file_that_is_missing_is_a_usage_error(tmp_path: Path) -> None:
    with Tree(str(tmp_path)) as tree, pytest.raises(UsageError, match="nothing.conf"):
        load(tree, extra=str(tmp_path / "nothing.conf"))


def test_every_setting_is_documented_and_its_default_is_a_value_it_takes() -> None:
    for row in rows():
        assert row.help.endswith("."), row.name
        shown = " ".join(map(str, row.default)) if isinstance(row.default, tuple) else str(row.default)
        if shown:
            assert row.parse("no" if row.default is False else shown) == row.default


def test_what_was_set_can_be_handed_over_and_gives_the_same_again(tmp_path: Path) -> None:
    everything = (
        "[seal]\noperations = defaults, -logs\nroot-password = keep\nuser-passwords = lock\nremove-users = kim lee\n"
        "lift-immutable = yes\n[firstboot]\nbudget = 2.5\nretry-for = 86400\nendpoints = ec2=http://127.0.0.1:1\n"
        "grow-root = no\n[cloudstack]\nmetadata-ports = 80 8080\n"
    )
    _write(tmp_path, "calling-machine.conf", everything)
    with Tree(str(tmp_path)) as tree:
        settings = load(tree, extra=str(tmp_path / "calling-machine.conf"), options={"root_password": "lock"})
        handed_over = settings.set_values
        again = load(tree, options=handed_over)
    assert handed_over["root_password"] == "lock"
    assert "account" not in handed_over
    assert again == settings != Settings()
