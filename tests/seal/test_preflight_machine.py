"""The checks that look at the running machine: with real processes, mounts and locks, and programs of our own."""

from __future__ import annotations

import json
import os
import re
import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.children import NEW_MOUNTS, in_child
from support.logins import host_told
from support.trees import Dir, File, Tree, build

from guestseal.guest import tree as guest_tree
from guestseal.guest.facts import Guest
from guestseal.machine.commands import Commands
from guestseal.machine.host import Machine
from guestseal.machine.services import Services
from guestseal.seal.preflight import Concern, preflights

PROJECT = Path(__file__).resolve().parents[2]
UTMP = struct.Struct("=hxxi32s4s32s256shhiii16s20s")  # utmp(5), x86 and arm
INACTIVE = "LoadState=loaded\nActiveState=inactive\nUnitFileState=enabled\n"
ACTIVE = INACTIVE.replace("inactive", "active")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    place = tmp_path / "root"
    place.mkdir()
    return place


def machine(tmp_path: Path, **scripts: str) -> Machine:
    """The running machine, but for these programs, and with systemd if it has systemctl."""
    place = tmp_path / "bin"
    place.mkdir(exist_ok=True)
    for name, text in scripts.items():
        program = place / name.replace("_", "-")
        program.write_text(f"#!/bin/sh\n{text}\n")
        program.chmod(0o755)
    made = Machine(commands=Commands({"PATH": f"{place}:/usr/bin:/bin"}))
    if "systemctl" in scripts:
        (tmp_path / "run/systemd/system").mkdir(parents=True, exist_ok=True)
    made.services = Services(made.commands, runtime=str(tmp_path / "run"))
    return made


def look(name: str, root: Path, running: Machine) -> list[Concern]:
    with guest_tree.Tree(str(root)) as tree:
        return list(preflights()[name].value.look(Guest(tree, live=True), running))


def in_own_mounts(name: str, root: Path, running: Machine, *mounts: str) -> list[Concern]:
    """What a check finds in a child process, after these commands of mount(8) there."""

    def act() -> str:
        for words in mounts:
            subprocess.run(["mount", *words.format(root=root).split()], check=True, timeout=20)
        return json.dumps([[each.what, each.remedy, each.forcible] for each in look(name, root, running)])

    return [Concern(*each) for each in json.loads(in_child(act, namespaces=NEW_MOUNTS))]


def test_privileges(root, tmp_path):
    assert look("privileges", root, machine(tmp_path)) == []

    with guest_tree.Tree(str(root)) as tree:

        def as_nobody() -> str:
            os.setuid(65534)
            (concern,) = preflights()["privileges"].value.look(Guest(tree, live=True), Machine())
            return f"{concern.what}|{concern.remedy}|{concern.forcible}"

        what, remedy, forcible = in_child(as_nobody).split("|")
    assert what == "this is user 65534, not root"
    assert "as root, or with sudo" in remedy
    assert forcible == "False"


def test_a_running_package_manager(root, tmp_path):
    program = shutil.copy("/bin/sleep", tmp_path / "apt-get")
    with subprocess.Popen([program, "60"]) as running:
        try:
            what = f"apt-get is running (pid {running.pid})"
            end = time.monotonic() + 10
            while time.monotonic() < end:
                found = [each for each in look("package-manager", root, machine(tmp_path)) if each.what == what]
                if found:
                    break
            assert "let it finish" in found[0].remedy
            assert "systemctl stop apt-daily.timer" in found[0].remedy
            assert found[0].forcible
        finally:
            running.kill()
    assert what not in [each.what for each in look("package-manager", root, machine(tmp_path))]


