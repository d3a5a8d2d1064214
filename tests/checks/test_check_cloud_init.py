"""Does cloud-init work where it is expected, and ask the platform?"""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, UBUNTU
from support.trees import File, Link, Tree

UNITS = "/usr/lib/systemd/system"
PINNED = "/etc/cloud/cloud.cfg.d/99-installer.cfg"
OFF = "/etc/cloud/cloud-init.disabled"
CLOUD_INIT: Tree = {"/usr/bin/cloud-init": File(mode=0o755), f"{UNITS}/cloud-init.target": File("[Unit]\n")}
FIRSTBOOT = f"{UNITS}/guestseal-firstboot.service"
GUESTSEAL: Tree = {
    FIRSTBOOT: File("[Service]\n"),
    "/etc/systemd/system/multi-user.target.wants/guestseal-firstboot.service": Link(FIRSTBOOT),
}
DPKG = "datasource_list: [ NoCloud, ConfigDrive, OpenNebula, DigitalOcean, Azure, Ec2, CloudStack, GCE, None ]\n"


def cloud_init(*texts: str) -> Tree:
    return {**CLOUD_INIT, **{f"/etc/cloud/cloud.cfg.d/{n}0.cfg": File(text) for n, text in enumerate(texts)}}


def pinned(text: str) -> Tree:
    return {**CLOUD_INIT, PINNED: File(text)}


NOT_ASKED, TAKEN_OUT = ("does not ask this platform",), {PINNED: None}

CASES = (
    CheckCase("its own list", DEBIAN, CLOUD_INIT, profile="digitalocean"),
    CheckCase("Debian's list", DEBIAN, cloud_init(DPKG), profile="aws"),
    CheckCase("a line each", REDHAT, cloud_init("datasource_list:\n  - 'NoCloud'\n  - Ec2 # ours\n"), profile="aws"),
    CheckCase(
        "a comment between", REDHAT, cloud_init("datasource_list:\n- NoCloud\n# that of AWS\n- Ec2\n"), profile="aws"
    ),
    CheckCase("several lines", SUSE, cloud_init("datasource_list: [ NoCloud,\n  GCE ]\n"), profile="gcp"),
    CheckCase("capitals do not count", SUSE, cloud_init("datasource_list: [ azure ]\n"), profile="azure"),
    CheckCase("JSON", UBUNTU, cloud_init('{"datasource_list": ["Azure"]}\n'), profile="azure"),
    CheckCase("the last file counts", UBUNTU, cloud_init("datasource_list: [None]\n", DPKG), profile="gcp"),
    CheckCase("a comment", UBUNTU, cloud_init("# datasource_list: [ None ]\n"), profile="gcp"),
    CheckCase("a seed, on any platform", UBUNTU, cloud_init("datasource_list: [ NoCloud, None ]\n")),
    CheckCase("on Alpine", ALPINE, {"/usr/bin/cloud-init": File(), "/etc/runlevels/boot/cloud-init": File()}),
    CheckCase("not there, and not expected", DEBIAN, {}, skipped="not installed", profile="openstack"),
    CheckCase("disabled, and not expected", DEBIAN, {**CLOUD_INIT, OFF: File()}, skipped="disabled"),
    CheckCase("not there", DEBIAN, {}, ("not installed",), mended=CLOUD_INIT, profile="digitalocean"),
    CheckCase("disabled", REDHAT, {**CLOUD_INIT, OFF: File()}, ("is disabled",), mended={OFF: None}, profile="tencent"),
    CheckCase(
        "masked",
        REDHAT,
        {**CLOUD_INIT, "/etc/systemd/system/cloud-init.target": Link("/dev/null")},
        ("is disabled",),
        mended={"/etc/systemd/system/cloud-init.target": None},
        profile="tencent",
    ),
    CheckCase(
        "guestseal does its work",
        DEBIAN,
        GUESTSEAL,
        ("not installed",),
        fails=False,
        mended=CLOUD_INIT,
        profile="tencent",
    ),
    CheckCase(
        "pinned to None by an installer",
        UBUNTU,
        pinned("datasource_list: [None]\n"),
        ("asks no platform",),
        mended=TAKEN_OUT,
    ),
    CheckCase(
        "a platform in a comment only",
        REDHAT,
        pinned("datasource_list:\n  - NoCloud # Ec2\n"),
        NOT_ASKED,
        mended=TAKEN_OUT,
        profile="aws",
    ),
    CheckCase("an empty list", UBUNTU, pinned("datasource_list: []\n"), ("asks no platform",), mended=TAKEN_OUT),
    CheckCase(
        "a seed only",
        UBUNTU,
        pinned("datasource_list: [NoCloud, None]"),
        NOT_ASKED,
        mended=TAKEN_OUT,
        profile="openstack",
    ),
    CheckCase(
        "another cloud's, a line each",
        SUSE,
        pinned("datasource_list:\n - Ec2\n - None"),
        NOT_ASKED,
        mended=TAKEN_OUT,
        profile="gcp",
    ),
)
