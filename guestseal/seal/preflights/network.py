"""A clone's network card gets an address

A clone has another MAC address than its template. Where the configuration names the
template's, it does not serve the clone's card; where it gives a fixed address, every
clone has the same one. One configuration that serves any Ethernet card by DHCP is enough.
Looked at is what starts at boot: systemd-networkd and NetworkManager, with what netplan
has made for them; ifupdown; wicked; dhcpcd; ifcfg files. A name such as eth0 or ens3
counts as any card's: clones on one platform have the same names.

Nothing is said where cloud-init writes the configuration of each clone, and where none of
these is in use.

Remedy: let one configuration match any Ethernet card and ask for its address by DHCP.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guestseal.guest import cloud_init, openrc, units
from guestseal.guest.facts import Guest
from guestseal.guest.tree import Tree
from guestseal.machine.host import Machine
from guestseal.seal.preflight import Concern, Preflight, runtime

_INTERFACES = "/etc/network/interfaces"
_NESTED = 8
_PROFILES = "/NetworkManager/system-connections"
_FIXED = "gives a fixed address"
_NO = ("no", "false", "off", "0")
_ETHERNET = re.compile(r"[*?\[]|e(\*|\?|\[|n|th)")  # the start of a pattern that an Ethernet card's name can match
_IFCFG = re.compile(r"^\s*([A-Z0-9_]+)=[\"']?([^\"'#\n]*)", re.MULTILINE)
_CLOUD_INIT_KEEPS_OUT = re.compile(r"^network:\s*\{?\s*config:\s*[\"']?disabled", re.MULTILINE)


@dataclass(frozen=True)
class _Configuration:
    """One configuration of an Ethernet card, and why it does not serve a clone's; empty: nothing speaks against it."""

    where: str
    why: str = ""


@dataclass(frozen=True)
class _File:
    """A file of the guest's, or of its /run, that is there and in use."""

    tree: Tree
    path: str
    directory: str

    @property
    def where(self) -> str:
        return f"{self.directory}/{self.path.rpartition('/')[2]}"

    def settings(self) -> _Settings:
        return _Settings(self.tree.read_text(self.path) or "" if self.tree.is_file(self.path) else "")


class _Settings:
    """A systemd.syntax(7) file or a keyfile: section and key in lower case, each with its values in order."""

    def __init__(self, text: str) -> None:
        self._values: dict[tuple[str, str], list[str]] = {}
        section = ""
        for line in text.split("\n"):
            key, equals, value = line.strip().partition("=")
            if key.startswith("[") and key.endswith("]") and not equals:
                section = key[1:-1].lower()
            elif equals and not key.startswith(("#", ";")):
                self._values.setdefault((section, key.strip().lower()), []).append(value.strip())

    def of(self, section: str, key: str) -> list[str]:
        return self._values.get((section, key), [])

    def last(self, section: str, key: str) -> str:
        return self.of(section, key)[-1] if self.of(section, key) else ""

    def words(self, section: str, key: str) -> list[str]:
        return " ".join(self.of(section, key)).split()

    def has(self, section: str) -> bool:
        return any(section == name for name, _ in self._values)


def _look(guest: Guest, _: Machine) -> Iterator[Concern]:
    tree = guest.tree
    if _cloud_init_configures(tree):
        return
    with runtime(guest) as run:
        named = list(_ifupdown(tree))
        # Debian's NetworkManager leaves alone what is in ifupdown's file.
        managed = list(_network_manager(tree, run, makes_profiles=not named))
        found = [*named, *managed, *_networkd(tree, run), *_wicked(tree), *_dhcpcd(tree)]
    if found and all(each.why for each in found):
        again = ", then `netplan generate`" if any(tree.glob("/etc/netplan/*.yaml")) else ""
        problems = "; ".join(f"{each.where} {each.why}" for each in found)
        yield Concern(
            f"a clone's network card would get no address of its own: {problems}",
            f"let one configuration match any Ethernet card, by a name as e* and no MAC address, with DHCP{again}",
        )


def _cloud_init_configures(tree: Tree) -> bool:
    paths = ("/etc/cloud/cloud.cfg", *tree.glob("/etc/cloud/cloud.cfg.d/*.cfg"))
    kept_out = any(_CLOUD_INIT_KEEPS_OUT.search(tree.read_text(path) or "") for path in paths)
    return cloud_init.enabled(tree) and not kept_out


