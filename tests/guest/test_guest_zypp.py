"""zypper's files: what belongs to a registration with SUSE, and what somebody added."""

from __future__ import annotations

from pathlib import Path

from support.trees import File, Link, build

from guestseal.guest.packages.zypp import credentials, subscribed
from guestseal.guest.tree import Tree

ZYPP = "/etc/zypp"
ACCOUNT = {
    f"{ZYPP}/credentials.d/SCCcredentials": File("username=SCC_0123\npassword=hunter2\n", 0o600),
    f"{ZYPP}/credentials.d/Basesystem_15.6": File("username = SCC_0123\npassword = hunter2\n", 0o600),
    f"{ZYPP}/credentials.d/site": File("username=build\npassword=SCC_x\n", 0o600),
}
SERVICE = {
    f"{ZYPP}/services.d/Basesystem_15.6.service": File(
        "[Basesystem_15.6]\nname=Basesystem\nurl=https://scc.suse.com/access/services/1?credentials=Basesystem_15.6\n"
    ),
    f"{ZYPP}/services.d/site.service": File("[site]\nurl=https://rpm.example.org/?credentials=site\n"),
}


def test_credentials_are_known_by_their_account(tmp_path: Path) -> None:
    build(tmp_path, {**ACCOUNT, f"{ZYPP}/credentials.d/link": Link("SCCcredentials")})
    with Tree(str(tmp_path)) as tree:
        assert credentials(tree) == [
            f"{ZYPP}/credentials.d/Basesystem_15.6",
            f"{ZYPP}/credentials.d/SCCcredentials",
        ]


def test_services_and_their_repositories_belong_to_it(tmp_path: Path) -> None:
    repositories = {
        f"{ZYPP}/repos.d/pool.repo": File("[pool]\nbaseurl=https://updates.suse.com/x\nservice=Basesystem_15.6\n"),
        f"{ZYPP}/repos.d/cloud.repo": File("[cloud]\nbaseurl=plugin:/susecloud?credentials=SCCcredentials&path=/x\n"),
        f"{ZYPP}/repos.d/site.repo": File("[site]\nbaseurl=https://rpm.example.org/?credentials=site\nservice=site\n"),
        f"{ZYPP}/repos.d/oss.repo": File("[oss]\nbaseurl=http://download.opensuse.org/\n"),
    }
    build(tmp_path, {**ACCOUNT, **SERVICE, **repositories})
    with Tree(str(tmp_path)) as tree:
        assert subscribed(tree) == [
            f"{ZYPP}/services.d/Basesystem_15.6.service",
            f"{ZYPP}/repos.d/cloud.repo",
            f"{ZYPP}/repos.d/pool.repo",
        ]


def test_without_a_registration_nothing_belongs_to_one(tmp_path: Path) -> None:
    build(tmp_path, SERVICE)
    with Tree(str(tmp_path)) as tree:
        assert (credentials(tree), subscribed(tree)) == ([], [])
