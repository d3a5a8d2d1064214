"""Remove what Ubuntu knows about pending updates

The message of the day says how many updates there are, whether a new release is out and
when disks are to be checked; on a clone it would tell about the template. All of this is
made anew by update-notifier, ubuntu-release-upgrader and motd-news. The report about the
hardware that ubuntu-report sent, and keeps, goes as well.

Left on purpose: what packages still have to download (package-data-downloads) and notices
of packages (user.d), both below /var/lib/update-notifier.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=(
        *("/var/lib/update-notifier/updates-available", "/var/lib/update-notifier/fsck-at-reboot"),
        "/var/lib/update-notifier/hwe-eol",
        "/var/lib/ubuntu-release-upgrader/release-upgrade-available",
        *("/var/cache/motd-news", "{home}/.cache/ubuntu-report"),
    ),
)
