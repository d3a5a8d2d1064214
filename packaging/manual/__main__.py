"""Make the manual pages and the shells' completions from the code.

    /usr/bin/python3 packaging/manual DIRECTORY

Needs docutils. Equal sources make equal bytes: the pages' date is SOURCE_DATE_EPOCH, and
without it they have none.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def main() -> int:
    """Write every file below DIRECTORY."""
    parser = argparse.ArgumentParser(prog="packaging/manual", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("directory", metavar="DIRECTORY", type=Path)
    directory = parser.parse_args().directory
    try:
        import docutils  # noqa: F401
    except ImportError:
        sys.stderr.write("packaging/manual: docutils is missing: install python3-docutils (make test-deps does)\n")
        return 1
    from completions import completions
    from pages import pages

    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in {**pages(int(epoch) if epoch else None), **completions()}.items():
        (directory / name).write_text(text, encoding="utf-8")
    return 0


sys.exit(main())