def _configuration(where: str, *, card: str, fixed: bool) -> _Configuration:
    why = f"is for the card {card} alone" if card else _FIXED if fixed else ""
    return _Configuration(where, why)


def _ifupdown(tree: Tree) -> Iterator[_Configuration]:
    """interfaces(5): what ``auto`` and ``allow-hotplug`` start."""
    if not units.enabled(tree, "networking.service") and not openrc.starts(tree, "networking"):
        return
    if tree.is_file("/etc/network/cloud-ifupdown-helper"):
        yield _Configuration("Debian's cloud-ifupdown-helper")  # DHCP on whatever card udev finds
    methods = _started(_stanzas(tree, _INTERFACES))
    for name, given in sorted(methods.items()):
        fixed = "static" in given and "dhcp" not in given
        yield _Configuration(f"{_INTERFACES}, iface {name},", _FIXED if fixed else "")
    if not methods and tree.is_file(_INTERFACES):
        yield _Configuration(_INTERFACES, "starts no network card")


def _started(stanzas: Iterable[list[str]]) -> dict[str, set[str]]:
    """The cards that are started, with their methods: a card may have several."""
    started: set[str] = set()
    methods: dict[str, set[str]] = {}
    name = ""
    for words in stanzas:
        if words[0] == "auto" or words[0].startswith("allow-"):
            started.update(words[1:])
        elif words[0] == "iface" and len(words) > 1:
            name = words[1]
            methods.setdefault(name, set()).update(words[2:])
        elif words[:2] == ["use", "dhcp"]:  # ifupdown-ng
            methods.setdefault(name, set()).add("dhcp")
    by_pattern = any(word.startswith("/") for word in started)
    return {each: given for each, given in methods.items() if each != "lo" and (by_pattern or each in started)}


def _stanzas(tree: Tree, path: str, depth: int = 0) -> Iterator[list[str]]:
    if depth > _NESTED or not tree.is_file(path):
        return
    for line in (tree.read_text(path) or "").replace("\\\n", " ").split("\n"):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] in ("source", "source-directory") and len(words) > 1:
            place = words[1] if words[1].startswith("/") else f"/etc/network/{words[1]}"
            for included in tree.glob(place if words[0] == "source" else f"{place}/*"):
                yield from _stanzas(tree, included, depth + 1)
        else:
            yield words


def _networkd(tree: Tree, run: Tree | None) -> Iterator[_Configuration]:
    """systemd.network(5): the files for Ethernet cards."""
    files = _files("/systemd/network", tree, run, vendor=("/usr/lib", "/usr/local/lib"))
    # netplan's generator starts networkd for the files it makes, whether it is enabled or not.
    made = any("10-netplan-" in file.path for file in files)
    if not made and not units.enabled(tree, "systemd-networkd.service"):
        return
    found = False
    for file in files:
        settings = file.settings()
        if file.path.endswith(".network") and _is_for_ethernet(settings):
            found = True
            card = settings.words("match", "macaddress") + settings.words("match", "permanentmacaddress")
            # One without DHCP and address is a bridge's port, or takes router advertisements.
            fixed = settings.of("network", "address") or settings.of("address", "address")
            asks = settings.last("network", "dhcp").lower() not in ("", *_NO)
            yield _configuration(file.where, card=" ".join(card), fixed=bool(fixed) and not asks)
    if not found:
        yield _Configuration("/etc/systemd/network", "has no file for an Ethernet card")


def _is_for_ethernet(settings: _Settings) -> bool:
    if not settings.has("match") or settings.of("match", "kind"):
        return False  # without [Match] it is ignored; a kind is that of a virtual device
    names, types = settings.words("match", "name"), settings.words("match", "type")
    named = not names or names[0].startswith("!") or any(_ETHERNET.match(name) for name in names)
    return named and (not types or types[0].startswith("!") or "ether" in types)


