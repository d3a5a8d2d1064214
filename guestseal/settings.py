"""Settings: one row is the attribute, the INI key, the default, the check and the manual entry.

Read in this order, later files winning key by key, as systemd's configuration is:

    /usr/lib/guestseal/guestseal.conf.d/*.conf  the distribution's
    /etc/guestseal/guestseal.conf               the administrator's
    /etc/guestseal/guestseal.conf.d/*.conf      the same, in pieces
    --config FILE                               from the calling machine
    options                                     of this one run

The files of a guest are read through its tree, so a guest's configuration can name
nothing outside it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from guestseal.errors import UsageError, printable
from guestseal.guest.tree import Tree

if TYPE_CHECKING:
    import configparser

FILES = (
    "/usr/lib/guestseal/guestseal.conf.d/*.conf",
    "/etc/guestseal/guestseal.conf",
    "/etc/guestseal/guestseal.conf.d/*.conf",
)
DEFAULT = "default"
OPTION = "option"
"""The origin of what the command line set."""


def _text(value: str) -> str:
    return value


def _words(value: str) -> tuple[str, ...]:
    return tuple(value.replace(",", " ").split())


def _selection(value: str) -> str:
    return ",".join(_words(value))


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return math.nan  # which lies within no limits


def _seconds(value: str) -> float:
    number = _number(value)
    if not 0 < number <= 3600:
        raise ValueError("seconds, more than 0 and at most 3600")
    return number


def _switch(value: str) -> bool:
    known = {"yes": True, "true": True, "on": True, "1": True, "no": False, "false": False, "off": False, "0": False}
    if value.lower() not in known:
        raise ValueError("yes or no")
    return known[value.lower()]


def _duration(value: str) -> float:
    number = _number(value)
    if not 0 <= number <= 86400:
        raise ValueError("seconds, from 0 to 86400")
    return number


def _account_names(value: str) -> tuple[str, ...]:
    names = _words(value)
    # useradd(8) allows more than POSIX does, but nothing that leads to another path.
    if not all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.@-]*[$]?", name) and len(name) <= 256 for name in names):
        raise ValueError("names of accounts")
    return names


def _endpoints(value: str) -> tuple[tuple[str, str], ...]:
    found = [tuple(word.partition("=")[::2]) for word in _words(value)]
    if not all(source and url for source, url in found):
        raise ValueError("words of the form source=http://HOST[:PORT]")
    return tuple(found)  # type: ignore[arg-type]


def _ports(value: str) -> tuple[int, ...]:
    ports = tuple(int(word) if word.isdecimal() else 0 for word in _words(value))
    if not ports or not all(0 < port < 65536 for port in ports):
        raise ValueError("port numbers from 1 to 65535")
    return ports


def _places(value: str) -> tuple[str, ...]:
    from guestseal.guest.patterns import is_pattern

    places = tuple(_words(value))
    if not all(re.match(r"/[^/*?\[]+/", place) and is_pattern(place) for place in places):
        raise ValueError("paths or patterns below a named directory, such as /etc/app/*.key")
    return places


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in choices:
            raise ValueError(f"one of {', '.join(choices)}")
        return value

    return parse


def _row(section: str, parse: Callable[[str], Any], default: Any, help: str) -> Any:
    """A setting: ``parse`` raises ValueError with the values it takes."""
    return field(default=default, metadata={"section": section, "parse": parse, "help": help})


@dataclass(frozen=True)
class Settings:
    """Every setting, with its value. ``origin`` names the file that set a key; see ``origin_of``."""

    operations: str = _row(
        "seal", _text, "defaults", "Operations to seal with: names, `defaults`, `all`, `-name` to leave one out."
    )
    root_password: str = _row(
        "seal",
        _one_of("expire", "lock", "keep"),
        "expire",
        "What happens to root's password: `expire` (a new one must be set at the first login with it), "
        "`lock` (no password login), or `keep`.",
    )
    user_passwords: str = _row(
        "seal",
        _one_of("keep", "lock"),
        "keep",
        "What happens to the passwords of people's other accounts: `keep` (they are reported), or `lock`.",
    )
    remove_users: tuple[str, ...] = _row(
        "seal", _account_names, (), "Accounts to remove with their home directories: names, never root's."
    )
    lift_immutable: bool = _row(
        "seal", _switch, False, "Take chattr's +i and +a away where they protect what must go, and put them back."
    )
    accept: tuple[str, ...] = _row(
        "check",
        _places,
        (),
        "Paths or patterns that `guestseal check` leaves out when it searches for what is left of the machine, and "
        "for secrets: what every clone shares on purpose. How many it left out is told.",
    )
    sources: str = _row(
        "firstboot",
        _selection,
        "defaults",
        "Sources of metadata to ask: names, `defaults`, `all`, `-name` to leave one out. Those that read disks or "
        "the firmware (azure-iso, config-drive, nocloud, opennebula, vmware) are asked only where this names them.",
    )
    endpoints: tuple[tuple[str, str], ...] = _row(
        "firstboot",
        _endpoints,
        (),
        "Where the services of sources are, in place of where they usually are: `source=http://HOST[:PORT]` each. "
        "`azure-wireserver` is the one that is told that a machine on Azure is ready.",
    )
    budget: float = _row("firstboot", _seconds, 30.0, "Seconds that a clone's first boot spends on metadata at most.")
    later_budget: float = _row("firstboot", _seconds, 10.0, "The same for every boot after that.")
    retry_for: float = _row(
        "firstboot",
        _duration,
        3600.0,
        "Seconds for which a boot that got no answer goes on asking in the background; 0: not at all.",
    )
    account: str = _row("firstboot", _text, "root", "The account that gets the platform's SSH keys and password.")
    keys_without_password: str = _row(
        "firstboot",
        _one_of("disable", "keep"),
        "disable",
        "A clone that gets SSH keys and no password: `disable` the template's password, which every clone "
        "shares, and its expiry, which would stop key logins; or `keep` both.",
    )
    require_identity_match: bool = _row(
        "firstboot", _switch, False, "Believe only metadata whose instance-id is this machine's DMI system UUID."
    )
    user_data: str = _row(
        "firstboot",
        _one_of("ignore", "keep", "run"),
        "ignore",
        "The platform's user data: `ignore` it, `keep` it in /var/lib/guestseal/user-data, or `run` it as well, once "
        "per instance, when it is a script (`#!`).",
    )
    grow_root: bool = _row(
        "firstboot", _switch, True, "Grow the root partition and its filesystem to the end of the disk at every boot."
    )
    network: str = _row(
        "firstboot",
        _one_of("auto", "always", "never"),
        "auto",
        "Static addresses that the platform gives: written where no interface gets an address without (`auto`), "
        "`always`, or `never`.",
    )
    unsealed_clone: str = _row(
        "firstboot",
        _one_of("warn", "personalise"),
        "warn",
        "A machine that runs on other hardware than before and was never sealed: `warn`, or `personalise` it as if "
        "its template had been.",
    )
    ec2_token: str = _row(
        "ec2",
        _one_of("prefer", "require"),
        "prefer",
        "`require` a session token (IMDSv2), or `prefer` one and ask without where the service has none.",
    )
    routers: tuple[str, ...] = _row(
        "cloudstack", _words, (), "Addresses of the virtual router, before those that are discovered."
    )
    metadata_ports: tuple[int, ...] = _row("cloudstack", _ports, (80,), "Ports of the virtual router's metadata.")
    password_ports: tuple[int, ...] = _row(
        "cloudstack", _ports, (8080,), "Ports of the password server of the virtual router, or of Exoscale."
    )
    origin: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def wants_user_data(self) -> bool:
        """Whether user-data is fetched at all."""
        return self.user_data != "ignore"

    def origin_of(self, name: str) -> str:
        """The file that set the attribute ``name``, or "default"."""
        return self.origin.get(name, DEFAULT)

    @property
    def set_values(self) -> dict[str, str]:
        """Every value that something has set: as ``options`` they give ``load`` the same settings again."""
        return {name: shown(getattr(self, name)) for name in self.origin}


@dataclass(frozen=True)
class Row:
    """One setting, as manuals and configuration files name it."""

    name: str
    section: str
    key: str
    default: Any
    help: str
    parse: Callable[[str], Any]


def rows() -> list[Row]:
    """Every setting, in the order of its declaration."""
    return [
        Row(item.name, m["section"], item.name.replace("_", "-"), item.default, m["help"], m["parse"])
        for item in fields(Settings)
        for m in [item.metadata]
        if "section" in m
    ]


def shown(value: object) -> str:
    """A value as it stands in a configuration file."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return " ".join("=".join(part) if isinstance(part, tuple) else str(part) for part in value)
    return str(value)