def test_a_package_manager_that_started_the_seal(root, tmp_path):
    """As a maintainer script does."""
    seal = (
        "import sys\nfrom guestseal.guest.facts import Guest\nfrom guestseal.guest.tree import Tree\n"
        "from guestseal.machine.host import Machine\nfrom guestseal.seal.preflight import concerns\n"
        "with Tree(sys.argv[1]) as tree:\n"
        "    print(*(each.what + '|' + each.remedy for _, each in concerns(Guest(tree), Machine())), sep='\\n')\n"
    )
    (tmp_path / "seal.py").write_text(seal)
    hook = tmp_path / "dpkg"
    hook.write_text(f"#!/bin/sh\n{sys.executable} -B {tmp_path}/seal.py {root}\nexit 0\n")
    hook.chmod(0o755)
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run([hook], env=environment, capture_output=True, text=True, timeout=60, check=True)
    (line,) = [each for each in done.stdout.splitlines() if "has started this seal" in each]
    what, remedy = line.split("|")
    assert what.startswith("dpkg (pid ")
    assert remedy == "seal when dpkg has ended, not from a package's script or a hook"


def test_the_lock_of_a_package_manager(root, tmp_path):
    build(root, {"/var/lib/dpkg/lock-frontend": File(), "/var/lib/dpkg/lock": File()})
    path = f"{root}/var/lib/dpkg/lock-frontend"
    hold = (
        "import fcntl,sys; f=open(sys.argv[1],'w'); fcntl.lockf(f, fcntl.LOCK_EX); print(flush=True); sys.stdin.read()"
    )
    words = [sys.executable, "-c", hold, path]

    def locked() -> list[Concern]:
        return [each for each in look("package-manager", root, machine(tmp_path)) if "locked" in each.what]

    assert locked() == []
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        (concern,) = locked()
        assert concern.what == f"/var/lib/dpkg/lock-frontend is locked by process {holder.pid}"
        assert "let it finish" in concern.remedy
        holder.communicate(timeout=20)
    assert locked() == []


@pytest.mark.parametrize(("state", "status", "wait"), [("starting", 1, True), ("degraded", 1, False)])
def test_a_boot_that_is_not_over(root, tmp_path, state, status, wait):
    answer = f'case "$1" in is-system-running) echo {state}; exit {status};; *) printf "{INACTIVE}\\n{INACTIVE}";; esac'
    found = look("first-boot", root, machine(tmp_path, systemctl=answer))
    assert bool(found) is wait
    if wait:
        assert found[0].what == "the boot is not over (systemctl is-system-running: starting)"
        assert "`systemctl is-system-running --wait`" in found[0].remedy


@pytest.mark.parametrize(("state", "working"), [("activating", True), ("active", False)])
def test_guestseals_own_first_boot(root, tmp_path, state, working):
    units = f"{ACTIVE}\n{INACTIVE.replace('inactive', state)}"
    answer = f'case "$1" in is-system-running) echo running;; *) printf "{units}";; esac'
    found = look("first-boot", root, machine(tmp_path, systemctl=answer))
    assert [each.what for each in found] == ["guestseal-firstboot.service is still at work"] * working
    assert [each.remedy for each in found] == ["wait with `guestseal status --wait`"] * working


@pytest.mark.parametrize(
    ("said", "status", "working"),
    [("running", 0, True), ("done", 0, False), ("error", 1, False), ("done", 2, False), ("disabled", 0, False)],
)
def test_cloud_init_at_work(root, tmp_path, said, status, working):
    build(root, {"/usr/bin/cloud-init": File()})
    found = look("first-boot", root, machine(tmp_path, cloud_init=f"echo; echo 'status: {said}'; exit {status}"))
    assert [each.what for each in found] == ["cloud-init is still at work"] * working
    assert [each.remedy for each in found] == ["wait with `cloud-init status --wait`"] * working


def logins(*given: tuple[str, int, str, str]) -> bytes:
    return b"".join(
        UTMP.pack(7, pid, tty.encode(), tty.encode()[-4:], name.encode(), host.encode(), 0, 0, 0, 0, 0, b"", b"")
        for name, pid, tty, host in given
    )


def others(root: Path, tmp_path: Path, content: bytes) -> list[Concern]:
    (tmp_path / "utmp").write_bytes(content)
    return in_own_mounts("other-users", root, machine(tmp_path, loginctl="exit 1"), f"--bind {tmp_path} /run")


