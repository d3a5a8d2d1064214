"""Removing every profile, where NetworkManager makes one by itself."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

PROFILES = "/etc/NetworkManager/system-connections"
LAN = {f"{PROFILES}/lan.nmconnection": File("[connection]\nid=lan\n", 0o600)}
SERVER = {"/usr/lib/NetworkManager/conf.d/00-server.conf": File("[main]\nno-auto-default=*\nignore-carrier=*\n")}
CONF = {"/etc/NetworkManager/NetworkManager.conf": File("[main]\n#no-auto-default=*\nplugins=keyfile\n")}

CASES = (
    Case("profiles", REDHAT, {**LAN, **CONF}, {PROFILES: Dir(), **CONF}),
    Case("without an ending", DEBIAN, {f"{PROFILES}/Wired": File("[connection]\n", 0o600)}, {PROFILES: Dir()}),
    Case("a server that makes none", REDHAT, {**LAN, **SERVER}, kept="no-auto-default"),
    Case("none there", SUSE, {PROFILES: Dir(0o700)}),
    Case("other configuration", ALPINE, {"/etc/NetworkManager/dispatcher.d/10-x": File("#!/bin/sh\n", 0o755)}),
)
