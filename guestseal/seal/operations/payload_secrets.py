"""Report access tokens and database dumps in what the template is for

Most secrets that published images leaked lay beside an application: a token in the URL of a
cloned repository, a dump of a database. Looked at is what lies at the top of /srv, /opt,
/usr/local and /var/www: URLs in .git/config, and the names of dumps; `guestseal check` searches all of it
for tokens. It is the payload, so nothing is removed. Secrets that applications made for themselves are
application-secrets'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.guest.regular_files import regular_files, says
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation

# No deeper: what lies there can be large, and a seal does not walk what it does not clean.
_PLACES = ("/srv", "/opt", "/usr/local", "/usr/local/src", "/var/www")
_CLONES = tuple(f"{place}/{below}.git/config" for place in _PLACES for below in ("", "*/"))
_DUMPS = tuple(f"{place}/*.{kind}{packed}" for place in _PLACES for kind in ("sql", "pgdump") for packed in ("", ".*"))
_PACKED = re.compile(r"(?s).*\.(?:sql|pgdump)(?:\.(?:gz|bz2|xz|zst))?")
_WITH_TOKEN = re.compile(rb"(?m)^[ \t]*(?:push)?url[ \t]*=[ \t]*https?://[^/\s]*@")


def _found(guest: Guest) -> Iterator[Finding]:
    for path in regular_files(guest.tree, _CLONES):
        if says(guest.tree, path, _WITH_TOKEN):
            yield Finding(path, "has a URL with a user or token", "take it out, and make it invalid")
    for path in regular_files(guest.tree, _DUMPS):
        if _PACKED.fullmatch(path):
            yield Finding(path, "looks like a dump of a database", "remove it unless clones need it")


OPERATION = Operation(kind=Kind.SECRET, findings=_found)
