"""Report access tokens and database dumps in what the template is for

Most secrets that published images leaked lay beside an application: a token in the URL of a
cloned repository, a dump of a database. Looked at is what lies in /srv, /opt, /usr/local and
/var/www: URLs in .git/config, and the names of dumps. It is the payload, so nothing is removed.
Secrets that applications made for themselves are application-secrets'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.guest.regular_files import holds_something, says
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation

_PLACES = ("/srv", "/opt", "/usr/local", "/var/www")
_DUMP = re.compile(r"(?s).*\.(?:sql|pgdump)(?:\.(?:gz|bz2|xz|zst))?")
_WITH_TOKEN = re.compile(rb"(?m)^[ \t]*(?:push)?url[ \t]*=[ \t]*https?://[^/\s]*@")


def _found(guest: Guest) -> Iterator[Finding]:
    for place in _PLACES:
        for path in guest.tree.glob(f"{place}/**"):  # one walk of each: they may be large
            if path.endswith("/.git/config"):
                if holds_something(guest.tree, path) and says(guest.tree, path, _WITH_TOKEN):
                    yield Finding(path, "has a URL with a user or token", "take it out, and make it invalid")
            elif _DUMP.fullmatch(path) and holds_something(guest.tree, path):
                yield Finding(path, "looks like a dump of a database", "remove it unless clones need it")


OPERATION = Operation(kind=Kind.SECRET, findings=_found)