def test_other_users(root, tmp_path):
    with subprocess.Popen(["/bin/sleep", "60"]) as other:
        try:
            own = ("guest-builder", os.getpid(), "pts/70", "192.0.2.1")
            again = ("guest-builder", other.pid, "tty1", "")
            assert others(root, tmp_path, logins(own, again)) == []
            ada = [("ada", other.pid, "pts/71", "192.0.2.7"), ("ada", other.pid, "tty2", "")]
            (concern,) = others(root, tmp_path, logins(own, *ada))
        finally:
            other.kill()
    place = " from 192.0.2.7" if host_told("192.0.2.7") else ""
    assert concern.what == f"ada is logged in (pts/71{place}, tty2)"
    assert "have ada log out" in concern.remedy
    assert "loginctl terminate-user ada" in concern.remedy


def test_nobody_logged_in(root, tmp_path):
    assert others(root, tmp_path, b"") == []


def test_space(root, tmp_path):
    # What there is of the test machine's own disk is not this test's affair.
    roomy = in_own_mounts("space", root, machine(tmp_path), "-t tmpfs -o size=8m tmpfs {root}")
    assert roomy == []
    small = in_own_mounts("space", root, machine(tmp_path), "-t tmpfs -o size=256k tmpfs {root}")
    assert small[0].what == "256 KiB are free where /etc is, 1024 are needed"
    assert "free some on the filesystem of /etc" in small[0].remedy
    few = in_own_mounts("space", root, machine(tmp_path), "-t tmpfs -o size=8m,nr_inodes=10 tmpfs {root}")
    assert few[0].what == "9 inodes are free where /etc is, 16 are needed"
    assert all(each.forcible for each in (*small, *few))


def test_space_where_the_record_goes(root, tmp_path):
    build(root, {"/etc": Dir(), "/var": Dir()})
    disk = tmp_path / "disk"
    subprocess.run(["mkfs.ext4", "-q", "-O", "^has_journal", disk, "1M"], check=True, timeout=60, capture_output=True)
    (concern,) = in_own_mounts("space", root, machine(tmp_path), f"-o loop {disk} {{root}}/var")
    assert re.fullmatch(r"\d{3} KiB are free where /var/lib/guestseal is, 1024 are needed", concern.what)
    assert "free some on the filesystem of /var/lib/guestseal" in concern.remedy


def test_read_only(root, tmp_path):
    assert look("read-only", root, machine(tmp_path)) == []
    build(root, {"/etc": Dir(), "/var": Dir()})
    closed = ("--bind {root} {root}", "-o remount,bind,ro {root}")
    (all_of_it,) = in_own_mounts("read-only", root, machine(tmp_path), *closed)
    assert all_of_it.what == "/ and /etc and /var are read-only"
    assert all_of_it.remedy.startswith("`mount -o remount,rw /`")
    assert not all_of_it.forcible
    state = ("--bind {root} {root}", "-t tmpfs tmpfs {root}/etc", "-t tmpfs tmpfs {root}/var")
    (rest,) = in_own_mounts("read-only", root, machine(tmp_path), *state, "-o remount,bind,ro {root}")
    assert rest.what == "/ is read-only"
    assert rest.forcible
    (etc,) = in_own_mounts("read-only", root, machine(tmp_path), "-t tmpfs -o ro tmpfs {root}/etc")
    assert etc.what == "/etc is read-only"
    assert not etc.forcible


def test_a_machine_is_no_container(root, tmp_path):
    running = machine(tmp_path, systemd_detect_virt="echo none; exit 1")
    if running.processes.chrooted() or running.processes.container():
        pytest.skip("these tests run in a container that says so")
    build(root, {"/usr/bin/systemd-detect-virt": File(), "/run": Dir()})
    assert look("container", root, running) == []


@pytest.mark.parametrize(
    ("tree", "kind"),
    [
        ({"/.dockerenv": File()}, "docker"),
        ({"/run/.containerenv": File()}, "podman"),
        ({"/run/systemd/container": File("lxc\n")}, "lxc"),
        ({"/usr/bin/systemd-detect-virt": File()}, "systemd-nspawn"),
    ],
)
def test_a_container(root, tmp_path, tree: Tree, kind):
    build(root, tree)
    found = look("container", root, machine(tmp_path, systemd_detect_virt="echo systemd-nspawn"))
    concern = found[-1]
    if f"({kind})" not in concern.what:
        pytest.skip(f"these tests run in a container that says so: {concern.what}")
    assert concern.what == f"this is a container ({kind})"
    assert "guestseal --root DIR seal" in concern.remedy
    assert concern.forcible


