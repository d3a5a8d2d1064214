"""systemd units as files: what the guest's own systemd will read at its next boot.

Only what is on the guest's disk, by systemd.unit(5): no generators and nothing of /run.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.tree import Tree

DIRECTORIES = (  # systemd.unit(5), the first one that has a unit counts
    "/etc/systemd/system",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",  # Debian before the merged /usr
)


def runs_systemd(tree: Tree) -> bool:
    """Whether the guest's init is systemd: where /sbin/init is something else, systemd is not."""
    init = tree.resolve("/sbin/init")
    if init is not None:
        return init.endswith("/systemd/systemd")
    return any(tree.is_file(f"{directory}/systemd/systemd") for directory in ("/usr/lib", "/lib"))


def fragment(tree: Tree, name: str) -> str | None:
    """The path of the unit's own file; None: there is none, or it is masked.

    An instance (a@b.service) has its template's file unless it has one of its own.
    """
    for candidate in _names(name):
        for directory in DIRECTORIES:
            path = f"{directory}/{candidate}"
            if tree.lstat(path) is not None:
                return path if tree.is_file(path) else None  # a link to /dev/null masks
    return None


def settings(tree: Tree, name: str, *, before: str = "\uffff") -> dict[str, list[str]]:
    """The unit's settings from its file and drop-ins, sections put together; empty when there is no unit.

    ``before``: only the drop-ins that come before one of that name.
    """
    path = fragment(tree, name)
    if path is None:
        return {}
    found: dict[str, list[str]] = {}
    for part in (path, *(drop_in for file, drop_in in drop_ins(tree, name).items() if file < before)):
        for key, value in _assignments(tree, part):
            if value:
                found.setdefault(key, []).append(value)
            else:  # systemd.syntax(7): the empty value resets the list
                found.pop(key, None)
    return found


def drop_ins(tree: Tree, name: str) -> dict[str, str]:
    """The unit's drop-ins in the order they are read: file name and path."""
    found = {}
    for candidate in reversed(_names(name)):
        for directory in reversed(DIRECTORIES):
            place = f"{directory}/{candidate}.d"
            found.update({file: f"{place}/{file}" for file in tree.names(place) if file.endswith(".conf")})
    return dict(sorted(found.items()))


def pulled_in(tree: Tree, name: str) -> set[str]:
    """The names of the units that start with it: its Wants= and Requires=, and links in .wants and .requires."""
    found = settings(tree, name)
    names = {word for key in ("Wants", "Requires", "BindsTo") for value in found.get(key, ()) for word in value.split()}
    for directory in DIRECTORIES:
        for kind in ("wants", "requires"):
            names.update(tree.names(f"{directory}/{name}.{kind}"))
    return names


def pulls_in(tree: Tree, name: str, other: str) -> bool:
    """Whether a start of ``name`` starts ``other`` as well, which is there and not masked."""
    return fragment(tree, other) is not None and other in pulled_in(tree, name)


def enabled(tree: Tree, name: str) -> bool:
    """Whether some unit wants it, it is there, and it is not masked."""
    if fragment(tree, name) is None:
        return False
    wants = [f"{place}/{entry}" for place in DIRECTORIES for entry in tree.names(place) if entry.endswith(".wants")]
    return any(tree.is_file(f"{directory}/{name}") for directory in wants)


def _names(name: str) -> list[str]:
    stem, at, rest = name.partition("@")
    instance, _, kind = rest.rpartition(".")
    return [name, f"{stem}@.{kind}"] if at and instance else [name]


def _assignments(tree: Tree, path: str) -> Iterator[tuple[str, str]]:
    if not tree.is_file(path):  # a drop-in linked to /dev/null is masked
        return
    text = (tree.read_text(path) or "").replace("\\\n", " ")
    for line in text.split("\n"):
        key, equals, value = line.strip().partition("=")
        if equals and not key.startswith(("#", ";", "[")):
            yield key.strip(), value.strip()