def load(tree: Tree, *, extra: str | None = None, options: Mapping[str, str] | None = None) -> Settings:
    """The settings of a guest, then those of the file ``extra`` of this machine, then ``options``.

    Raises UsageError naming file, section and key, with what the key takes.
    """
    settings = Settings()
    for pattern in FILES:
        for path in tree.glob(pattern):
            settings = merge(settings, tree.read_text(path) or "", path)
    if extra is not None:
        try:
            with open(extra, encoding="utf-8") as file:
                text = file.read()
        except OSError as error:
            raise UsageError(f"{extra}: not read: {error.strerror}; --config takes an INI file") from error
        except UnicodeDecodeError as error:
            raise UsageError(f"{extra}: not read: it is not UTF-8; --config takes an INI file") from error
        settings = merge(settings, text, extra)
    by_name = {row.name: row for row in rows()}
    for name, value in (options or {}).items():
        settings = _with(settings, by_name[name], value, OPTION)
    return settings


def merge(settings: Settings, text: str, origin: str) -> Settings:
    """``settings`` with the keys of one INI file in place. Raises UsageError as ``load`` does."""
    import configparser

    parser = configparser.ConfigParser(interpolation=None, strict=True, default_section="")
    try:
        parser.read_string(text, origin)
    except configparser.Error as error:
        line, why = why_not_ini(error)
        raise UsageError(f"{origin}, line {line}: {why}") from error
    known = {(row.section, row.key): row for row in rows()}
    for section in parser.sections():
        for key, value in parser.items(section):
            row = known.get((section, key))
            if row is None:
                raise UsageError(f"{origin}: unknown setting {key} in [{section}]{_nearest(section, key, known)}")
            settings = _with(settings, row, value, origin)
    return settings


