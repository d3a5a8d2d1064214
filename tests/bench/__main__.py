"""``make bench``: print the tables, each figure beside its peer measured in the same run."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import booting, residue, sealing

TABLES = {"sealing": sealing.main, "growth": sealing.growth, "booting": booting.main, "residue": residue.main}

for name in sys.argv[1:] or TABLES:
    TABLES[name]()
