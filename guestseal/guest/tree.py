"""Reading a guest's files: a tree of which no path and no link leads out.

Paths are absolute inside the tree ("/etc/hostname") and hold any bytes a file
name can hold (surrogateescape). A path is walked component by component from the
root's own descriptor with ``O_PATH|O_NOFOLLOW``, so it works on kernels without
openat2(2) and on paths longer than PATH_MAX, and a link is followed by guestseal
itself: an absolute target starts at the tree's root, ``..`` stops there.

A link is followed when only root can have put it where it is, or when what it leads
to belongs to the account that can: a user's ``~/.cache -> /etc`` is refused. This is
the idea of the kernel's protected_symlinks and of systemd's CHASE_SAFE. Root's own
link counts as a user's in that user's directory, and one with a second name as nobody's
where others may write: without fs.protected_hardlinks (proc(5)), and in a tree that
comes from elsewhere, any user can have linked it there.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TypeVar

from guestseal.errors import Changed, GuestError, NotEntered, NoTree, TooLarge, Unsafe, Volatile
from guestseal.guest.mounts import GuestMounts

MAX_LINKS = 40  # path_resolution(7)

LOOK = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC
ENTER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK

# A name longer than a filesystem allows names nothing there (a user's link may hold one).
_NOTHING_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)
_ANYBODY = -1

_T = TypeVar("_T", bound="Tree")


class Tree:
    """A guest's tree, read only.

    ``path`` is where the tree lies on this machine: "/" for the running system.
    Raises NoTree when it is not a directory. What a method cannot read raises
    GuestError with the path; no OSError leaves it.
    """

    def __init__(self, path: str = "/") -> None:
        self.path = path
        try:
            self._fd = os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise NoTree(path, f"{error.strerror}; --root takes the directory of a root filesystem") from error
        try:
            self.mounts = GuestMounts(self._fd)
        except BaseException:
            os.close(self._fd)
            raise
        self.passed_over: dict[str, str] = {}
        """Paths that a pattern led to and that were not entered or followed, with the reason."""

    def __enter__(self: _T) -> _T:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the root's descriptors back; the tree cannot be used any more."""
        self.mounts.close()
        os.close(self._fd)

    def lstat(self, path: str) -> os.stat_result | None:
        """What is at ``path`` itself, a link not followed; None: nothing is there."""
        with self.looked_at(path, follow=False) as fd:
            return None if fd is None else os.fstat(fd)

    def stat(self, path: str) -> os.stat_result | None:
        """What ``path`` leads to inside the tree; None: nothing, or a dangling or looping link."""
        with self.looked_at(path, follow=True) as fd:
            return None if fd is None else os.fstat(fd)

    def exists(self, path: str) -> bool:
        """Whether ``path`` leads to anything inside the tree."""
        return self.stat(path) is not None

    def is_file(self, path: str) -> bool:
        """Whether ``path`` leads to a regular file inside the tree."""
        info = self.stat(path)
        return info is not None and stat.S_ISREG(info.st_mode)

    def is_dir(self, path: str) -> bool:
        """Whether ``path`` leads to a directory inside the tree."""
        info = self.stat(path)
        return info is not None and stat.S_ISDIR(info.st_mode)

    def readlink(self, path: str) -> str | None:
        """The target of the symbolic link at ``path``; None: not a link."""
        with self.looked_at(path, follow=False) as fd:
            if fd is None or not stat.S_ISLNK(os.fstat(fd).st_mode):
                return None
            return os.readlink("", dir_fd=fd)

    def resolve(self, path: str, *, follow: bool = True) -> str | None:
        """The path inside the tree, free of links, that ``path`` leads to; None: nothing is there.

        ``follow=False``: when it is a link itself, its own path.
        """
        found = self._walk(path, follow=follow)
        if found is None:
            return None
        os.close(found[0])
        return "/" + "/".join(found[1])

    def read(self, path: str, *, limit: int = 1 << 20) -> bytes | None:
        """The content of the regular file ``path`` leads to; None: nothing is there.

        Raises TooLarge above ``limit`` bytes, Unsafe for anything but a regular file:
        a FIFO or a device is never opened.
        """
        with self.looked_at(path, follow=True) as fd:
            if fd is None:
                return None
            with self.opened_file(path, fd, os.O_RDONLY) as opened, reporting(path):
                data = up_to(opened, limit + 1)
        if len(data) > limit:
            raise TooLarge(path, f"more than {limit} bytes")
        return data

    def read_text(self, path: str, *, limit: int = 1 << 20) -> str | None:
        """As ``read``, decoded so that encoding it again gives the same bytes."""
        data = self.read(path, limit=limit)
        return None if data is None else os.fsdecode(data)

    def names(self, path: str) -> list[str]:
        """The sorted names in the directory ``path`` leads to; empty when there is none."""
        with self.entered(path) as fd, reporting(path):
            return [] if fd is None else sorted(os.listdir(fd))

    def missing_parents(self, path: str) -> list[str]:
        """The directories on the way to ``path`` that do not exist, the outermost first."""
        missing: list[str] = []
        directory = path.rpartition("/")[0]
        while directory and self.lstat(directory) is None:
            missing.insert(0, directory)
            directory = directory.rpartition("/")[0]
        return missing

    def glob(self, pattern: str) -> Iterator[str]:
        """The paths ``pattern`` matches, sorted within each directory; see guestseal.guest.patterns."""
        from guestseal.guest.patterns import expand

        return expand(self, pattern)

    @contextmanager
    def looked_at(self, path: str, *, follow: bool) -> Iterator[int | None]:
        """An O_PATH descriptor of what is at ``path``; None: nothing is there."""
        found = self._walk(path, follow=follow)
        try:
            yield None if found is None else found[0]
        finally:
            if found is not None:
                os.close(found[0])

    @contextmanager
    def entered(self, path: str, *, follow: bool = True) -> Iterator[int | None]:
        """A descriptor of the directory ``path`` leads to, for listing; None: there is none.

        Raises NotEntered when the directory lies on a mount that is not the guest's.
        """
        with self.looked_at(path, follow=follow) as looked:
            if looked is None or not stat.S_ISDIR(os.fstat(looked).st_mode):
                yield None
                return
            self.require_own(path, looked)
            with reporting(path):
                fd = os.open(".", ENTER, dir_fd=looked)
        try:
            yield fd
        finally:
            os.close(fd)

    @contextmanager
    def opened_file(self, path: str, looked: int, flags: int) -> Iterator[int]:
        """Open the regular file behind the descriptor ``looked``; anything else raises Unsafe."""
        if not stat.S_ISREG(os.fstat(looked).st_mode):
            raise Unsafe(path, "not a regular file: never opened")
        self.require_own(path, looked)
        with reporting(path):
            # The magic link opens exactly the inode that was looked at, whatever has taken its name since.
            fd = os.open(f"/proc/self/fd/{looked}", flags | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            yield fd
        finally:
            os.close(fd)

    def require_own(self, path: str, fd: int) -> None:
        """Raise NotEntered unless ``fd`` lies on a mount that is the guest's."""
        foreign = self.mounts.foreign(fd)
        if foreign is not None:
            raise foreign.error(path)

    def pass_over(self, error: NotEntered | Unsafe) -> None:
        """Note what was not entered or followed; of what is on no disk nothing is left to tell."""
        if not isinstance(error, Volatile):
            self.passed_over[error.path] = error.why

    def _walk(self, path: str, *, follow: bool) -> tuple[int, list[str]] | None:
        """An O_PATH descriptor of ``path`` and its components without links; None: nothing there."""
        require_path(path)
        walk = _Walk(self, path, follow=follow)
        try:
            walk.run()
        except OSError as error:
            os.close(walk.fd)
            if error.errno in _NOTHING_THERE:
                return None
            raise GuestError(path, error.strerror or str(error)) from error
        except BaseException:
            os.close(walk.fd)
            raise
        return walk.fd, walk.done

    def _from_root(self, names: list[str]) -> int:
        """Walk components that were real directories a moment ago; a link among them raises OSError."""
        fd = os.dup(self._fd)
        for name in names:
            above = fd
            try:
                fd = os.open(name, LOOK | os.O_DIRECTORY, dir_fd=above)
            finally:
                os.close(above)
        return fd


class _Walk:
    """One walk along a path: where it stands (``fd``, ``done``) and what is still ahead."""

    def __init__(self, tree: Tree, path: str, *, follow: bool) -> None:
        self.tree, self.path, self.follow = tree, path, follow
        self.fd = os.dup(tree._fd)
        self.done: list[str] = []
        self.links = 0
        # Among the names: a link and who put it there. What the link led to must be theirs.
        self.pending: list[str | tuple[str, int]] = []
        self.names_ahead = 0
        self._push(path)

    def run(self) -> None:
        """Walk to the end. Raises OSError where the path leads to nothing, GuestError where it must not lead."""
        while self.pending:
            item = self.pending.pop()
            if isinstance(item, tuple):
                self._require_theirs(*item)
                continue
            self.names_ahead -= 1
            if item == "..":
                self._go_up()
            else:
                self._enter(item)

    def _require_theirs(self, link: str, owner: int) -> None:
        if os.fstat(self.fd).st_uid != owner:
            who = "a link anybody may have put there" if owner == _ANYBODY else f"a link of uid {owner}"
            raise Unsafe(link, f"{who} leads to what is not theirs: not followed")

    def _push(self, path: str) -> None:
        names = [name for name in path.split("/") if name not in ("", ".")]
        self.names_ahead += len(names)
        self.pending.extend(reversed(names))

    def _go_up(self) -> None:
        del self.done[-1:]
        try:
            self._stand(self.tree._from_root(self.done))
        except OSError as error:
            raise Changed(self.path, "a directory on the way was moved; run the command again") from error

    def _enter(self, name: str) -> None:
        onward = self.names_ahead > 0
        point = self._path_of(name)
        foreign = self.tree.mounts.foreign_point(point)
        if foreign is not None and (onward or self.follow):
            # Known by its name, a mount point is not even looked at: an automount would be triggered.
            raise foreign.error(point)
        found = os.open(name, LOOK, dir_fd=self.fd)
        try:
            info = self._info(found, None if foreign is None else foreign.error(point))
            if stat.S_ISLNK(info.st_mode) and (onward or self.follow):
                self._follow(point, os.readlink("", dir_fd=found), info)
                return
            if onward and not stat.S_ISDIR(info.st_mode):
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), self.path)
            # In this order: Python 3.9 can be interrupted after the attribute is set, and both would be closed.
            found, self.fd = self.fd, found
            self.done.append(name)
        finally:
            os.close(found)

    def _info(self, found: int, foreign: NotEntered | None) -> os.stat_result:
        try:
            return os.fstat(found)
        except OSError as error:
            # A user's FUSE refuses even root, and that of a server that is gone is not connected.
            raise (foreign or error) from error

    def _path_of(self, name: str) -> str:
        return "/" + "/".join((*self.done, name))

    def _follow(self, link: str, target: str, info: os.stat_result) -> None:
        self.links += 1
        if self.links > MAX_LINKS:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), self.path)
        owner = self._who_put(info)
        if owner != 0:
            self.pending.append((link, owner))
        self._push(target)
        if target.startswith("/"):
            self.done = []
            self._stand(os.dup(self.tree._fd))

    def _who_put(self, link: os.stat_result) -> int:
        """The account that can have put a link into the directory where the walk stands."""
        directory = os.fstat(self.fd)
        users = {link.st_uid, directory.st_uid} - {0}
        if len(users) > 1 or (link.st_nlink > 1 and directory.st_mode & 0o022):
            return _ANYBODY
        return users.pop() if users else 0

    def _stand(self, fd: int) -> None:
        # In this order an interrupt may leak a descriptor, but never have one closed twice.
        left, self.fd = self.fd, fd
        os.close(left)


@contextmanager
def reporting(path: str) -> Iterator[None]:
    """Turn an OSError into a GuestError about ``path``."""
    try:
        yield
    except OSError as error:
        raise GuestError(path, error.strerror or str(error)) from error


def require_path(path: str) -> None:
    """Raise GuestError unless ``path`` can name something inside a guest."""
    if not path.startswith("/") or "\0" in path:
        raise GuestError(path, "a path inside the guest starts with / and holds no NUL")
    try:
        os.fsencode(path)
    except UnicodeEncodeError as error:
        raise GuestError(path, "holds what no file name can hold") from error


def up_to(fd: int, count: int) -> bytes:
    """The first ``count`` bytes of the open file, fewer when it ends before."""
    pieces = []
    while count > 0:
        piece = os.read(fd, min(count, 1 << 20))
        if not piece:
            break
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def is_device(info: os.stat_result) -> bool:
    """Whether it is a device node; overlayfs's whiteout, a character device 0:0, is none."""
    return stat.S_ISBLK(info.st_mode) or (stat.S_ISCHR(info.st_mode) and info.st_rdev != 0)