def test_run_is_looked_at_though_it_is_no_filesystem_of_the_guests(root, tmp_path):
    build(root, {"/run": Dir(), "/marks/ostree-booted": File()})
    (concern,) = in_own_mounts("image-based", root, machine(tmp_path), "--bind {root}/marks {root}/run")
    assert "ostree" in concern.what


def test_images(root, tmp_path):
    assert look("image-based", root, machine(tmp_path)) == []
    build(root, {"/usr": Dir(), "/sysroot": Dir()})
    assert look("image-based", root, machine(tmp_path)) == []
    (usr,) = in_own_mounts("image-based", root, machine(tmp_path), "-t tmpfs -o ro tmpfs {root}/usr")
    assert usr.what.startswith("/usr is read-only")
    assert "mount -o remount,rw /usr" in usr.remedy
    (root / "sysroot/ostree").mkdir()
    (ostree,) = look("image-based", root, machine(tmp_path))
    assert ostree.what.startswith("this is an ostree system")
    assert "`rpm-ostree cleanup --rollback --pending`" in ostree.remedy
    assert ostree.forcible


MEMBERS = [
    ("Pacemaker or Corosync", "corosync.service", "/etc/corosync/authkey", "pcs cluster node remove"),
    ("Kubernetes", "kubelet.service", "/etc/kubernetes/kubelet.conf", "kubeadm reset"),
    ("k3s", "k3s-agent.service", "/var/lib/rancher/k3s/agent/kubelet.kubeconfig", "k3s-agent-uninstall.sh"),
    ("RKE2", "rke2-server.service", "/var/lib/rancher/rke2/server/token", "rke2-uninstall.sh"),
    ("k0s", "k0sworker.service", "/var/lib/k0s/kubelet.conf", "k0s reset"),
    ("Docker Swarm", "docker.service", "/var/lib/docker/swarm/docker-state.json", "docker swarm leave"),
    ("etcd", "etcd.service", "/var/lib/etcd/default/member", "etcdctl member remove"),
    ("Ceph", "ceph-mon.target", "/var/lib/ceph/mon/ceph-a/keyring", "ceph mon remove"),
    ("Ceph", "ceph.target", "/var/lib/ceph/6f1e/osd.3/whoami", "ceph osd purge"),
    ("Gluster", "glusterd.service", "/var/lib/glusterd/peers/0f6c", "gluster peer detach"),
    ("Galera", "mariadb.service", "/var/lib/mysql/grastate.dat", "galera.cache"),
    ("Consul", "consul.service", "/opt/consul/raft/raft.db", "consul leave"),
    ("Nomad", "nomad.service", "/opt/nomad/data/server/raft/raft.db", "nomad server force-leave"),
]
ONLY = 'for unit; do [ "$unit" = {active} ] && printf "' + ACTIVE + '\\n" || printf "' + INACTIVE + '\\n"; done'
ASKED = "while [ $1 != -- ]; do shift; done; shift; "


@pytest.mark.parametrize("member", MEMBERS, ids=[member[0] for member in MEMBERS])
def test_a_member_of_a_cluster(root, tmp_path, member):
    cluster, unit, path, leave = member
    running = machine(tmp_path, systemctl=ASKED + ONLY.format(active=unit))
    assert look("cluster", root, running) == [], "the service alone is no membership"
    build(root, {path: File("x")})
    (concern,) = look("cluster", root, running)
    assert concern.what == f"this is a member of a cluster, {cluster}: {unit} is active and {path} is there"
    assert concern.remedy.startswith("leave the cluster first: ")
    assert leave in concern.remedy
    assert concern.forcible
    stopped = machine(tmp_path, systemctl=ASKED + ONLY.format(active="other.service"))
    assert look("cluster", root, stopped) == [], "nor is what an earlier member has left"
