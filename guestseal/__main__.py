"""``python -m guestseal``."""

import sys

from guestseal.cli import main

sys.exit(main())
