"""What must be true of an answer before any of it is believed.

Every function takes the address that answered and the bytes of the answer, and either
gives a value that is safe to write into the system's files or raises Malformed. No
message ever quotes what was received: it may be a password, or an attack on a terminal.
"""

from __future__ import annotations

import ipaddress
import json
import re
import unicodedata
from typing import NamedTuple

from guestseal.errors import Malformed
from guestseal.firstboot.metadata import Secret

TEXT_LIMIT = 256
"""Bytes of an instance-id or a host name on the wire."""
PASSWORD_LIMIT = 256
"""Bytes of a password: below PAM's 512 (PAM_MAX_RESP_SIZE) and crypt(3)'s 511."""
KEYS_LIMIT = 64 * 1024
"""Bytes of all public keys together."""
HOSTNAME_MAX = 64
"""Bytes the kernel takes for a host name: HOST_NAME_MAX, gethostname(2)."""

FOREIGN = "its instance-id is not this machine's system UUID (require-identity-match)"
"""Why metadata that would do otherwise is not believed."""

_NOTHING_PENDING = ("", "saved_password")
_NAMES_NOBODY = ("", "-", "(none)", "none", "null", "localhost", "localhost4", "localhost6", "localhost6.localdomain6")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class Name(NamedTuple):
    """A host name; None where the platform gives none. ``remarks`` say what was changed."""

    name: str | None
    remarks: tuple[str, ...] = ()


def item(address: str, body: bytes) -> str:
    """One line of text without blanks around it; empty where nothing was sent.

    Raises Malformed for what is not one line of text: more lines, control characters, bytes
    that are not UTF-8, a page of HTML, a JSON document, a line of HTTP.
    """
    text = _decoded(address, body, TEXT_LIMIT).strip()
    if not text.isprintable():
        raise Malformed(address, "more than one line, or control characters")
    _refuse_documents(address, text)
    if text.startswith("<"):
        raise Malformed(address, "markup where text was expected")
    return text


def instance_id(address: str, body: bytes) -> str:
    """The platform's name for this machine. Raises Malformed."""
    text = item(address, body)
    if not re.fullmatch(r"[A-Za-z0-9._:-]{1,128}", text):
        raise Malformed(address, "not an instance-id: 1 to 128 letters, digits, dots, colons, dashes or underscores")
    return text


def hostname(address: str, body: bytes, *, from_ipv4: bool = False) -> Name:
    """A host name by RFC 1123 in lower case, at most 64 characters, or None where it names nobody.

    A longer name loses labels at its end; an underscore becomes a dash; other scripts become
    their IDNA form. With ``from_ipv4`` an address becomes ip-10-0-0-1, as on EC2; without, and
    for anything else that is no host name, raises Malformed.
    """
    text = item(address, body).lower().rstrip(".")
    if text in _NAMES_NOBODY or text.startswith("localhost."):
        return Name(None)
    if re.fullmatch(r"\d+\.\d+\.\d+\.\d+", text):
        return Name(_from_ipv4(address, text, allowed=from_ipv4))
    remarks: tuple[str, ...] = ()
    if "_" in text:
        text, remarks = text.replace("_", "-"), ("host name: underscores were made dashes",)
    if not text.isascii():
        text, remarks = _idna(address, text), (*remarks, "host name: put into its IDNA form")
    labels = text.split(".")
    if len(text) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Malformed(address, "not a host name (RFC 1123)")
    while len(".".join(labels)) > HOSTNAME_MAX:
        labels.pop()
    if len(".".join(labels)) < len(text):
        remarks = (*remarks, f"host name: cut after a label, to at most {HOSTNAME_MAX} characters")
    return Name(".".join(labels), remarks)


def password(address: str, body: bytes) -> Secret | None:
    """A password to be set, exactly as sent but for one line end; None: none is waiting.

    Raises Malformed for what no platform means as one: bad_request (which comes with status
    200), HTML, a line of HTTP, a JSON object, a second line, control characters.
    """
    text = _decoded(address, body, PASSWORD_LIMIT + 2)
    text = text[:-2] if text.endswith("\r\n") else text[:-1] if text.endswith("\n") else text
    if text.strip() in _NOTHING_PENDING:
        return None
    if text.strip() == "bad_request":
        raise Malformed(address, "the password server did not understand the request")
    _refuse_documents(address, text)
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in text):
        raise Malformed(address, "a password with a second line or control characters")
    value = text.encode()
    if len(value) > PASSWORD_LIMIT:
        raise Malformed(address, f"a password of more than {PASSWORD_LIMIT} bytes")
    return Secret(value)


def password_hash(address: str, body: bytes) -> Secret | None:
    """A password as a crypt(5) hash; None: none is waiting.

    Raises Malformed for what is not one of the hashes that today's login programs take: yescrypt,
    SHA-512, SHA-256, bcrypt. MD5 and DES are refused: whoever reads them can undo them.
    """
    text = item(address, body)
    if not text:
        return None
    if not re.fullmatch(r"\$(?:y|gy|7|2[aby]|5|6)\$[!-9;-~]{10,250}", text):
        raise Malformed(address, "not a password hash of crypt(5) that is safe to use")
    return Secret(text.encode())


def _decoded(address: str, body: bytes, limit: int) -> str:
    if len(body) > limit:
        raise Malformed(address, f"more than {limit} bytes")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed(address, "not UTF-8") from None


def _refuse_documents(address: str, text: str) -> None:
    """Raise Malformed for an error page that came with status 200."""
    start = text.lstrip().lower()
    if start.startswith(("<!doctype", "<html", "<?xml")):
        raise Malformed(address, "a page of HTML where text was expected")
    if re.match(r"http/\d", start):
        raise Malformed(address, "a line of HTTP where text was expected")
    if start.startswith("{") and _is_json(text):
        raise Malformed(address, "a JSON document where text was expected")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _from_ipv4(address: str, text: str, *, allowed: bool) -> str:
    try:
        parsed = ipaddress.IPv4Address(text)
    except ValueError:
        parsed = None
    if parsed is None or not allowed:
        raise Malformed(address, "an IP address where a host name was expected")
    return "ip-" + str(parsed).replace(".", "-")


def _idna(address: str, text: str) -> str:
    try:
        return text.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise Malformed(address, "not a host name (IDNA)") from None
