"""What is left on the disk itself of a file that was emptied."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.disks import EXT4, as_root, disk, secret

from guestseal.guest.actions import Truncate
from guestseal.guest.root import Root

pytestmark = as_root


@pytest.mark.parametrize(("is_secret", "left"), [(True, 0), (False, 1)])
def test_the_content_of_a_secret_that_is_emptied_is_overwritten(tmp_path: Path, is_secret: bool, left: int) -> None:
    with disk(tmp_path, 32, *EXT4) as on:

        def act(top: Path) -> str:
            (top / "etc/keys").write_bytes(secret("key", 1) * 100)
            with Root(str(top)) as root:
                root.sync()
                Truncate("/etc/keys", secret=is_secret).perform(root)
            return str((top / "etc/keys").stat().st_size)

        assert on.mounted(act) == "0"
        assert on.count([secret("key", 1)]) == left
