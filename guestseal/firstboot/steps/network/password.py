"""Set the account's password to the platform's.

Runs on every boot: that is how CloudStack resets a password. A password is set once:
what was set is remembered as a hash of its own, so that a platform that offers it again
(an acknowledgement that got lost, a router that took over, a drive that keeps it for
ever) does not undo what its user chose since. It is acknowledged to the platform only
when it stands in /etc/shadow and crypt(3) has confirmed it there.

The hash is yescrypt where login.defs asks for it and the system knows it, else SHA-512.
With it goes the change that the seal demands at the first login, and an end of the
account that has passed. The date of the change is today; with a clock from before 2020
it stays empty, because a password of 1970 would have to be changed as soon as the clock
is set. No other account and no other line changes, and no file is made: without
/etc/shadow, or without the account in it, the step fails.

SSH keys without a password (setting ``keys-without-password``): a sealed template's
password has to be changed at the first login, even at one with a key, and all clones
share it. As soon as sshd would let one of the platform's keys in, the password is
disabled (``*``) and its change no longer demanded; once per clone, and never after a
password was set. Without keys and without a password it stays as the seal left it: who
knows it can log in on the console, and must choose a new one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from guestseal.errors import Changed, GuestError, printable
from guestseal.firstboot.step import Clone, Result, Step, When
from guestseal.guest.account_lock import locked
from guestseal.guest.authorized_keys import LIMIT, account_named, identity_of, is_key, keys_of, path_for
from guestseal.guest.facts import Account
from guestseal.guest.root import Root
from guestseal.guest.shadow import ShadowEntry, entry, with_entry
from guestseal.guest.ssh_login import installed, keys_refused, password_refused
from guestseal.guest.sshd_config import SshdConfig
from guestseal.guest.tree import Tree
from guestseal.machine.crypt import SHA512, YESCRYPT, hash_password, verify

SHADOW = "/etc/shadow"
LOGIN_DEFS = ("/etc/login.defs", "/usr/etc/login.defs")  # SUSE keeps the vendor's in /usr
DISABLED = "*"  # not "!": without PAM, sshd lets an account whose field begins with it in by no means
SANE_CLOCK = 1577836800  # 2020-01-01
_DAY = 86400
_EXPIRE = 4  # shadow(5): the account's end, among the fields after the date of the last change
_YESCRYPT = re.compile(r"^\s*ENCRYPT_METHOD\s+yescrypt\b", re.IGNORECASE | re.MULTILINE)


def run(clone: Clone) -> Result:
    """Set the password, or disable the template's. Raises GuestError or CommandError; then nothing was changed."""
    metadata = clone.metadata
    if metadata is not None and metadata.password is not None:
        return _set(clone, metadata.password.reveal())
    if metadata is not None and metadata.ssh_keys:
        return _without_password(clone, metadata.ssh_keys)
    return Result(False, "the platform offers no password", memory=clone.memory)


def _set(clone: Clone, password: bytes) -> Result:
    applied = clone.memory.get("digest")
    if applied is not None and verify(password, applied):
        return Result(False, "the password offered was set before", memory=clone.memory, acknowledge=True)
    root = clone.root
    account = account_named(clone.guest, clone.settings.account)
    with locked(root):
        content, before = _entry(root, account.name)
        # After a power cut before the state was saved, it stands there already.
        stands = not before.must_change and verify(password, before.password)
        hashed = before.password if stands else hash_password(password, _method(root))
        changed = _write(clone, content, before, hashed)
        if not verify(password, _entry(root, account.name)[1].password):
            raise Changed(SHADOW, "does not hold the password that was written to it a moment ago")
    refused = password_refused(SshdConfig.read(root), account) if installed(root) else None
    return Result(
        changed,
        f"set for {printable(account.name)}",
        memory={"digest": hashed},
        acknowledge=True,
        warnings=() if refused is None else (refused,),
    )


def _without_password(clone: Clone, keys: Iterable[str]) -> Result:
    """Disable the template's password, once, when one of ``keys`` opens the account."""
    nothing = Result(False, "the platform offers no password", memory=clone.memory)
    if clone.memory or clone.settings.keys_without_password == "keep":
        return nothing
    root = clone.root
    account = account_named(clone.guest, clone.settings.account)
    before = entry(root.read(SHADOW, limit=LIMIT) or b"", account.name)
    if before is None or not before.must_change:
        return nothing
    refused = _key_login_refused(root, account, keys)
    if refused is not None:
        return replace(nothing, warnings=(f"the template's password stays as the seal left it: {refused}",))
    with locked(root):
        content, before = _entry(root, account.name)
        changed = before.must_change and _write(clone, content, before, DISABLED)
    if not changed:  # somebody chose a password while the lock was waited for
        return nothing
    return Result(True, "disabled: the platform gave keys and no password", memory={"disabled": "for keys"})


def _key_login_refused(root: Root, account: Account, keys: Iterable[str]) -> str | None:
    """Why none of ``keys`` would open the account; None: one of them does."""
    if not installed(root):
        return "there is no sshd to log in to with a key"
    config = SshdConfig.read(root)
    path = path_for(account, config.authorized_keys_files)
    if path is None:
        return "sshd reads no file of keys"
    try:
        standing = keys_of(root.read(path, limit=LIMIT) or b"")
    except GuestError as error:
        return str(error)
    if standing.isdisjoint(identity_of(key) for key in keys if is_key(key)):
        return f"none of the platform's keys stands in {printable(path)}"
    return keys_refused(root, config, account, path)


def _entry(root: Root, name: str) -> tuple[bytes, ShadowEntry]:
    """The whole of /etc/shadow, and the account's entry. Raises GuestError without either."""
    content = root.read(SHADOW, limit=LIMIT)
    if content is None:
        raise GuestError(SHADOW, "does not exist, so nothing was set; pwconv(8) makes it")
    found = entry(content, name)
    if found is None:
        raise GuestError(SHADOW, f"no entry for {printable(name)}, so nothing was set; pwconv(8) makes it")
    return content, found


def _write(clone: Clone, content: bytes, before: ShadowEntry, hashed: str) -> bool:
    """Put ``hashed`` into the entry, fit for a login today; whether that changed anything."""
    now = clone.machine.clock.now()
    today = str(int(now // _DAY)) if now >= SANE_CLOCK else ""
    rest = list(before.rest)
    if rest[_EXPIRE].isdecimal() and int(rest[_EXPIRE]) <= int(today or 1):
        rest[_EXPIRE] = ""
    dated = hashed == before.password and not before.must_change
    last_change = before.last_change if dated else today
    after = replace(before, password=hashed, last_change=last_change, rest=tuple(rest))
    if after == before:
        return False
    clone.root.replace(SHADOW, with_entry(content, after), expected=content)
    return True


def _method(tree: Tree) -> str:
    texts = (tree.read_text(path) for path in LOGIN_DEFS)
    return YESCRYPT if _YESCRYPT.search(next((text for text in texts if text is not None), "")) else SHA512


STEP = Step(run=run, when=When.PER_BOOT, needs=("password", "ssh_keys"), after=("ssh-keys",))
