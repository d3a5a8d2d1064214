"""Changing a guest's files: the only code that does.

Never through a link, never a device, never across a mount; a file with a second
name (``nlink > 1``) is never changed in place, because the second name may be
another account's, or a file of another tree. Only the engine holds a Root; what
plans and checks holds a Tree.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Callable

from guestseal.errors import Changed, GuestError, Immutable, Unsafe
from guestseal.guest import attributes, flags
from guestseal.guest.mounts import mount_id
from guestseal.guest.traversal import Traversal
from guestseal.guest.tree import ENTER, LOOK, Tree, is_device, reporting, require_path, up_to
from guestseal.guest.writing import syncfs, temporary_beside, version, write_all, write_zeros

_SET_ID = stat.S_ISUID | stat.S_ISGID
_BECAME_ANOTHER = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ELOOP)


@dataclass(frozen=True)
class _Place:
    """A name in an open directory of the guest's; ``path`` is for messages."""

    path: str
    parent: int
    name: str

    def lstat(self) -> os.stat_result | None:
        try:
            return os.stat(self.name, dir_fd=self.parent, follow_symlinks=False)
        except FileNotFoundError:
            return None


class Root(Tree):
    """A guest's tree that may be changed.

    ``lift_immutable``: take chattr's +i and +a away where they are in the way, and
    put them back; otherwise such a path raises Immutable and stays as it is. What
    cannot be changed raises GuestError with the path; no OSError leaves a method.
    """

    def __init__(self, path: str = "/", *, lift_immutable: bool = False) -> None:
        super().__init__(path)
        self.lift_immutable = lift_immutable

    def remove(self, path: str, *, overwrite: bool = False) -> bool:
        """Remove the file, link, socket or FIFO at ``path``, or the directory and all in it.

        False: nothing was there, or a directory that holds a device node or a mount, or
        has one of the guest's filesystems mounted on it, has lost everything else. Where a
        file resists, everything else goes before the first error is raised. Raises Unsafe
        for a device node, NotEntered for a mount that is not the guest's.
        ``overwrite``: overwrite each regular file before it goes, as ``overwrite`` does.
        """
        with self._place(path) as place, _changing(path):
            info = None if place is None else place.lstat()
            if place is None or info is None:
                return False
            if is_device(info):
                raise Unsafe(path, "a device node: not removed")
            if not stat.S_ISDIR(info.st_mode):
                self._unlink(place, info, overwrite)
                return True
            if not self._emptied(path, overwrite) or self._is_mount_point(place):
                return False
            self._act(os.rmdir, place)
            return True

    def empty(self, path: str) -> None:
        """Remove everything in the directory ``path``; the directory keeps owner, mode, ACL and label.

        Device nodes and mounts stay. Where a file resists, everything else goes before
        the first error is raised. Raises Unsafe when ``path`` is no directory.
        """
        info = self.lstat(path)
        if info is not None and not stat.S_ISDIR(info.st_mode):
            raise Unsafe(path, "not a directory: not emptied")
        self._emptied(path, overwrite=False)

    def truncate(self, path: str, *, mode: int | None = None) -> None:
        """Make the regular file at ``path`` empty: the same inode, owner, ACL and label.

        A file with a second name is not touched there: the name ``path`` gets an empty
        file of its own, with the same owner, mode and label.
        """
        with self._place(path) as place, _changing(path):
            info = None if place is None else place.lstat()
            if place is None or info is None:
                return
            if stat.S_ISREG(info.st_mode) and info.st_nlink > 1:
                self._replace(place, b"", mode)
                return
            with self._in_place(place) as fd:
                os.ftruncate(fd, 0)
                if mode is not None:
                    os.fchmod(fd, mode)
                os.fsync(fd)

    def overwrite(self, path: str) -> None:
        """Overwrite the content of the regular file at ``path`` with zeros, and fsync.

        Holes stay holes: no more is written than the file has. Nothing is done to a file
        with a second name. What the filesystem keeps of the old blocks is its own affair:
        see the scrub's verdict.
        """
        with self._place(path) as place, _changing(path):
            info = None if place is None else place.lstat()
            if place is not None and info is not None:
                self._overwrite(place, info)

    def replace(
        self, path: str, content: bytes, *, mode: int | None = None, clear: int = 0, expected: bytes | None = None
    ) -> None:
        """Give ``path`` a new content at once: a reader sees the old file or the new one.

        Owner, mode, ACL and label stay; ``mode`` is for a file that is new (0644) or whose
        mode is to change, ``clear`` for bits that the file loses, whoever has put it there
        since it was looked at. Written beside it, fsynced, renamed, the directory fsynced.
        ``expected``: raise Changed unless the file holds exactly this now. Directories
        missing on the way are made (0755). Raises Unsafe when ``path`` is a link.
        """
        self._make_parents(path)
        with self._existing_place(path) as place, _changing(path):
            self._replace(place, content, mode, expected, clear)

    def make_directory(self, path: str, *, mode: int = 0o755, owner: tuple[int, int] = (0, 0)) -> None:
        """Make the directory ``path`` with those rights, whatever the umask; one that is there stays."""
        with self._existing_place(path) as place, _changing(path), self._unprotected(path, place.parent):
            if place.lstat() is not None:
                return
            os.mkdir(place.name, 0o700, dir_fd=place.parent)
            fd = os.open(place.name, ENTER, dir_fd=place.parent)
            try:
                # Who owns the directory above can have put another one there: only an empty one of ours is given away.
                if os.fstat(fd).st_uid != os.geteuid() or os.listdir(fd):
                    raise Changed(path, "swapped while it was made; run the command again")
                os.fchown(fd, *owner)
                os.fchmod(fd, mode)
            finally:
                os.close(fd)
            os.fsync(place.parent)

    def clear_mode(self, path: str, bits: int, *, owners: Collection[int]) -> None:
        """Take the permission ``bits`` away from the directory at ``path``, and set-user-ID and set-group-ID with them.

        Which bits it has is read from the directory that is changed: whoever owns the one
        above can swap it at any moment. Raises Unsafe for anything but a directory, and
        for one of an account that is not among ``owners``.
        """
        with self._existing_place(path) as place, _changing(path), self._opened(place, directory=True) as fd:
            info = os.fstat(fd)
            if not stat.S_ISDIR(info.st_mode) or info.st_uid not in owners:
                raise Unsafe(path, "not a directory of root's or the account's: its mode stays")
            with self._unprotected(path, fd):
                os.fchmod(fd, stat.S_IMODE(info.st_mode) & ~(bits | _SET_ID))

    def set_mode(self, path: str, mode: int, *, owner: tuple[int, int]) -> None:
        """Give the regular file or directory at ``path`` the permission bits ``mode`` and the ``owner``.

        Raises Unsafe for anything else, for a file with a second name, and below a directory
        that others than root can write to: they can put a file of theirs in the place of the
        one that was looked at, and root's name on it would make it trusted.
        """
        with self._existing_place(path) as place, _changing(path), self._opened(place, directory=True) as fd:
            above = os.fstat(place.parent)
            if above.st_uid != 0 or above.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                raise Unsafe(path, "others than root can write to its directory: its mode stays")
            _require_one_name(path, os.fstat(fd))
            with self._unprotected(path, fd):
                os.fchown(fd, *owner)  # first: chown(2) clears the set-user-ID bits
                os.fchmod(fd, mode)
            os.fsync(fd)

    def rename(self, source: str, target: str) -> None:
        """Rename within one filesystem, replacing ``target``, and fsync both directories."""
        with self._existing_place(source) as old, self._existing_place(target) as new, _changing(source):
            with self._unprotected(source, old.parent, new.parent):
                os.rename(old.name, new.name, src_dir_fd=old.parent, dst_dir_fd=new.parent)
            os.fsync(new.parent)
            os.fsync(old.parent)

    def sync(self, path: str | None = None) -> None:
        """Flush the filesystem that holds the directory ``path``, or without it each of the guest's.

        When this returns, everything done there before is on the device.
        """
        if path is not None:
            with self.entered(path) as fd, reporting(path):
                if fd is not None:
                    syncfs(fd)
            return
        for mount in self.mounts.own:
            with reporting("/"):
                fd = os.open(".", ENTER, dir_fd=mount)
                try:
                    syncfs(fd)
                finally:
                    os.close(fd)

    @contextmanager
    def _place(self, path: str) -> Iterator[_Place | None]:
        """The place of ``path`` in the directory that holds it; None: there is no such directory."""
        require_path(path)
        directory, _, name = path.rstrip("/").rpartition("/")
        if name in ("", ".", ".."):
            raise GuestError(path, "not a path that can be changed")
        with self.entered(directory or "/") as parent:
            yield None if parent is None else _Place(path, parent, name)

    @contextmanager
    def _existing_place(self, path: str) -> Iterator[_Place]:
        """As ``_place``; raises GuestError when there is no such directory."""
        with self._place(path) as place:
            if place is None:
                raise GuestError(path, "its directory does not exist")
            yield place

    def _emptied(self, path: str, overwrite: bool) -> bool:
        """Remove what can be removed below the directory ``path``; whether that was everything."""
        everything = True
        trouble: GuestError | None = None
        for node in Traversal(self, path):
            if node.kept:
                everything = False
                continue
            place = _Place(node.path, node.parent, node.name)
            try:
                if node.is_dir:
                    self._act(os.rmdir, place)
                else:
                    self._unlink(place, node.info, overwrite)
            except GuestError as error:
                trouble = trouble or error
                node.keep()
        if trouble is not None:
            raise trouble
        return everything

    def _is_mount_point(self, place: _Place) -> bool:
        with self._opened(place, directory=True) as fd:
            return mount_id(fd) != mount_id(place.parent)

    def _unlink(self, place: _Place, info: os.stat_result, overwrite: bool) -> None:
        try:
            if overwrite:
                self._overwrite(place, info)
        finally:
            # A secret that cannot be overwritten is still better gone.
            self._act(os.unlink, place)

    def _act(self, act: Callable[..., None], place: _Place) -> None:
        """Take the name ``place`` away, with immutable flags lifted when that is allowed."""
        # What vanished by itself is gone as well.
        with _changing(place.path), suppress(FileNotFoundError):
            try:
                act(place.name, dir_fd=place.parent)
            except PermissionError:
                with ExitStack() as stack:
                    fds = [place.parent]
                    info = place.lstat()
                    if info is not None and (stat.S_ISREG(info.st_mode) or stat.S_ISDIR(info.st_mode)):
                        fds.append(stack.enter_context(self._opened(place, directory=True)))
                    stack.enter_context(self._unprotected(place.path, *fds))
                    act(place.name, dir_fd=place.parent)

    def _overwrite(self, place: _Place, info: os.stat_result) -> None:
        if not stat.S_ISREG(info.st_mode) or info.st_nlink > 1 or not info.st_size:
            return
        with suppress(FileNotFoundError), self._in_place(place) as fd:
            write_zeros(fd)
            os.fsync(fd)

    def _replace(
        self, place: _Place, content: bytes, mode: int | None, expected: bytes | None = None, clear: int = 0
    ) -> None:
        with ExitStack() as stack:
            before = place.lstat()
            old = None if before is None else stack.enter_context(self._opened(place))
            if expected is not None and (old is None or up_to(old, len(expected) + 1) != expected):
                raise _changed(place.path)
            protection = 0 if old is None else flags.protection(old)
            stack.enter_context(self._unprotected(place.path, place.parent, *([] if old is None else [old])))
            name, new = stack.enter_context(temporary_beside(place.parent, place.name))
            write_all(new, content, 0)
            if old is not None:
                attributes.copy(old, new)
            if mode is not None or old is None:
                os.fchmod(new, 0o644 if mode is None else mode)
            elif clear:
                os.fchmod(new, stat.S_IMODE(os.fstat(new).st_mode) & ~clear)
            os.fsync(new)
            if expected is not None and version(place.lstat()) != version(before):
                raise _changed(place.path)
            os.rename(name, place.name, src_dir_fd=place.parent, dst_dir_fd=place.parent)
            if version(place.lstat()) != version(os.fstat(new)):
                raise _changed(place.path)
            flags.protect(new, protection)
            os.fsync(place.parent)

    @contextmanager
    def _in_place(self, place: _Place) -> Iterator[int]:
        """The regular file at ``place`` open for writing; its capabilities are put back afterwards."""
        with self._opened(place) as readable:
            _require_one_name(place.path, os.fstat(readable))
            with self._unprotected(place.path, readable), self.opened_file(place.path, readable, os.O_WRONLY) as fd:
                before = attributes.capabilities(fd)
                try:
                    yield fd
                finally:
                    attributes.restore(fd, before)

    @contextmanager
    def _opened(self, place: _Place, *, directory: bool = False) -> Iterator[int]:
        """The regular file (or ``directory``) at ``place`` open for reading; anything else raises Unsafe."""
        with ExitStack() as stack:
            looked = os.open(place.name, LOOK, dir_fd=place.parent)
            stack.callback(os.close, looked)
            if directory and stat.S_ISDIR(os.fstat(looked).st_mode):
                self.require_own(place.path, looked)
                fd = os.open(".", ENTER, dir_fd=looked)
                stack.callback(os.close, fd)
            else:
                fd = stack.enter_context(self.opened_file(place.path, looked, os.O_RDONLY))
            yield fd

    @contextmanager
    def _unprotected(self, path: str, *fds: int) -> Iterator[None]:
        """Lift immutable flags for the while. Raises Immutable when that is not allowed."""
        with ExitStack() as stack:
            for fd in fds:
                if not flags.protection(fd):
                    continue
                if not self.lift_immutable:
                    raise Immutable(path, "protected by chattr +i or +a; clear the flag, or allow --lift-immutable")
                stack.enter_context(flags.lifted(fd))
            yield

    def _make_parents(self, path: str) -> None:
        for directory in self.missing_parents(path):
            self.make_directory(directory)


@contextmanager
def _changing(path: str) -> Iterator[None]:
    """Turn an OSError into a GuestError that says that ``path`` was not changed."""
    try:
        yield
    except OSError as error:
        if error.errno in _BECAME_ANOTHER:
            raise _changed(path) from error
        why = "something is mounted over it" if error.errno == errno.EBUSY else error.strerror
        raise GuestError(path, f"not changed: {why}") from error


def _changed(path: str) -> Changed:
    return Changed(path, "changed while guestseal worked on it; run the command again")


def _require_one_name(path: str, info: os.stat_result) -> None:
    if stat.S_ISREG(info.st_mode) and info.st_nlink > 1:
        raise Unsafe(path, "has a second name, maybe another account's: not changed in place")
