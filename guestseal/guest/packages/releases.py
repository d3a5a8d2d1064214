"""How long distributions make security updates for a release, free of charge.

What os-release(5) says in SUPPORT_END counts first: Fedora and Amazon Linux set it. Dates of the
others by Debian's package distro-info-data (debian.csv: eol-lts; ubuntu.csv: eol), Red Hat's,
Oracle's and SUSE's life cycle pages (maintenance, premier and general support), Alpine's release page and
endoflife.date for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

_RHEL = {"6": "2020-11-30", "7": "2024-06-30", "8": "2029-05-31", "9": "2032-05-31", "10": "2035-05-31"}
_ENDS: Mapping[str, Mapping[str, str]] = {
    "debian": {
        **{"7": "2018-05-31", "8": "2020-06-30", "9": "2022-06-30", "10": "2024-06-30"},
        **{"11": "2026-08-31", "12": "2028-06-30", "13": "2030-06-30"},
    },
    "ubuntu": {
        **{"14.04": "2019-04-25", "16.04": "2021-04-30", "18.04": "2023-05-31", "20.04": "2025-05-29"},
        **{"22.04": "2027-06-01", "24.04": "2029-05-31", "26.04": "2031-05-29"},
        **{"20.10": "2021-07-22", "21.04": "2022-01-20", "21.10": "2022-07-14", "22.10": "2023-07-20"},
        **{"23.04": "2024-01-25", "23.10": "2024-07-11", "24.10": "2025-07-10", "25.04": "2026-01-15"},
        **{"25.10": "2026-07-09", "26.10": "2027-07-15"},
    },
    "rhel": _RHEL,
    "rocky": {version: _RHEL[version] for version in ("8", "9", "10")},
    "almalinux": {**{version: _RHEL[version] for version in ("9", "10")}, "8": "2029-03-01"},
    # CentOS Linux up to 7, CentOS Stream since: of both 8 the later date.
    "centos": {"6": "2020-11-30", "7": "2024-06-30", "8": "2024-05-31", "9": "2027-05-31", "10": "2030-01-01"},
    "ol": {"6": "2021-03-31", "7": "2024-12-31", "8": "2029-07-31", "9": "2032-06-30"},
    "amzn": {"2018.03": "2023-12-31", "2": "2026-06-30"},
    "fedora": {"34": "2022-06-07", "35": "2022-12-13", "36": "2023-05-16", "37": "2023-12-05"},
    "opensuse-leap": {
        **{"42.3": "2019-07-01", "15.0": "2019-12-03", "15.1": "2021-02-02", "15.2": "2022-01-04"},
        **{"15.3": "2022-12-31", "15.4": "2023-12-07", "15.5": "2024-12-31", "15.6": "2026-04-30"},
        "16.0": "2027-10-31",
    },
    "sles": {
        **{"12.4": "2020-06-30", "12.5": "2024-10-31", "15.1": "2021-01-31", "15.2": "2021-12-31"},
        **{"15.3": "2022-12-31", "15.4": "2023-12-31", "15.5": "2024-12-31", "15.6": "2025-12-31"},
        "15.7": "2031-07-31",
    },
    "alpine": {
        **{"3.12": "2022-05-01", "3.13": "2022-11-01", "3.14": "2023-05-01", "3.15": "2023-11-01"},
        **{"3.16": "2024-05-23", "3.17": "2024-11-22", "3.18": "2025-05-09", "3.19": "2025-11-01"},
        **{"3.20": "2026-04-01", "3.21": "2026-11-01", "3.22": "2027-05-01"},
    },
}


def is_release(os_release: Mapping[str, str], name: str) -> bool:
    """Whether it is the release ``name``: ID and the beginning of VERSION_ID, as in "rocky 9"."""
    distribution, _, version = name.partition(" ")
    has = os_release.get("VERSION_ID", "")
    return os_release.get("ID") == distribution and (has == version or has.startswith(f"{version}."))


def end(os_release: Mapping[str, str]) -> date | None:
    """The last day on which there are security updates for everybody; None: it is not known, or there is none."""
    said = _date(os_release.get("SUPPORT_END", ""))
    if said is not None:
        return said
    distribution = os_release.get("ID", "")
    for version, day in _ENDS.get(distribution, {}).items():
        if is_release(os_release, f"{distribution} {version}"):
            return _date(day)
    return None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
