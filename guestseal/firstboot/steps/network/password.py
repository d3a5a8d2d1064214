"""Set the account's password to the platform's.

Runs on every boot: that is how CloudStack resets a password. A password is set once:
what was set is remembered as a hash of its own, so that a platform that offers it again
(an acknowledgement that got lost, a router that took over, a drive that keeps it for
ever) does not undo what its user chose since. That is put on the disk first, with what
stood in /etc/shadow before: a power cut at any moment changes nothing of this. It is
acknowledged to the platform only when it stands in /etc/shadow. Trouble of any other
kind takes back what was remembered, and the next boot tries again.

Where servers offer different passwords at the same time, the one of the default route's
network is set. The others are refused for good, or the next boot would set one of them:
they are remembered as hashes, and set only when the server that was preferred offers
them. A refused password that is wanted after all must be reset to a different one.

A platform may give a hash of crypt(5) in place of the password: it is set as it is, and
what is remembered of it is a digest. Where a platform gives both, the password counts.

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

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace

from guestseal.errors import Changed, CommandError, GuestError, printable
from guestseal.firstboot.metadata import Metadata
from guestseal.firstboot.step import Clone, Result, Step, When
from guestseal.guest.accounts.account_lock import locked
from guestseal.guest.accounts.shadow import SHADOW_LIMIT, ShadowEntry, entry, with_entry
from guestseal.guest.facts import Account
from guestseal.guest.root import Root
from guestseal.guest.ssh.authorized_keys import LIMIT, account_named, identity_of, is_key, keys_of, path_for
from guestseal.guest.ssh.ssh_login import installed, keys_refused, password_refused
from guestseal.guest.ssh.sshd_config import SshdConfig
from guestseal.guest.tree import Tree
from guestseal.machine.crypt import SHA512, YESCRYPT, hash_password, usable, verify

SHADOW = "/etc/shadow"
LOGIN_DEFS = ("/etc/login.defs", "/usr/etc/login.defs")  # SUSE keeps the vendor's in /usr
DIGEST, HASH, OVER = "digest", "hash", "over"
"""In the memory: the hash of the password that was set; a digest of the hash that the platform gave; and, until it is
known that it was set, a digest of what it replaces."""
REFUSED, PREFERRED = "refused", "preferred"
"""In the memory, once servers disagreed: hashes of the passwords that were refused, and the servers that offered the
one that was not, one a line."""
DISABLED = "*"  # not "!": without PAM, sshd lets an account whose field begins with it in by no means
SANE_CLOCK = 1577836800  # 2020-01-01
_DAY = 86400
_EXPIRE = 4  # shadow(5): the account's end, among the fields after the date of the last change
_YESCRYPT = re.compile(r"^\s*ENCRYPT_METHOD\s+yescrypt\b", re.IGNORECASE | re.MULTILINE)


def run(clone: Clone) -> Result:
    """Set the password, or disable the template's. Raises GuestError or CommandError; then nothing was changed."""
    metadata = clone.metadata
    if metadata is not None and (metadata.password is not None or metadata.password_hash is not None):
        return _set(clone, metadata)
    if metadata is not None and metadata.ssh_keys:
        return _without_password(clone, metadata.ssh_keys)
    return Result(False, "the platform offers no password", memory=clone.memory)


def _set(clone: Clone, said: Metadata) -> Result:
    root = clone.root
    known = _known(clone, said)
    if known is not None and OVER not in clone.memory:
        return _finished(_memory(clone, said, known), "the password offered was set before")
    if known is None and _refused(clone, said):
        warning = "the password offered was refused before, beside another server's: reset it to a different one"
        return Result(False, "not set", memory=clone.memory, warnings=(warning,))
    account = account_named(clone.guest, clone.settings.account)
    with locked(root):
        content, before = _entry(root, account.name)
        if known is not None and _digest(before.password) != clone.memory[OVER]:
            return _finished(_memory(clone, said, known), "the password offered was set before the power failed")
        hashed = known if known is not None and said.password is not None else _hash_for(clone, said, before)
        memory = _memory(clone, said, hashed)
        with _taken_back_unless_set(clone, account.name, before, hashed):
            # First: a next boot that does not find what this replaces knows that it has been set.
            clone.remember({**memory, OVER: _digest(before.password)})
            changed = _write(clone, content, before, hashed)
            if not _stands(root, account.name, hashed):
                raise Changed(SHADOW, "does not hold the password that was written to it a moment ago")
    refused = password_refused(root, SshdConfig.read(root), account) if installed(root) else None
    done = _finished(memory, f"set for {printable(account.name)}")
    return replace(done, changed=changed, warnings=() if refused is None else (refused,))


def _known(clone: Clone, said: Metadata) -> str | None:
    """The hash under which the password offered has been set before; None: it has not."""
    if said.password is not None:
        applied = clone.memory.get(DIGEST)
        return applied if applied is not None and verify(said.password.reveal(), applied) else None
    hashed = _given(said)
    return hashed if clone.memory.get(HASH) == _digest(hashed) else None


