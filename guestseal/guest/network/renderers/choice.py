"""Which of the tools a guest uses."""

from __future__ import annotations

from guestseal.guest.network.renderers import ifcfg, interfaces, netplan, networkd, networkmanager
from guestseal.guest.network.renderers.renderer import Renderer
from guestseal.guest.tree import Tree

RENDERERS: tuple[Renderer, ...] = (
    netplan.FOR_NETWORKMANAGER,
    netplan.RENDERER,  # it writes networkd's and NetworkManager's files
    interfaces.RENDERER,  # Debian's NetworkManager leaves alone what is in ifupdown's files
    networkmanager.RENDERER,  # Red Hat's reads the ifcfg files as well
    networkd.RENDERER,
    ifcfg.WICKED_RENDERER,
    ifcfg.SCRIPTS_RENDERER,
)
"""In the order in which they are looked for: where two are in use, the first one has the cards."""


def renderer_of(tree: Tree) -> Renderer | None:
    """The renderer for what configures the guest's cards at boot; None: it is none of these."""
    return next((renderer for renderer in RENDERERS if renderer.used(tree)), None)
