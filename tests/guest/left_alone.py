"""What holds of a place that is not the guest's own: nothing there changes, whatever is tried."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hostile import write

from guestseal.errors import GuestError, NotEntered
from guestseal.guest.root import Root

CHANGES: tuple[Callable[[Root, str], object], ...] = (
    lambda root, path: root.truncate(path),
    lambda root, path: root.truncate(path, mode=0o777),
    lambda root, path: root.replace(path, b"new"),
    lambda root, path: root.clear_mode(path, 0o777, owners=(0,)),
    lambda root, path: root.set_mode(path, 0o777, owner=(1, 1)),
    lambda root, path: root.overwrite(path),
    lambda root, path: root.remove(path),
    lambda root, path: root.remove(path, overwrite=True),
    lambda root, path: root.rename(path, "/etc/elsewhere"),
    lambda root, path: root.rename("/precious/file", path),
)


def refuses_everything(root: Root, path: str) -> None:
    """No change of the file at ``path`` is made."""
    for change in CHANGES:
        with pytest.raises(GuestError):
            change(root, path)


def passes_by(top: Path, root: Root, point: str) -> None:
    """Emptying and removing all around the mount at ``point`` leaves it, and the way to it, alone."""
    way = [name for name in point.split("/") if name]
    write(top / way[0] / "around")
    for path in (f"/{way[0]}", "/" + "/".join(way[:-1])):
        root.empty(path)
        assert not root.remove(path)
    assert not (top / way[0] / "around").exists()
    assert (top / point[1:]).is_dir()
    with pytest.raises(NotEntered):
        root.empty(point)
    with pytest.raises(NotEntered):
        root.remove(point)
    with pytest.raises(NotEntered):
        root.names(point)
    for pattern in (f"{point}/*", f"{point}/**", f"/{way[0]}/**", "/*/*/*/*"):
        assert not [path for path in root.glob(pattern) if path.startswith(point)]
