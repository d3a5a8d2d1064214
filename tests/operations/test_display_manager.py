"""What login screens remember."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

X = File("[Last]\nUser=kim\n", 0o600)

CASES = (
    Case(
        "GDM and LightDM",
        DEBIAN,
        {
            "/var/cache/gdm/kim/dmrc": X,
            "/var/lib/gdm3/.cache/mesa/x": X,
            "/var/lib/gdm3/.config/monitors.xml": X,
            "/var/cache/lightdm/dmrc/kim.dmrc": X,
            "/var/lib/lightdm/.cache/lightdm-gtk-greeter/state": X,
        },
        {
            "/var/cache/gdm": Dir(),
            "/var/lib/gdm3/.cache": Dir(),
            "/var/lib/gdm3/.config/monitors.xml": X,
            "/var/cache/lightdm/dmrc": Dir(),
            "/var/lib/lightdm/.cache": Dir(),
        },
    ),
    Case("GDM", REDHAT, {"/var/lib/gdm/.cache/x": X}, {"/var/lib/gdm/.cache": Dir()}),
    Case(
        "SDDM",
        SUSE,
        {"/var/lib/sddm/state.conf": X, "/var/lib/sddm/.cache/x": X, "/var/lib/sddm/.config/kdeglobals": X},
        {"/var/lib/sddm/.cache": Dir(), "/var/lib/sddm/.config/kdeglobals": X},
    ),
    Case("no login screen", ALPINE, {"/etc/sddm.conf": X}),
)
