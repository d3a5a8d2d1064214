"""Reading a guest's files: a tree of which no path and no link leads out.

Paths are absolute inside the tree ("/etc/hostname") and hold any bytes a file
name can hold (surrogateescape). A path is walked component by component from the
root's own descriptor with ``O_PATH|O_NOFOLLOW``, so it works on kernels without
openat2(2) and on paths longer than PATH_MAX, and a link is followed by guestseal
itself: an absolute target starts at the tree's root, ``..`` stops there.

A link is followed when root made it, or when what it leads to belongs to the
account that made the link: a user's ``~/.cache -> /etc`` is refused. This is the
rule of the kernel's protected_symlinks and of systemd's CHASE_SAFE.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from guestseal.errors import GuestError, TooLarge, Unsafe
from guestseal.guest.mounts import GuestMounts

MAX_LINKS = 40  # path_resolution(7)

_LOOK = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC
ENTER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


class Tree:
    """A guest's tree, read only.

    ``path`` is where the tree lies on this machine: "/" for the running system.
    Raises GuestError when it is not a directory.
    """

    def __init__(self, path: str = "/") -> None:
        self.path = path
        try:
            self._fd = os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise GuestError(path, f"{error.strerror}; --root takes the directory of a root filesystem") from error
        self.mounts = GuestMounts(self._fd)
        self.passed_over: dict[str, str] = {}
        """Paths that a pattern led to and that were not entered or followed, with the reason."""

    def __enter__(self) -> Tree:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the root's descriptor back; the tree cannot be used any more."""
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

    def resolve(self, path: str) -> str | None:
        """The path inside the tree, free of links, that ``path`` leads to; None: nothing is there."""
        found = self._walk(path, follow=True)
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
            with self.opened_file(path, fd, os.O_RDONLY) as opened:
                data = b""
                while len(data) <= limit:
                    more = os.read(opened, min(1 << 20, limit + 1 - len(data)))
                    if not more:
                        return data
                    data += more
        raise TooLarge(path, f"more than {limit} bytes")

    def read_text(self, path: str, *, limit: int = 1 << 20) -> str | None:
        """As ``read``, decoded so that encoding it again gives the same bytes."""
        data = self.read(path, limit=limit)
        return None if data is None else os.fsdecode(data)

    def names(self, path: str) -> list[str]:
        """The sorted names in the directory ``path`` leads to; empty when there is none."""
        with self.entered(path) as fd:
            return [] if fd is None else sorted(os.listdir(fd))

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
    def entered(self, path: str) -> Iterator[int | None]:
        """A descriptor of the directory ``path`` leads to, for listing; None: there is none.

        Raises NotEntered when the directory lies on a mount that is not the guest's.
        """
        with self.looked_at(path, follow=True) as looked:
            if looked is None or not stat.S_ISDIR(os.fstat(looked).st_mode):
                yield None
                return
            self.require_own(path, looked)
            fd = os.open(".", ENTER, dir_fd=looked)
        try:
            yield fd
        finally:
            os.close(fd)

    @contextmanager
    def opened_file(self, path: str, looked: int, flags: int) -> Iterator[int]:
        """Open the regular file behind the O_PATH descriptor ``looked``; anything else raises Unsafe."""
        if not stat.S_ISREG(os.fstat(looked).st_mode):
            raise Unsafe(path, "not a regular file: never opened")
        self.require_own(path, looked)
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

    def _walk(self, path: str, *, follow: bool) -> tuple[int, list[str]] | None:
        """An O_PATH descriptor of ``path`` and its components without links; None: nothing there."""
        if not path.startswith("/") or "\0" in path:
            raise GuestError(path, "a path inside the guest starts with / and holds no NUL")
        walk = _Walk(self, path, follow=follow)
        try:
            while walk.pending:
                walk.step()
        except (FileNotFoundError, NotADirectoryError):
            os.close(walk.fd)
            return None
        except OSError as error:
            os.close(walk.fd)
            raise GuestError(path, error.strerror or str(error)) from error
        except GuestError:
            os.close(walk.fd)
            raise
        return walk.fd, walk.done

    def _from_root(self, names: list[str]) -> int:
        """Walk components that were real directories a moment ago; a link among them raises OSError."""
        fd = os.dup(self._fd)
        for name in names:
            above = fd
            try:
                fd = os.open(name, _LOOK | os.O_DIRECTORY, dir_fd=above)
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
        # A number among the names is the owner of a link: what the link led to must be theirs.
        self.pending: list[str | int] = list(reversed(path.split("/")))

    def step(self) -> None:
        name = self.pending.pop()
        if isinstance(name, int):
            if os.fstat(self.fd).st_uid != name:
                raise Unsafe(self.path, f"a link made by uid {name} leads to what is not theirs: not followed")
        elif name == "..":
            del self.done[-1:]
            self._stand(self.tree._from_root(self.done))
        elif name not in ("", "."):
            self._enter(name)

    def _enter(self, name: str) -> None:
        if self.pending_names() or self.follow:
            foreign = self.tree.mounts.foreign_point("/" + "/".join([*self.done, name]))
            if foreign is not None:
                raise foreign.error(self.path)
        found = os.open(name, _LOOK, dir_fd=self.fd)
        info = os.fstat(found)
        if stat.S_ISLNK(info.st_mode) and (self.pending_names() or self.follow):
            try:
                self._follow(os.readlink("", dir_fd=found), info.st_uid)
            finally:
                os.close(found)
            return
        if self.pending_names() and not stat.S_ISDIR(info.st_mode):
            os.close(found)
            raise NotADirectoryError(self.path)
        self._stand(found)
        self.done.append(name)

    def pending_names(self) -> bool:
        """Whether a component is still ahead, and not only the checks of links already followed."""
        return any(isinstance(item, str) and item not in ("", ".") for item in self.pending)

    def _follow(self, target: str, owner: int) -> None:
        self.links += 1
        if self.links > MAX_LINKS:
            raise FileNotFoundError(self.path)
        if owner != 0:
            self.pending.append(owner)
        self.pending.extend(reversed(target.split("/")))
        if target.startswith("/"):
            self.done = []
            self._stand(self.tree._from_root([]))

    def _stand(self, fd: int) -> None:
        os.close(self.fd)
        self.fd = fd
