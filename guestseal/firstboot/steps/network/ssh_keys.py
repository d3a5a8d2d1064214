"""Give the account the platform's SSH keys.

Runs on every boot with metadata. The keys stand in a block of their own in the first
file that sshd's AuthorizedKeysFile names for the account (setting ``account``); the
block is replaced when the platform's keys change, and every other line keeps its
bytes. A platform that says that there are no keys leaves the block as it is: an outage
that looks like "none" must lock nobody out. Remove the block to take its keys away.

A missing ``~/.ssh`` is made with mode 0700, a missing file with 0600, both the
account's; one outside the home directory is root's with 0644. Rights for others to
write, for which sshd would refuse the keys, are taken away from both. A home directory
is made for root only: making another one would keep pam_mkhomedir(8) from filling it.
A file that is a link, has a second name, is not the account's or root's, or is
protected by chattr +i is an error, and nothing is touched.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass

from guestseal.errors import Changed, GuestError, Unsafe, printable
from guestseal.firstboot.step import Clone, Result, Step, When
from guestseal.guest.facts import Account
from guestseal.guest.root import Root
from guestseal.guest.ssh.authorized_keys import LIMIT, account_named, identity_of, is_key, path_for, with_block
from guestseal.guest.ssh.ssh_login import installed, keys_refused
from guestseal.guest.ssh.sshd_config import SshdConfig
from guestseal.guest.staging import clear, staged
from guestseal.machine.selinux import relabel

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_SET_ID = stat.S_ISUID | stat.S_ISGID


def run(clone: Clone) -> Result:
    """Bring the block up to date and read it back. Raises GuestError; then nothing was changed."""
    said = clone.metadata.ssh_keys if clone.metadata is not None else None
    keys, warnings = _usable(said or ())
    if not keys:
        return Result(False, "the platform lists no keys; the block stays as it is", warnings=tuple(warnings))
    root = clone.root
    account = account_named(clone.guest, clone.settings.account)
    config = SshdConfig.read(root)
    path = path_for(account, config.authorized_keys_files)
    if path is None:
        return Result(False, "not written", warnings=("sshd reads no file of keys (AuthorizedKeysFile none)",))
    file = _File(root, account, path)
    made = file.make_way()
    changed = file.write(keys) or bool(made)
    if clone.live and changed:
        warnings += relabel(clone.machine.commands, [*made, path])
    refused = keys_refused(root, config, account, path) if installed(root) else None
    if refused is not None:
        warnings.append(refused)
    count = "1 key" if len(keys) == 1 else f"{len(keys)} keys"
    return Result(changed, f"{count} for {printable(account.name)} in {printable(path)}", warnings=tuple(warnings))


@dataclass(frozen=True)
class _File:
    """The file of keys of one account. Raises Unsafe when it is made to mislead."""

    root: Root
    account: Account
    path: str

    @property
    def inside(self) -> bool:
        """Whether it lies in the account's home directory, and so is the account's own."""
        return self.path.startswith(f"{self.account.home.rstrip('/')}/")

    @property
    def owner(self) -> tuple[int, int]:
        """Whose the file and the directories made for it are."""
        return (self.account.uid, self.account.gid) if self.inside else (0, 0)

    @property
    def _trusted(self) -> tuple[int, int]:
        """Whose directories and files may be on the way: sshd takes no others."""
        return (0, self.account.uid)

    def make_way(self) -> list[str]:
        """Make the directories above it that are missing, fit for sshd; those that were made or changed."""
        self._require_plain()
        home = self.account.home.rstrip("/")
        if self.inside and self.account.uid != 0 and not self.root.is_dir(home or "/"):
            raise GuestError(home, f"the home directory of {printable(self.account.name)} does not exist: make it")
        made = []
        above = self.path.split("/")[1:-1]
        for depth, name in enumerate(above):
            parent = "/" + "/".join(above[:depth])
            directory = f"{parent.rstrip('/')}/{name}"
            clear(self.root, parent)
            info = self.root.stat(directory)
            if info is None:
                self._make_directory(parent, name, directory)
                made.append(directory)
            elif directory.startswith(f"{home}/") and info.st_mode & _OTHERS_WRITE and info.st_uid in self._trusted:
                real = self.root.resolve(directory) or directory
                self.root.clear_mode(real, _OTHERS_WRITE, owners=self._trusted)
                made.append(directory)
        return made

    def write(self, keys: list[str]) -> bool:
        """Put the block with ``keys`` into it; whether that changed anything."""
        directory, _, name = self.path.rpartition("/")
        clear(self.root, directory)
        info = self._require_plain()
        # What has come since may be a file of which its owner is not to get a copy.
        before = None if info is None else self.root.read(self.path, limit=LIMIT)
        if info is not None and before is None:
            raise Changed(self.path, "taken away a moment ago")
        after = with_block(before or b"", keys)
        if info is None:
            with staged(self.root, directory) as staging:
                staging.make(name, after, mode=0o600 if self.inside else 0o644, owner=self.owner)
                if self.root.lstat(self.path) is not None:
                    raise Changed(self.path, "made by somebody else a moment ago; it is left alone")
                staging.place(name, self.path)
        elif before != after or info.st_mode & _OTHERS_WRITE:
            self.root.replace(self.path, after, clear=_OTHERS_WRITE | _SET_ID, expected=before)
        else:
            return False
        if self.root.read(self.path, limit=LIMIT) != after:
            raise Changed(self.path, "not what was written to it a moment ago")
        return True

    def _require_plain(self) -> os.stat_result | None:
        """What is at the path, when that is a file that may be changed there; None: nothing is."""
        info = self.root.lstat(self.path)
        if info is None:
            return None
        if not stat.S_ISREG(info.st_mode):
            raise Unsafe(self.path, "not a regular file: no keys are written through it")
        if info.st_nlink > 1:
            raise Unsafe(self.path, "a file with a second name: it may be another account's")
        if info.st_uid not in self._trusted:
            raise Unsafe(self.path, "it belongs to another account")
        return info

    def _make_directory(self, parent: str, name: str, directory: str) -> None:
        if self.root.lstat(directory) is not None:
            raise Unsafe(directory, "neither a directory nor a link to one")
        with staged(self.root, parent) as staging:  # with its owner from the first moment: sshd reads as the account
            self.root.make_directory(f"{staging.path}/{name}", mode=0o700 if self.inside else 0o755, owner=self.owner)
            staging.place(name, directory)


def _usable(said: Iterable[str]) -> tuple[list[str], list[str]]:
    """The keys fit to be written, each once, and warnings: the last gate before a file that opens an account."""
    keys: dict[tuple[str, str], str] = {}
    refused = 0
    for key in said:
        if is_key(key):
            keys.setdefault(identity_of(key), key)
        else:
            refused += 1
    warnings = [f"{refused} of the platform's lines are no plain public keys: left out"] if refused else []
    return list(keys.values()), warnings


STEP = Step(run=run, when=When.PER_BOOT, needs=("ssh_keys",))
