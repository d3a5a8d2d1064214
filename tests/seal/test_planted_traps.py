"""What people on the template put where sealing comes along: links out, hard links, pipes, mounts, depths, names."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from guest.hostile import Canary, as_root, in_namespace, mount, snapshot
from planted.distributions import SOILS
from support.harvested import Sealed, guestseal, told
from support.planted import Field
from support.trees import Dir, Entry, Fifo, File, Link, parents

DEEP, MANY = 200, 10_000
EVE = (1010, 1010)
SHADOW = "/etc/shadow"
ODD = (b"two\nlines.log", b"no utf-8 \xff\xfe.log", b"\x1b[31mred.log", b"-rf", b"*", b"{home}")
PIPES = ("/var/log/fifo.log", "/tmp/fifo", "/home/kim/.ssh/id_dsa", "/home/kim/.bash_sessions/x", "/root/.netrc")

pytestmark = as_root


def sealed(field: Field) -> list[dict[str, object]]:
    """The operations that failed, in a seal that ended."""
    return [entry for entry in guestseal("seal", "--yes", root=str(field.root)) if entry["status"] == "failed"]


def planted(root: Path, extra: dict[str, Entry] | None = None) -> Field:
    """Debian's planted tree with traps."""
    field = Field(SOILS[0], root)
    field.sow(extra)
    return field


def hers(links: dict[str, str]) -> dict[str, Entry]:
    """Links in a home directory, all of it its owner's."""
    made: dict[str, Entry] = {f"/home/eve/{name}": Link(target, EVE) for name, target in links.items()}
    above = {parent: Dir(0o755, EVE) for path in made for parent in parents(path) if parent.startswith("/home/eve")}
    return {**above, **made}


def test_links_are_never_followed_to_what_they_lead_to(tmp_path: Path) -> None:
    canary = Canary(tmp_path / "outside")
    out, up = str(canary.path), "../" * 40 + str(canary.path)
    in_home = {
        **dict.fromkeys((".bash_history", ".ssh/id_rsa", ".netrc", ".viminfo"), SHADOW),
        **{".python_history": f"{out}/canary", ".ssh/authorized_keys": f"{up}/canary", ".pypirc": f"{up}/canary"},
        **{".cache": out, ".aws/cli": out, ".thumbnails": up, ".julia": up},
        **{".local/share/Trash": "/etc", ".vscode-server": "/etc", ".azure": "/etc", ".zsh_sessions": "/etc"},
        **{".vim": "../../etc", ".gnupg": "/etc/ssh", ".config/gcloud": "/", ".subversion": "/var/lib"},
    }
    elsewhere = {
        **{"/var/log/evil.log": SHADOW, "/tmp/shadow": SHADOW, "/var/mail/eve": "../../etc/shadow"},
        **{"/var/log/up.log": f"{up}/canary", "/var/log/out": out, "/var/log/etc": "/etc", "/tmp/out": out},
        **{"/var/spool/lpd/out": out, "/var/cache/apt/archives/out.deb": f"{out}/canary", "/var/crash/etc": "/etc"},
    }
    field = planted(tmp_path / "guest", {**hers(in_home), **{path: Link(to, EVE) for path, to in elsewhere.items()}})
    result = Sealed(field)
    assert result.failed == []
    canary.check()
    assert [told(plant, "D") for plant in field.plants if plant.outcome.startswith("DAMAGED")] == []
    assert not os.path.lexists(field.root / "home/eve/.bash_history")


def test_a_home_that_is_a_link_out_of_the_guest_is_nobodys(tmp_path: Path) -> None:
    canary = Canary(tmp_path / "outside")
    (canary.path / ".bash_history").write_text("mysql -psecret\n")
    before = snapshot(canary.path)
    field = planted(tmp_path / "guest", {"/home/eve": Link(str(canary.path)), "/home/mal": Link("../../../../..")})
    assert sealed(field) == []
    assert snapshot(canary.path) == before


