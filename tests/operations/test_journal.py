"""The journal goes; the directory that makes it persistent stays."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

ID = "0123456789abcdef0123456789abcdef"
OLD_ID = "f" * 32
TOP = {"/var/log/journal": Dir(0o2755, (0, 190))}
JOURNAL = File(b"LPKSHHRH", 0o640, (0, 190))
STATE = "/var/lib/rsyslog/imjournal.state"

CASES = (
    Case(
        "its own, an orphan and a namespace",
        DEBIAN,
        {
            **TOP,
            f"/var/log/journal/{ID}/system.journal": JOURNAL,
            f"/var/log/journal/{ID}/user-1000@0001.journal~": JOURNAL,
            f"/var/log/journal/{OLD_ID}/system.journal": JOURNAL,
            f"/var/log/journal/{ID}.web/system.journal": JOURNAL,
        },
        TOP,
    ),
    Case(
        "received from others, loose, and rsyslog's place in it",
        REDHAT,
        {
            **TOP,
            "/var/log/journal/remote": Dir(0o755, (995, 995)),
            "/var/log/journal/remote/remote-10.0.0.1.journal": JOURNAL,
            "/var/log/journal/lost.journal": JOURNAL,
            STATE: File("s=0;i=1"),
            "/var/lib/rsyslog/queue": File("q"),
        },
        {**TOP, "/var/log/journal/remote": Dir(0o755, (995, 995)), "/var/lib/rsyslog/queue": File("q")},
    ),
    Case("a persistent journal that is empty", SUSE, TOP),
    Case("no journal", ALPINE, {"/var/log/messages": File("x\n")}),
    Case("a directory with another kind of name", DEBIAN, {**TOP, "/var/log/journal/notes/why.txt": File("x\n")}),
)
