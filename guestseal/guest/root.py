"""Changing a guest's files: the only code that does.

Never through a link, never a device, never across a mount; a file with a second
name (``nlink > 1``) is never changed in place, because the second name may be
another account's, or a file of another tree. Only the engine holds a Root; what
plans and checks holds a Tree.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Callable

from guestseal.errors import Changed, GuestError, Immutable, Unsafe
from guestseal.guest import attributes, flags
from guestseal.guest.traversal import Node, Traversal
from guestseal.guest.tree import ENTER, Tree

_LOOK = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC
_CHUNK = 1 << 20


class Root(Tree):
    """A guest's tree that may be changed.

    ``lift_immutable``: take chattr's +i and +a away where they are in the way, and
    put them back; otherwise such a path raises Immutable and stays as it is.
    """

    def __init__(self, path: str = "/", *, lift_immutable: bool = False) -> None:
        super().__init__(path)
        self.lift_immutable = lift_immutable

    def remove(self, path: str) -> bool:
        """Remove the file, link, socket or FIFO at ``path``, or the directory and all in it.

        False: nothing was there, or what is there cannot be removed because it is or
        holds a device node or a mount; a directory then loses everything else.
        """
        with self._parent(path) as (parent, name):
            info = self._lstat(parent, name)
            if info is None:
                return False
            if stat.S_ISCHR(info.st_mode) or stat.S_ISBLK(info.st_mode):
                raise Unsafe(path, "a device node: not removed")
            if not stat.S_ISDIR(info.st_mode):
                self._changing(path, parent, name, lambda: os.unlink(name, dir_fd=parent))
                return True
            if not self._removed_below(path):
                return False
            self._changing(path, parent, name, lambda: os.rmdir(name, dir_fd=parent))
            return True

    def empty(self, path: str) -> None:
        """Remove everything in the directory ``path``; the directory keeps owner, mode, ACL and label."""
        self._removed_below(path)

    def truncate(self, path: str, *, mode: int | None = None) -> None:
        """Make the regular file at ``path`` empty: the same inode, owner, ACL and label.

        A file with a second name is not touched there: the name ``path`` gets an empty
        file of its own, with the same owner, mode and label.
        """
        with self._parent(path) as (parent, name):
            info = self._lstat(parent, name)
            if info is None:
                return
            if info.st_nlink > 1:
                self._changing(path, parent, name, lambda: self._replace(path, parent, name, b"", mode))
                return
            with self._in_place(path, parent, name) as fd:
                os.ftruncate(fd, 0)
                if mode is not None:
                    os.fchmod(fd, mode)
                os.fsync(fd)

    def overwrite(self, path: str) -> None:
        """Overwrite the regular file at ``path`` with zeros, to the end of its last block, and fsync.

        Nothing is done to a file with a second name. What the filesystem keeps of the old
        blocks is its own affair: see the scrub's verdict.
        """
        with self._parent(path) as (parent, name):
            info = self._lstat(parent, name)
            if info is None or not stat.S_ISREG(info.st_mode) or info.st_nlink > 1:
                return
            with self._in_place(path, parent, name) as fd:
                left = info.st_size
                os.lseek(fd, 0, os.SEEK_SET)
                while left > 0:
                    left -= os.write(fd, bytes(min(left, _CHUNK)))
                os.fsync(fd)

    def replace(self, path: str, content: bytes, *, mode: int | None = None, expected: bytes | None = None) -> None:
        """Give ``path`` a new content at once: a reader sees the old file or the new one.

        Owner, mode, ACL and label stay; ``mode`` is for a file that is new (0644) or whose
        mode is to change. Written beside it, fsynced, renamed, the directory fsynced.
        ``expected``: raise Changed unless the file holds exactly this now. Directories
        missing on the way are made (0755). Raises Unsafe when ``path`` is a link.
        """
        self._make_parents(path)
        with self._parent(path) as (parent, name):
            if expected is not None and self.read(path, limit=max(len(expected) + 1, 1 << 20)) != expected:
                raise Changed(path, "changed while guestseal worked on it; run the command again")
            self._changing(path, parent, name, lambda: self._replace(path, parent, name, content, mode))

    def make_directory(self, path: str, *, mode: int = 0o755, owner: tuple[int, int] = (0, 0)) -> None:
        """Make the directory ``path`` with those rights, whatever the umask; one that is there stays."""
        with self._parent(path) as (parent, name):
            if self._lstat(parent, name) is None:
                os.mkdir(name, 0o700, dir_fd=parent)
                fd = os.open(name, ENTER, dir_fd=parent)
                try:
                    os.fchown(fd, *owner)
                    os.fchmod(fd, mode)
                finally:
                    os.close(fd)
                os.fsync(parent)

    def set_mode(self, path: str, mode: int) -> None:
        """Set the permission bits of the regular file or directory at ``path``."""
        with self._parent(path) as (parent, name), self._for_change(path, parent, name) as fd:
            os.fchmod(fd, mode)

    def rename(self, source: str, target: str) -> None:
        """Rename within one filesystem, replacing ``target``, and fsync both directories."""
        with self._parent(source) as (old, old_name), self._parent(target) as (new, new_name):
            self._changing(target, new, new_name, lambda: os.rename(old_name, new_name, src_dir_fd=old, dst_dir_fd=new))
            os.fsync(new)
            os.fsync(old)

    def sync(self, path: str = "/") -> None:
        """Flush the filesystem that holds ``path``'s directory entries to its device."""
        with self.entered(path) as fd:
            if fd is not None:
                os.fsync(fd)

    @contextmanager
    def _parent(self, path: str) -> Iterator[tuple[int, str]]:
        """A descriptor of the directory that holds ``path``, on a mount of the guest's, and the last name."""
        directory, _, name = path.rstrip("/").rpartition("/")
        if name in ("", ".", ".."):
            raise GuestError(path, "not a path that can be changed")
        with self.entered(directory or "/") as parent:
            if parent is None:
                raise GuestError(path, "its directory does not exist")
            yield parent, name

    @staticmethod
    def _lstat(parent: int, name: str) -> os.stat_result | None:
        try:
            return os.stat(name, dir_fd=parent, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def _removed_below(self, path: str) -> bool:
        """Remove what can be removed below ``path``; whether that was everything."""
        everything = True
        for node in Traversal(self, path):
            if node.kept:
                everything = False
            else:
                self._remove_node(node)
        return everything

    def _remove_node(self, node: Node) -> None:
        act: Callable[[], None] = lambda: (os.rmdir if node.is_dir else os.unlink)(node.name, dir_fd=node.parent)  # noqa: E731
        try:
            act()
        except FileNotFoundError:
            return
        except OSError as error:
            if error.errno == errno.ENOTEMPTY:
                raise Changed(
                    node.path, "something was put into it while it was emptied; run the command again"
                ) from error
            self._changing(node.path, node.parent, node.name, act)

    def _changing(self, path: str, parent: int, name: str, act: Callable[[], None]) -> None:
        """``act`` on ``name`` in ``parent``, with immutable flags lifted when that is allowed."""
        try:
            act()
        except PermissionError:
            with ExitStack() as stack:
                if not self._lift(stack, path, parent, name):
                    raise GuestError(path, f"not changed: {os.strerror(errno.EPERM)}") from None
                act()
        except OSError as error:
            why = "something is mounted over it" if error.errno == errno.EBUSY else error.strerror
            raise GuestError(path, f"not changed: {why}") from error

    def _lift(self, stack: ExitStack, path: str, parent: int, name: str) -> bool:
        """Lift the flags of ``name`` and of its directory; False when neither is protected."""
        found = False
        for what in (".", name):
            info = self._lstat(parent, what)
            if info is None or not (stat.S_ISREG(info.st_mode) or stat.S_ISDIR(info.st_mode)):
                continue
            fd = os.open(what, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC, dir_fd=parent)
            stack.callback(os.close, fd)
            if flags.protected(fd):
                if not self.lift_immutable:
                    raise Immutable(path, "protected by chattr +i or +a; clear the flag, or allow --lift-immutable")
                found = True
                stack.enter_context(flags.lifted(fd))
        return found

    @contextmanager
    def _for_change(self, path: str, parent: int, name: str) -> Iterator[int]:
        """An O_PATH descriptor turned into one that fchmod takes; never of a link."""
        looked = os.open(name, _LOOK, dir_fd=parent)
        try:
            self._refuse_unless_plain(path, os.fstat(looked), directory=True)
            fd = os.open(f"/proc/self/fd/{looked}", os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
        finally:
            os.close(looked)
        try:
            yield fd
        finally:
            os.close(fd)

    @contextmanager
    def _in_place(self, path: str, parent: int, name: str) -> Iterator[int]:
        """The regular file ``name`` open for writing; capabilities, which writing clears, are put back."""
        looked = os.open(name, _LOOK, dir_fd=parent)
        try:
            self._refuse_unless_plain(path, os.fstat(looked))
            with ExitStack() as stack:
                try:
                    fd = stack.enter_context(self.opened_file(path, looked, os.O_WRONLY))
                except PermissionError:
                    if not self._lift(stack, path, parent, name):
                        raise GuestError(path, f"not changed: {os.strerror(errno.EPERM)}") from None
                    fd = stack.enter_context(self.opened_file(path, looked, os.O_WRONLY))
                before = attributes.xattrs(fd)
                yield fd
                attributes.restore(fd, before)
        finally:
            os.close(looked)

    @staticmethod
    def _refuse_unless_plain(path: str, info: os.stat_result, *, directory: bool = False) -> None:
        if stat.S_ISLNK(info.st_mode):
            raise Unsafe(path, "a symbolic link: not changed through it")
        if not (stat.S_ISREG(info.st_mode) or (directory and stat.S_ISDIR(info.st_mode))):
            raise Unsafe(path, "not a regular file: not changed")

    def _replace(self, path: str, parent: int, name: str, content: bytes, mode: int | None) -> None:
        info = self._lstat(parent, name)
        if info is not None:
            self._refuse_unless_plain(path, info)
        temporary = f".guestseal-{secrets.token_hex(8)}"
        new = os.open(
            temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=parent
        )
        try:
            _write_all(new, content)
            if info is not None:
                old = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=parent)
                try:
                    attributes.copy(old, new)
                finally:
                    os.close(old)
            if mode is not None or info is None:
                os.fchmod(new, 0o644 if mode is None else mode)
            os.fsync(new)
            os.rename(temporary, name, src_dir_fd=parent, dst_dir_fd=parent)
            os.fsync(parent)
        except BaseException:
            os.unlink(temporary, dir_fd=parent)
            raise
        finally:
            os.close(new)

    def _make_parents(self, path: str) -> None:
        missing = []
        directory = path.rpartition("/")[0]
        while directory and self.lstat(directory) is None:
            missing.append(directory)
            directory = directory.rpartition("/")[0]
        for name in reversed(missing):
            self.make_directory(name)


def _write_all(fd: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(fd, view) :]
