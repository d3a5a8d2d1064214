"""What the shells complete: every command, option and value, for bash, zsh and fish."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from pathlib import Path

from command_line import Command, Option, commands, common_options, main_options

from guestseal.catalog import Item, discover, names
from guestseal.check import readiness
from guestseal.check.profile import PACKAGE as PROFILES
from guestseal.examination import SECTIONS
from guestseal.seal.operation import Operation, Profile

TEMPLATES = Path(__file__).resolve().parent
SETS = {
    "defaults": "What is done unless the configuration says otherwise",
    "all": "Every operation",
    Profile.PUBLIC.value: "What an image that everybody may read needs",
    Profile.PRIVATE.value: "What a template of one's own needs",
}

FILES, DIRECTORIES, OPERATIONS = "files", "directories", "operations"
_METAVARS = {"FILE": FILES, "DIR": DIRECTORIES, "LIST": OPERATIONS}
"""What stands for the values that are looked up; a value that stands under another name is free text."""


def completions() -> dict[str, str]:
    """Every file by its name. fish looks for a file by the name of each command."""
    return {
        "guestseal.bash": _fill("completion.bash.in", _bash()),
        "_guestseal": _fill("completion.zsh.in", _zsh()),
        "guestseal.fish": _fill("completion.fish.in", _fish()),
        "seal.fish": "complete -c seal -w 'guestseal seal'\n",
    }


def _fill(template: str, parts: dict[str, str]) -> str:
    return re.sub(r"@([a-z-]+)@", lambda found: parts[found[1]], (TEMPLATES / template).read_text("utf-8"))


def _operations() -> dict[str, str]:
    """The names that a selection takes, each with what it is."""
    found: dict[str, Item[Operation]] = discover("guestseal.seal.operations", "OPERATION", Operation)
    return {**SETS, **{name: item.heading for name, item in found.items()}}


def _names(options: Iterable[Option]) -> list[str]:
    return [name for option in options for name in option.names]


def _with_value() -> list[str]:
    """The names of all options that a value follows."""
    every = [*common_options(), *(option for command in commands() for option in command.options)]
    return sorted({name for option in every if option.value is not None for name in option.names})


def _words(option: Option) -> tuple[str, ...]:
    """The values that are offered: those it takes, or the names that it takes among others."""
    catalogs = {"--profile": names(PROFILES), "--checks": names(readiness.PACKAGE), "--only": SECTIONS}
    return option.words or tuple(catalogs.get(option.names[-1] if option.names else "", ()))


def _bash() -> dict[str, str]:
    common = common_options()
    values = [_bash_value(f'*" {name}"', option) for option in common for name in option.names if option.value]
    values += [
        _bash_value(f'"{command.name} {name}"', option)
        for command in commands()
        for option in command.options
        for name in option.names
        if option.value
    ]
    taken = [f"{command.name}) options='{' '.join(_names((*command.options, *common)))}' ;;" for command in commands()]
    taken.append(f"'') options='{' '.join(_names((*common, *main_options())))}' ;;")
    words = " ".join(command.name for command in commands())
    alone = [f"{c.name}) {_bash_action(argument)} ;;" for c in commands() for argument in c.arguments]
    return {
        "with-value": " | ".join(_with_value()),
        "values": _lines(8, values),
        "options": _lines(8, taken),
        "arguments": _lines(8, [f"'') _guestseal_words {words} ;;", *alone]),
        "operations": " ".join(_operations()),
    }


def _bash_value(pattern: str, option: Option) -> str:
    # A value is never an option, whatever it begins with: nothing else is offered in its place.
    return f"{pattern}) {_bash_action(option)}; return ;;"


def _bash_action(option: Option) -> str:
    if _words(option):
        return f"_guestseal_words {' '.join(_words(option))}"
    kind = _METAVARS.get(option.value or "")
    return f"_guestseal_{kind}" if kind else ":"


def _zsh() -> dict[str, str]:
    cases = []
    for command in commands():
        specs = [*map(_zsh_option, command.options), *map(_zsh_argument, command.arguments)]
        cases.append(" \\\n      ".join([f"{command.name}) _arguments $common", *specs]) + " && result=0 ;;")
    return {
        "commands": _lines(4, [shlex.quote(f"{c.name}:{_zsh_text(c.heading)}") for c in commands()]),
        "operations": _lines(4, [shlex.quote(f"{name}:{_zsh_text(text)}") for name, text in _operations().items()]),
        "common": _lines(4, map(_zsh_option, common_options())),
        "main": " ".join(map(_zsh_option, main_options())),
        "cases": _lines(4, cases),
    }


def _zsh_option(option: Option) -> str:
    """The specification of one option: both names exclude each other, unless it may be repeated."""
    repeated = option.names[-1] in ("--verbose", "--quiet")
    excluded = "*" if repeated else f"({' '.join(option.names)})"
    names = "{" + ",".join(option.names) + "}" if len(option.names) > 1 else option.names[0]
    names += "=" if option.value else ""  # the value is the next word or stands behind a "="
    value = f":{option.value}:{_zsh_action(option)}" if option.value else ""
    return f"'{excluded}'{names}" + shlex.quote(f"[{_zsh_text(option.help)}]{value}")


def _zsh_argument(argument: Option) -> str:
    return shlex.quote(f":{_zsh_text(argument.value or '')}:{_zsh_action(argument)}")


def _zsh_action(option: Option) -> str:
    if _words(option):
        return f"({' '.join(_words(option))})"
    actions = {FILES: "_files", DIRECTORIES: "_files -/", OPERATIONS: "_guestseal_operations"}
    return actions.get(_METAVARS.get(option.value or "", ""), " ")


def _zsh_text(text: str) -> str:
    return re.sub(r"([\[\]:\\])", r"\\\1", text.rstrip("."))


def _fish() -> dict[str, str]:
    none = "-n '__guestseal_is \"\"'"
    lines = [f"complete -c guestseal {none} -a {c.name} -d {_fish_text(c.heading)}" for c in commands()]
    lines += [_fish_option(option) for option in common_options()]
    lines += [_fish_option(option, f" {none}") for option in main_options()]
    lines += [line for command in commands() for line in _fish_command(command)]
    return {
        "with-value": " ".join(_with_value()),
        "operations": " ".join(_operations()),
        "lines": "\n".join(lines),
    }


def _fish_command(command: Command) -> list[str]:
    only = f" -n '__guestseal_is {command.name}'"
    alone = [f"complete -c guestseal{only}{_fish_action(argument)}" for argument in command.arguments]
    return [*(_fish_option(option, only) for option in command.options), *alone]


def _fish_option(option: Option, only: str = "") -> str:
    names = "".join(f" -l {name[2:]}" if name.startswith("--") else f" -s {name[1:]}" for name in option.names)
    follows = " -r" if option.value else ""
    return f"complete -c guestseal{only}{names}{follows}{_fish_action(option)} -d {_fish_text(option.help)}"


def _fish_action(option: Option) -> str:
    if _words(option):
        return f" -f -a {_fish_text(' '.join(_words(option)))}"
    actions = {
        FILES: " -F",
        DIRECTORIES: " -f -a '(__fish_complete_directories)'",
        OPERATIONS: " -f -a '(__guestseal_operations)'",
    }
    return actions.get(_METAVARS.get(option.value or "", ""), " -f" if option.value else "")


def _fish_text(text: str) -> str:
    return "'" + re.sub(r"(['\\])", r"\\\1", text.rstrip(".")) + "'"


def _lines(indent: int, lines: Iterable[str]) -> str:
    return "\n".join(" " * indent + line for line in lines)
