"""What the settings name has to exist: told before a template is sealed, and not by its clones."""

from __future__ import annotations

from guestseal.errors import UsageError
from guestseal.firstboot.candidates import require_known
from guestseal.guest.tree import Tree
from guestseal.seal import site_rules
from guestseal.seal.runner import chosen
from guestseal.settings import OPTION, Settings


def require_known_names(settings: Settings, tree: Tree) -> None:
    """Raise UsageError, with the file, where a setting names an operation, a source or an address that is none."""
    require_known(settings)
    rules = site_rules.read(tree)
    try:
        chosen(settings.operations, rules)
    except UsageError as error:
        origin = settings.origin_of("operations")
        if origin == OPTION:
            raise
        raise UsageError(f"{origin}: [seal] operations: {error}") from None
