"""Remove what the login screen remembers

GDM, LightDM and SDDM remember who logged in last and with which session, and cache pictures of
users. All of it is made anew. Left on purpose: the directories, the greeters' settings, and
keyrings and monitors of the greeter's own account.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=(
        *("/var/cache/gdm*/*", "/var/cache/lightdm/dmrc/*.dmrc"),
        *(f"/var/lib/{name}/.cache/*" for name in ("gdm*", "lightdm*", "sddm")),
        "/var/lib/sddm/state.conf",  # [Last] User= and Session=: sddm-state.conf(5)
    ),
)