def _network_manager(tree: Tree, run: Tree | None, *, makes_profiles: bool) -> Iterator[_Configuration]:
    """NetworkManager.conf(5) and its profiles, those in ifcfg files included."""
    if not units.enabled(tree, "NetworkManager.service") and not openrc.starts(tree, "networkmanager"):
        return
    automatic, managed = _manages(tree, run)
    if not managed:
        return
    profiles = [*_keyfiles(tree, run), *_ifcfg(tree, "/etc/sysconfig/network-scripts/ifcfg-*")]
    yield from profiles
    if not automatic and not profiles:
        yield _Configuration("NetworkManager", "has no profile, and no-auto-default=* keeps it from making one")
    if automatic and makes_profiles and not any(profile.why == _FIXED for profile in profiles):
        yield _Configuration("NetworkManager")  # a card without a profile gets one, with DHCP


def _manages(tree: Tree, run: Tree | None) -> tuple[bool, bool]:
    """Whether NetworkManager makes profiles itself, and whether it cares for Ethernet cards at all."""
    automatic = managed = True
    files = _files("/NetworkManager/conf.d", tree, run)
    main = _File(tree, "/etc/NetworkManager/NetworkManager.conf", "/etc/NetworkManager")
    for file in sorted((main, *files), key=lambda file: (file.directory.startswith("/etc"), file is not main)):
        settings = file.settings()
        for value in settings.of("main", "no-auto-default"):
            automatic = "*" not in re.split(r"[,;\s]+", value)
        for value in settings.of("keyfile", "unmanaged-devices"):  # Ubuntu's server: all but wireless ones
            managed = not value.startswith(("*", "type:ethernet")) or "except:type:ethernet" in value
    return automatic, managed


def _keyfiles(tree: Tree, run: Tree | None) -> Iterator[_Configuration]:
    for file in _files(_PROFILES, tree, run):
        settings = file.settings()
        ethernet = settings.last("connection", "type") in ("ethernet", "802-3-ethernet")
        if ethernet and settings.last("connection", "autoconnect").lower() not in _NO:
            card = settings.words("ethernet", "mac-address") + settings.words("802-3-ethernet", "mac-address")
            yield _configuration(file.where, card=" ".join(card), fixed=settings.last("ipv4", "method") == "manual")


def _wicked(tree: Tree) -> Iterator[_Configuration]:
    """ifcfg(5) of SUSE."""
    if units.enabled(tree, "wicked.service") or units.enabled(tree, "wickedd.service"):
        found = list(_ifcfg(tree, "/etc/sysconfig/network/ifcfg-*"))
        yield from found or [_Configuration("/etc/sysconfig/network", "has no ifcfg file that starts a card")]


def _ifcfg(tree: Tree, pattern: str) -> Iterator[_Configuration]:
    for path in tree.glob(pattern):
        name = path.rpartition("ifcfg-")[2]
        if name == "lo" or not re.fullmatch(r"[\w-]+", name) or not tree.is_file(path):
            continue  # lo, and what editors and rpm leave
        values = {key: value.strip().lower() for key, value in _IFCFG.findall(tree.read_text(path) or "")}
        idle = values.get("ONBOOT") in _NO or values.get("STARTMODE") in ("off", "manual")
        if idle or values.get("TYPE", "ethernet") != "ethernet" or "WIRELESS" in values:
            continue
        fixed = not values.get("BOOTPROTO", "").startswith("dhcp") and any(key.startswith("IPADDR") for key in values)
        yield _configuration(path, card=values.get("HWADDR", ""), fixed=fixed)


def _dhcpcd(tree: Tree) -> Iterator[_Configuration]:
    """dhcpcd(8) asks on every card it finds, or on the one it is started for."""
    alone = any(tree.glob("/etc/systemd/system/*.wants/dhcpcd@*.service"))
    if alone or units.enabled(tree, "dhcpcd.service") or openrc.starts(tree, "dhcpcd"):
        yield _Configuration("dhcpcd")


def _files(below: str, tree: Tree, run: Tree | None, *, vendor: tuple[str, ...] = ("/usr/lib",)) -> list[_File]:
    """The files of a configuration by name: one in /run takes the place of the vendor's, one in /etc of both."""
    places = [(tree, f"{top}{below}", f"{top}{below}") for top in vendor]
    if run is not None:
        places.append((run, below, f"/run{below}"))
    places.append((tree, f"/etc{below}", f"/etc{below}"))
    found = {
        name: _File(place, f"{inside}/{name}", shown) for place, inside, shown in places for name in place.names(inside)
    }
    return [found[name] for name in sorted(found)]


PREFLIGHT = Preflight(_look)
