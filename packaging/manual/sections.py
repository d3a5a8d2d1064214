"""The parts of the pages that are made from the code: commands, catalogs, settings, exit statuses, events."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from command_line import Command, Option, commands, common_options, main_options
from markup import entry, inline, italic, joined, prose, sentence, strong, subsection

from guestseal import cli, settings
from guestseal.catalog import Item, discover
from guestseal.cli.list import CATALOGS, is_default
from guestseal.seal.preflight import preflights
from guestseal.seal.site_rules import MANUAL

FEW = 6
"""More values than these are listed below an option, and not behind it."""
EVENTS = Path(__file__).resolve().parents[2] / "systemd/guestseal.catalog"


def common() -> str:
    """The options that every command takes, then those that go without one."""
    return "".join(map(_option, (*common_options(), *main_options())))


def every_command() -> str:
    """A part for every command: how it is called, what it does, its options."""
    return "".join(map(_command, commands()))


def _command(command: Command) -> str:
    call = [strong(f"guestseal {command.name}"), *map(_in_synopsis, (*command.options, *command.arguments))]
    arguments = [_option(argument) for argument in command.arguments if argument.help]
    return "".join(
        (
            subsection(command.name),
            " ".join(call) + "\n\n",
            prose(command.heading),
            prose(command.manual),
            *map(_option, command.options),
            *arguments,
        )
    )


def _in_synopsis(option: Option) -> str:
    name = strong(option.names[0]) if option.names else ""
    value = "" if option.value is None else italic(_value(option))
    text = " ".join(filter(None, (name, value)))
    return text if option.required else f"[{text}]"


def _option(option: Option) -> str:
    value = "" if option.value is None else italic(_value(option))
    words = prose(f"One of {', '.join(option.words)}.") if len(option.words) > FEW else ""
    return entry(f"{joined(option.names)} {value}".strip(), sentence(option.help), words)


def _value(option: Option) -> str:
    return (option.names or ("argument",))[0].lstrip("-").upper() if len(option.words) > FEW else option.value or ""


def catalog(what: str) -> str:
    """Every item of a catalog: name, remark, heading, manual."""
    packages, attribute, kind = CATALOGS[what]
    items: dict[str, Item[Any]] = {}
    for package in packages:
        items |= discover(package, attribute, kind)
    return _items(items)


def site_rules() -> str:
    """How a site writes operations of its own, in words of the module that reads them."""
    return prose(MANUAL)


def _remark(item: Item[Any]) -> str:
    """What a list shows of an item in one word or two: the kind of an operation, how often a step runs."""
    kind = getattr(item.value, "kind", None) or getattr(item.value, "when", None)
    words = ([kind.value] if kind else []) + ([] if is_default(item) else ["on request"])
    profiles = getattr(item.value, "profiles", None)
    words += [f"in {getattr(profile, 'value', profile)}" for profile in profiles or ()]
    return f" ({italic(', '.join(words))})" if words else ""


def before_a_seal() -> str:
    """Every check of the preflight."""
    return _items(preflights())


def _items(items: Mapping[str, Item[Any]]) -> str:
    return "".join(
        entry(strong(name) + _remark(item), prose(f"{item.heading}."), prose(item.manual))
        for name, item in items.items()
    )


def files_of_settings() -> str:
    """Where settings come from, in words of the module that reads them."""
    return prose((settings.__doc__ or "").partition("\n")[2])


def every_setting() -> str:
    """A part for every section of the configuration file."""
    pieces, section = [], ""
    for row in settings.rows():
        if row.section != section:
            section = row.section
            pieces.append(subsection(f"[{section}]"))
        default = inline(f"Default: `{settings.shown(row.default)}`." if row.default != () else "Default: none.")
        pieces.append(entry(f"**{row.key}**\\ =", prose(row.help), default))
    return "".join(pieces)


def exit_statuses() -> str:
    """The table in the docstring of guestseal.cli."""
    lines = re.findall(r"^    (\d+) +(.+)$", cli.__doc__ or "", re.MULTILINE)
    return "".join(entry(strong(number), sentence(text)) for number, text in lines)


def events() -> str:
    """The journal's events: subject, message id and explanation, from the journal's own catalog."""
    pieces = []
    for message_id, block in re.findall(r"^-- ([0-9a-f]{32})\n(.*?)(?=^-- |\Z)", EVENTS.read_text(), re.M | re.S):
        fields, _, text = block.partition("\n\n")
        (subject,) = re.findall(r"^Subject: (.+)$", fields, re.MULTILINE)
        name = inline(re.sub(r"@GUESTSEAL_(\w+)@", lambda found: found[1], subject))
        text = re.sub(r"@(GUESTSEAL_\w+)@", r"`\1`", text)
        pieces.append(entry(name, inline(f"`MESSAGE_ID={message_id}`") + "\n\n", prose(text)))
    return "".join(pieces)
