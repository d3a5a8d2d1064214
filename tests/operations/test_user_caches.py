"""Caches of accounts; what is downloaded once and then run stays."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File, Link

KIM = (1000, 1000)
CACHE = "/home/kim/.cache"
CACHES = {
    f"/home/kim/{name}": File("of the template\n", owner=KIM)
    for name in (
        *(".cache/fontconfig/1", ".cache/mozilla/2", ".cache/motd.legal-displayed", ".thumbnails/normal/3.png"),
        *(".local/share/gvfs-metadata/root", ".local/share/baloo/index", ".local/share/tracker/data/4"),
        *(".local/share/tracker3/files/5", ".local/share/Trash/files/6", ".local/share/Trash/info/6.trashinfo"),
        *(".ansible/tmp/7", ".ansible/cp/8", ".vscode-server/data/logs/9/x.log", ".vscode-server/.0a.token"),
        *(".vscode-server/data/User/History/10/entries.json", ".vscode-server/data/CachedExtensionVSIXs/11"),
        *(".vscode-server/.0a.log", ".vscode-server/.0a.pid"),
        *(".vscode-server/cli/servers/Stable-0a/log.txt", ".vscode-server/cli/servers/Stable-0a/pid.txt"),
    )
}
KEPT = {
    CACHE: Dir(0o700),
    f"{CACHE}/huggingface/hub/model": File("weights\n", owner=KIM),
    f"{CACHE}/ms-playwright/chromium-1/chrome": File("ELF", 0o755, KIM),
    "/home/kim/.local/share/applications/x.desktop": File("[Desktop Entry]\n", owner=KIM),
    "/home/kim/.vscode-server/data/Machine/settings.json": File("{}\n", owner=KIM),
    "/home/kim/.vscode-server/cli/servers/Stable-0a/server/bin/code-server": File("ELF", 0o755, KIM),
    "/home/kim/.vscode-server/extensions/x": File("{}\n", owner=KIM),
    "/home/kim/.ansible/collections/x": File("ours\n", owner=KIM),
    "/srv/.cache/x": File("nobody's home\n"),
}
EMPTIED = {
    f"/home/kim/{name}": Dir()
    for name in (".local/share/Trash/files", ".local/share/Trash/info", ".vscode-server/data/User")
}

CASES = (
    Case("a desktop", DEBIAN, {**CACHES, **KEPT}, {**KEPT, **EMPTIED}),
    Case(
        "the cache is a link of the account's", REDHAT, {CACHE: Link("/srv/scratch", KIM), "/srv/scratch/x": File("x")}
    ),
    Case(
        "root's",
        SUSE,
        {"/root/.cache/motd": File("x"), "/root/.bashrc": File("x")},
        {"/root/.cache": Dir(), "/root/.bashrc": File("x")},
    ),
    Case("none", ALPINE, {"/root/.profile": File("PATH=/bin\n")}),
)