def why_not_ini(error: configparser.Error) -> tuple[int, str]:
    """The line, and what is wrong there, of a file that could not be read as INI. It quotes names only."""
    import configparser

    if isinstance(error, configparser.MissingSectionHeaderError):
        return error.lineno, "a [section] has to stand before the first setting"
    if isinstance(error, configparser.ParsingError):
        return error.errors[0][0], "neither a [section] nor key = value"
    if isinstance(error, configparser.DuplicateOptionError):
        return error.lineno or 1, f"{printable(error.option)} is set twice in [{printable(error.section)}]"
    if isinstance(error, configparser.DuplicateSectionError):
        return error.lineno or 1, f"[{printable(error.section)}] begins twice"
    return 1, "not read as an INI file"


def _with(settings: Settings, row: Row, value: str, origin: str) -> Settings:
    try:
        parsed = row.parse(value.strip())
    except ValueError as error:
        raise UsageError(f"{origin}: [{row.section}] {row.key} = {value}: it takes {error}") from error
    return replace(settings, **{row.name: parsed}, origin={**settings.origin, row.name: origin})


def _nearest(section: str, key: str, known: Mapping[tuple[str, str], Row]) -> str:
    import difflib

    elsewhere = [known_section for known_section, known_key in known if known_key == key]
    if elsewhere:
        return f"; {key} belongs in [{elsewhere[0]}]"
    names = {f"{known_section}.{known_key}": (known_section, known_key) for known_section, known_key in known}
    near = difflib.get_close_matches(f"{section}.{key}", list(names), n=1)
    if not near:
        return ""
    return "; did you mean {1} in [{0}]?".format(*names[near[0]])