def test_a_further_name_of_passwd_costs_passwd_nothing(tmp_path: Path) -> None:
    field = planted(tmp_path / "guest")
    names = ("var/log/passwd.log", "tmp/passwd", "home/kim/.rediscli_history", "var/crash/passwd", "home/kim/.ssh/id_p")
    for name in names:
        (field.root / name).unlink(missing_ok=True)
        os.link(field.root / "etc/passwd", field.root / name)
    before = (field.root / "etc/passwd").read_bytes()
    guestseal("seal", "--yes", root=str(field.root))
    assert (field.root / "etc/passwd").read_bytes() == before
    assert stat.S_IMODE((field.root / "etc/passwd").stat().st_mode) == 0o644
    assert not any((field.root / name).exists() for name in ("tmp/passwd", "home/kim/.rediscli_history"))


def test_pipes_and_sockets_hold_nobody_up(tmp_path: Path) -> None:
    field = planted(tmp_path / "guest", {path: Fifo(0o666) for path in PIPES})
    sockets = [field.root / "home/kim/.ssh/cm-host", field.root / "tmp/.X11-unix/X0", field.root / "var/log/s.log"]
    for socket in sockets:
        os.mknod(socket, stat.S_IFSOCK | 0o600)
    assert sealed(field) == []
    assert not sockets[0].exists()
    assert not any((field.root / path).exists() for path in ("tmp/fifo", "tmp/.X11-unix", "root/.netrc"))


@in_namespace
def test_a_bind_mount_is_left_with_all_in_it(tmp_path: Path) -> None:
    canary = Canary(tmp_path / "outside")
    field = planted(tmp_path / "guest")
    points = [field.root / "var/tmp/lent", field.root / "home/kim/.cache/lent", field.root / "var/log/lent"]
    for point in points:
        point.mkdir()
        mount("--bind", canary.path, point)
    guestseal("seal", "--yes", root=str(field.root))
    canary.check()
    assert all((point / "canary").exists() for point in points)
    assert sorted(path.name for path in (field.root / "var/tmp").iterdir()) == ["lent"]


def test_depth_number_and_names_are_no_obstacle(tmp_path: Path) -> None:
    field = planted(tmp_path / "guest", {"/var/log/many": Link("/var/log/apt"), "/var/log/lots/x": File("x")})
    for place in ("tmp", "home/kim/.cache"):
        _dig(field.root / place)
    for number in range(MANY):
        (field.root / f"var/log/lots/{number}.log").write_bytes(b"secret\n")
    for place in (b"var/log", b"tmp", b"home/kim/.ssh", b"home/kim/.cache"):
        for name in ODD:
            path = os.path.join(os.fsencode(field.root), place, name)
            with open(path, "wb") as file:
                file.write(b"-----BEGIN OPENSSH PRIVATE KEY-----\nsecret\n")
    assert sealed(field) == []
    assert list((field.root / "tmp").iterdir()) == list((field.root / "home/kim/.cache").iterdir()) == []
    assert not set(os.listdir(os.fsencode(field.root / "home/kim/.ssh"))) & set(ODD)
    left = [path for path in (field.root / "var/log").rglob("*") if path.is_file() and path.stat().st_size]
    assert left == []
    entries = guestseal("check", "--only", "leftovers", root=str(field.root))
    assert not [entry for entry in entries if entry["name"] in ("logs", "tmp-files") and entry["paths"]]


def _dig(place: Path) -> None:
    """A path longer than PATH_MAX."""
    fd = os.open(place, os.O_DIRECTORY)
    for _ in range(DEEP):
        os.mkdir("d" * 60, dir_fd=fd)
        below = os.open("d" * 60, os.O_DIRECTORY, dir_fd=fd)
        os.close(fd)
        fd = below
    os.close(os.open("secret", os.O_CREAT | os.O_WRONLY, dir_fd=fd))
    os.close(fd)
