"""What the installed psutil makes of utmp(5)."""

from __future__ import annotations

import psutil


def host_told(host: str) -> str:
    """What is known of a ``host`` in utmp: nothing by psutil 5.9.7 to 6.1.0 (HISTORY.rst, 6.1.1)."""
    return "" if (5, 9, 7) <= psutil.version_info < (6, 1, 1) else host
