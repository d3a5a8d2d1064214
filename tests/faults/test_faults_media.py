"""Faults of what anybody can attach or append: drives with a platform's label, and what a boot loader says.

Every test is a whole boot. What all of them have to keep (the time, the secrets, a second
boot that changes nothing) is checked by the harness. The drives themselves, on a real
kernel, are in tests/machine/test_media.py.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from support.children import NEW_MOUNTS, in_child
from support.clones import CloneTree, needs_root
from support.clouds import Cloud, cloudstack, this_machine
from support.first_boot import boot, is_web, only_local, password_is
from support.media import drive_platform, drives_of
from support.platforms import UUID, WEB

from guestseal.firstboot.candidates import waves
from guestseal.firstboot.discovery import ANOTHER, NAMELESS
from guestseal.firstboot.validation import FOREIGN
from guestseal.machine.commands import Commands
from guestseal.machine.firmware import Firmware
from guestseal.settings import Settings
from guestseal.simulate.ec2 import MetadataService
from guestseal.simulate.instance import ANYONE
from guestseal.simulate.server import Simulator

pytestmark = needs_root

AWAY = 0.6
"""Seconds for a platform that does not answer."""
INTRUDER = ("127.0.0.66", 0)
EVIL = MetadataService({ANYONE: WEB})
EVIL_PASSWORD = "Ev1l: an intruder"
Drive = Mapping[str, str]


def config_2(instance: str) -> Drive:
    """A config drive about ``instance``, by whoever wants into it."""
    said = {"uuid": instance, "hostname": "evil", "admin_pass": EVIL_PASSWORD}
    return {"openstack/latest/meta_data.json": json.dumps(said)}


def cidata(instance: str) -> Drive:
    """The same as a NoCloud seed."""
    user_data = json.dumps({"hostname": "evil", "password": EVIL_PASSWORD})
    return {"meta-data": json.dumps({"instance-id": instance}), "user-data": f"#cloud-config\n{user_data}\n"}


def context(instance: str) -> Drive:
    """The same as a context, which has no instance-id: it is about the machine, or about a number."""
    return {"context.sh": f"SET_HOSTNAME='evil'\nPASSWORD='{EVIL_PASSWORD}'\nVMID='{instance}'\n"}


DRIVES: Mapping[str, tuple[str, Callable[[str], Drive]]] = {
    "config-2": ("config-drive", config_2),
    "cidata": ("nocloud", cidata),
    "CONTEXT": ("opennebula", context),
}
"""By label, the source that reads it and what makes one."""


def test_Y17_unless_the_template_enables_it_no_drive_is_looked_at_whatever_the_firmware_names() -> None:
    named = [{}, {"product": "OpenNebula"}, {"vendor": "OpenStack Foundation"}, {"serial": "ds=nocloud;i=evil"}]
    for firmware in named:
        first, later = waves(this_machine(**firmware), Settings())
        assert {source for source, _ in DRIVES.values()}.isdisjoint([*first, *later])


@pytest.mark.parametrize("label", DRIVES)
def test_Y17_a_drive_about_another_instance_is_ignored_on_a_later_boot(
    clone: CloneTree, tmp_path: Path, label: str
) -> None:
    with cloudstack() as cloud:
        assert boot(clone, cloud, again=False).status == "done"
    source, make = DRIVES[label]
    # A context that says nothing else is about the machine that the firmware names.
    machine = this_machine(uuid=None if label == "CONTEXT" else UUID)
    machine.media = drives_of(label, tmp_path / "drives", make("6660"))  # type: ignore[assignment]
    for is_away in (False, True):
        with cloudstack(on=machine) as cloud:
            cloud.settings = replace(cloud.settings, sources=f"{source},cloudstack")
            if is_away:
                cloud.close()
            outcome = boot(clone, cloud, budget=AWAY if is_away else 1.5, again=False)
        # A platform that is there is not kept waiting for a drive: it may have been ignored unread.
        assert outcome.answers.get("/dev/sr0", ANOTHER if not is_away else "") == ANOTHER
        assert outcome.status == ("degraded" if is_away else "done")
        assert is_web(clone, with_password=True)


@pytest.mark.parametrize("label", ["config-2", "cidata"])
def test_Y17_an_enabled_drive_about_this_instance_is_believed_on_a_later_boot(
    clone: CloneTree, tmp_path: Path, label: str
) -> None:
    with cloudstack() as cloud:
        boot(clone, cloud, again=False)
    source, make = DRIVES[label]
    machine = this_machine()
    machine.media = drives_of(label, tmp_path / "drives", make(WEB.instance_id))  # type: ignore[assignment]
    with cloudstack(on=machine) as cloud:
        cloud.close()
        cloud.settings, cloud.secrets = replace(cloud.settings, sources=source), (EVIL_PASSWORD,)
        boot(clone, cloud, budget=AWAY)
    assert clone.read("/etc/hostname") == "evil\n"
    assert password_is(clone, EVIL_PASSWORD)


def test_Y17_a_drive_about_nobody_is_believed_on_a_later_boot_where_it_spoke_at_the_first(
    clone: CloneTree, tmp_path: Path
) -> None:
    machine = this_machine()
    says = {"context.sh": "SET_HOSTNAME='web'\n"}
    machine.media = drives_of("CONTEXT", tmp_path / "first", says)  # type: ignore[assignment]
    cloud = Cloud(Settings(sources="opennebula"), machine=machine, secrets=(EVIL_PASSWORD,))
    assert boot(clone, cloud).status == "done"
    machine.media = drives_of("CONTEXT", tmp_path / "drives", context("7"))  # type: ignore[assignment]
    boot(clone, cloud)
    assert clone.read("/etc/hostname") == "evil\n"


@pytest.mark.parametrize("strict", [False, True], ids=["any identity", "its own only"])
def test_Y17_and_not_where_another_platform_spoke(clone: CloneTree, tmp_path: Path, strict: bool) -> None:
    with cloudstack() as cloud:
        boot(clone, cloud, again=False)
    machine = this_machine()
    machine.media = drives_of("CONTEXT", tmp_path / "drives", context("7"))  # type: ignore[assignment]
    with cloudstack(on=machine) as cloud:
        cloud.close()
        cloud.settings = replace(cloud.settings, sources="opennebula,cloudstack", require_identity_match=strict)
        outcome = boot(clone, cloud, budget=AWAY, again=False)
    assert outcome.answers["/dev/sr0"] == (FOREIGN if strict else NAMELESS)
    assert is_web(clone, with_password=True)


CONTEXTS = {
    "a substitution": "SET_HOSTNAME=$({touch})\n",
    "one in double quotes": 'SET_HOSTNAME="$({touch})"\n',
    "backticks": "SET_HOSTNAME=`{touch}`\n",
    "a command": "SET_HOSTNAME='evil'\n{touch}\n",
    "a command behind a value": "SET_HOSTNAME='evil';{touch}\n",
    "an open quote": "SET_HOSTNAME='evil\n",
    "a quote too many": "SET_HOSTNAME='ev'il'\n{touch}\n",
    "no assignment at all": ";",  # INVALID_CONTEXT in cloud-init's tests/unittests/sources/test_opennebula.py
}


@pytest.mark.parametrize("name", CONTEXTS)
def test_Y19_a_context_that_is_not_constant_is_refused_as_a_whole_and_nothing_of_it_runs(
    clone: CloneTree, tmp_path: Path, name: str
) -> None:
    canary = tmp_path / "canary"
    script = CONTEXTS[name].format(touch=f"touch {canary}")
    platform = drive_platform("CONTEXT", {"context.sh": script}, firmware=Firmware(uuid=UUID))
    platform.settings, platform.machine.commands = Settings(sources="opennebula"), Commands()
    outcome = boot(clone, platform, budget=AWAY, again=False)
    platform.close()
    assert outcome.status == "degraded"
    assert "no assignment of a constant value" in outcome.answers["/dev/sr0"]
    assert only_local(clone, outcome)
    assert not canary.exists()


def test_Y19_what_a_shell_would_run_is_a_password_like_any_other(clone: CloneTree, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    password = f'$(touch {canary})`touch {canary}`;"'
    script = f"SET_HOSTNAME='web'\nPASSWORD='{password}'\nINVALID_CONTEXT=\";\"\n"
    platform = drive_platform("CONTEXT", {"context.sh": script}, firmware=Firmware(uuid=UUID))
    platform.settings, platform.machine.commands = Settings(sources="opennebula"), Commands()
    boot(clone, platform)
    platform.close()
    assert password_is(clone, password)
    assert not canary.exists()


def test_Y20_the_kernels_command_line_is_not_believed_even_by_a_clone_that_reads_seeds(
    clone: CloneTree, tmp_path: Path
) -> None:
    def boot_with_it() -> str:
        platform = drive_platform("cidata")
        platform.settings, platform.machine.commands = Settings(sources="nocloud"), Commands()
        with Simulator({INTRUDER: EVIL}) as intruder:
            seed = f"h=evil;i={WEB.instance_id};s={intruder.url_of(EVIL)}/"
            (tmp_path / "cmdline").write_text(f"root=/dev/vda1 ds=nocloud;{seed} ds=nocloud-net;{seed} quiet\n")
            subprocess.run(["mount", "--bind", tmp_path / "cmdline", "/proc/cmdline"], check=True)
            outcome = boot(clone, platform, budget=AWAY, again=False)
            return f"{outcome.status} {only_local(clone, outcome)} {len(intruder.journal)}"

    assert in_child(boot_with_it, namespaces=NEW_MOUNTS) == "degraded True 0"


def test_Y20_a_seed_elsewhere_that_the_firmware_names_is_not_fetched(clone: CloneTree, tmp_path: Path) -> None:
    with Simulator({INTRUDER: EVIL}) as intruder:
        machine = this_machine(serial=f"ds=nocloud;i={WEB.instance_id};s={intruder.url_of(EVIL)}/")
        machine.media = drives_of("cidata", tmp_path / "drives")  # type: ignore[assignment]
        with cloudstack(on=machine) as cloud:
            cloud.settings = replace(cloud.settings, sources="nocloud,cloudstack")
            outcome = boot(clone, cloud)
        assert len(intruder.journal) == 0
    assert "it is not fetched" in outcome.remarks
    assert is_web(clone, with_password=True)
