"""What is remembered of devices."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

X = File("1\n")
SYSTEMD = "/var/lib/systemd"

CASES = (
    Case(
        "a laptop",
        DEBIAN,
        {
            f"{SYSTEMD}/backlight/pci-0000:00:02.0:backlight:intel_backlight": X,
            f"{SYSTEMD}/rfkill/pci-0000:00:14.3:wlan": X,
            "/var/lib/upower/history-charge-DELL-50-1234.dat": X,
            "/var/lib/alsa/asound.state": X,
        },
        {
            f"{SYSTEMD}/backlight": Dir(),
            f"{SYSTEMD}/rfkill": Dir(),
            "/var/lib/upower": Dir(),
            "/var/lib/alsa/asound.state": X,
        },
    ),
    Case("tuned's profile", REDHAT, {"/etc/tuned/active_profile": File("virtual-guest\n")}),
    Case("nothing yet", SUSE, {f"{SYSTEMD}/rfkill": Dir(), f"{SYSTEMD}/catalog/database": X}),
    Case("no systemd", ALPINE, {"/var/lib/alsa/asound.state": X}),
)