def _hash_for(clone: Clone, said: Metadata, before: ShadowEntry) -> str:
    """What belongs into /etc/shadow. Raises CommandError for what crypt(3) does not take."""
    if said.password is not None:
        password = said.password.reveal()
        # After a power cut and the loss of the state, it stands there already.
        stands = not before.must_change and verify(password, before.password)
        hashed = before.password if stands else hash_password(password, _method(clone.root))
        if verify(password, hashed):
            return hashed
        raise CommandError("crypt(3): the hash it made does not verify, so nothing was set")
    hashed = _given(said)
    # A colon would begin another field, and glibc's own crypt(3) takes a salt with one.
    if ":" in hashed or not hashed.isprintable() or not usable(hashed):
        raise CommandError("crypt(3): the platform's password hash is none that this system knows: nothing was set")
    return hashed


def _given(said: Metadata) -> str:
    return "" if said.password_hash is None else said.password_hash.reveal().decode("ascii", "replace")


def _digest(hashed: str) -> str:
    """Enough to know a hash again, and of no use to anybody else."""
    return hashlib.sha256(hashed.encode("utf-8", "surrogateescape")).hexdigest()


def _memory(clone: Clone, said: Metadata, hashed: str) -> dict[str, str]:
    """What to remember once ``hashed`` is set; what was set before it stays known: it may be offered again."""
    kept = {key: value for key, value in clone.memory.items() if key in (DIGEST, HASH)}
    offered = {} if said.password_hash is None else {HASH: _digest(_given(said))}
    return {**kept, **offered, **({} if said.password is None else {DIGEST: hashed}), **_refusals(clone, said)}


def _refusals(clone: Clone, said: Metadata) -> dict[str, str]:
    """What to remember of refused passwords once the one offered is set."""
    hashes = clone.memory.get(REFUSED, "").splitlines()
    if said.password is not None:
        hashes = [each for each in hashes if not verify(said.password.reveal(), each)]
    for other in said.passwords_refused:
        if not any(verify(other.reveal(), each) for each in hashes):
            hashes.append(hash_password(other.reveal(), _method(clone.root)))
    servers = "\n".join(map(str, said.password_from)) if said.passwords_refused else clone.memory.get(PREFERRED, "")
    return {REFUSED: "\n".join(hashes), PREFERRED: servers} if hashes else {}


def _refused(clone: Clone, said: Metadata) -> bool:
    """Whether the password offered was refused before, and no server offers it that was preferred then."""
    preferred = clone.memory.get(PREFERRED, "").splitlines()
    if said.password is None or any(str(server) in preferred for server in said.password_from):
        return False
    return any(verify(said.password.reveal(), each) for each in clone.memory.get(REFUSED, "").splitlines())


@contextmanager
def _taken_back_unless_set(clone: Clone, name: str, before: ShadowEntry, hashed: str) -> Iterator[None]:
    """Take back what was remembered when an error keeps ``hashed`` out of /etc/shadow.

    Left behind, whatever changes the entry next would be taken for the platform's password.
    """
    try:
        yield
    except BaseException:
        with suppress(GuestError):  # the first error is the one to tell
            if not _stands(clone.root, name, hashed):
                clone.remember(_settled(clone.memory, before))
        raise


def _settled(memory: Mapping[str, str], before: ShadowEntry) -> Mapping[str, str]:
    """``memory`` without what a power cut kept from being set, of which what was set before cannot be told."""
    if OVER not in memory:
        return memory
    was_set = _digest(before.password) != memory[OVER]
    return {key: value for key, value in memory.items() if was_set and key != OVER}


def _stands(root: Root, name: str, hashed: str) -> bool:
    """Whether ``hashed`` is in the account's entry; in one that cannot be read it is not."""
    try:
        return _entry(root, name)[1].password == hashed
    except GuestError:
        return False


def _finished(memory: Mapping[str, str], detail: str) -> Result:
    return Result(False, detail, memory=memory, acknowledge=True)


def _without_password(clone: Clone, keys: Iterable[str]) -> Result:
    """Disable the template's password, once, when one of ``keys`` opens the account."""
    nothing = Result(False, "the platform offers no password", memory=clone.memory)
    was_set = clone.memory and OVER not in clone.memory
    if was_set or clone.settings.keys_without_password == "keep":
        return nothing
    root = clone.root
    account = account_named(clone.guest, clone.settings.account)
    before = entry(root.read(SHADOW, limit=SHADOW_LIMIT) or b"", account.name)
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
    content = root.read(SHADOW, limit=SHADOW_LIMIT)
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


STEP = Step(run=run, when=When.PER_BOOT, needs=("password", "password_hash", "ssh_keys"), after=("ssh-keys",))
