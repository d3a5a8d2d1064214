"""Report mail servers that know themselves by the template's name

Mail of every clone would leave with one name, and mail to that name would be kept by each of
them. Looked at are /etc/mailname, Exim's update-exim4.conf.conf, Postfix's main.cf, nullmailer,
msmtp, ssmtp, DMA, OpenSMTPD and Sendmail; a name that is computed ($myhostname), a file name
and localhost count as none.

Nothing is changed: which name the clones of a template use for mail is its administrator's
decision, and a relay is often configured on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.guest.network.hosts import is_local
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation

_LINES = re.compile(r"^[ \t]*()([^\s#]+)", re.MULTILINE)
_POSTFIX = re.compile(r"^(myhostname|mydomain|myorigin|mydestination)[ \t]*=((?:[^\n]|\n[ \t])*)", re.MULTILINE)
_FILES = {
    "/etc/mailname": _LINES,
    "/etc/nullmailer/me": _LINES,
    "/etc/nullmailer/defaulthost": _LINES,
    "/etc/mail/mailname": _LINES,  # OpenSMTPD
    "/etc/mail/local-host-names": _LINES,
    "/etc/exim4/update-exim4.conf.conf": re.compile(r"^(dc_other_hostnames|dc_readhost)='([^'\n]*)'", re.MULTILINE),
    "/etc/postfix/main.cf": _POSTFIX,
    "/etc/msmtprc": re.compile(r"^[ \t]*(domain|maildomain)[ \t]+(\S+)", re.MULTILINE),
    "/etc/ssmtp/ssmtp.conf": re.compile(r"^(hostname|rewriteDomain)[ \t]*=[ \t]*(\S+)", re.MULTILINE),
    "/etc/dma/dma.conf": re.compile(r"^(MAILNAME)[ \t]+(\S+)", re.MULTILINE),
}
_NO_NAME = ("$", "/", "hash:", "lmdb:", "regexp:", "pcre:")


def _names(text: str) -> list[str]:
    words = [word.strip("'\"") for word in re.split(r"[\s,;:]+", text)]
    return [word for word in words if word and not word.startswith(_NO_NAME) and not is_local(word)]


def _found(guest: Guest) -> Iterator[Finding]:
    for path, pattern in _FILES.items():
        if guest.tree.is_file(path):
            text = guest.tree.read_text(path) or ""
            if any(_names(found[2]) for found in pattern.finditer(text)):
                yield Finding(path, "holds a name for mail that every clone would share", "have each clone set its own")


OPERATION = Operation(kind=Kind.CLUTTER, findings=_found)
