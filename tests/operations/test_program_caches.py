"""Caches that are made anew, and directories that only sound like one."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

CACHED, CODE = File("cached\n"), File("print()\n")

CASES = (
    Case(
        "Python",
        DEBIAN,
        {
            "/root/.cache/pip/http/0/1": CACHED,
            "/root/.cache/uv/wheels-v1/x": CACHED,
            "/root/.cache/huggingface/hub/model": CODE,
            "/root/.local/lib/python3.11/site-packages/x.py": CODE,
            "/var/cache/ldconfig/aux-cache": CACHED,
            "/var/cache/man/index.db": CODE,
            "/var/cache/cracklib/cracklib_dict.pwd": CODE,
        },
        {
            "/root/.cache/huggingface/hub/model": CODE,
            "/root/.local/lib/python3.11/site-packages/x.py": CODE,
            "/var/cache/ldconfig": Dir(),
            "/var/cache/man/index.db": CODE,
            "/var/cache/cracklib/cracklib_dict.pwd": CODE,
        },
    ),
    Case(
        "JavaScript",
        ALPINE,
        {
            "/home/kim/.npm/_cacache/index-v5/0": CACHED,
            "/home/kim/.npm/_logs/2024-debug-0.log": CACHED,
            "/home/kim/.cache/yarn/v6/x": CACHED,
            "/home/kim/.cache/pnpm/metadata/x": CACHED,
            "/home/kim/.npmrc": CODE,
            "/home/kim/app/node_modules/x/index.js": CODE,
        },
        {
            "/home/kim/.npm": Dir(),
            "/home/kim/.cache": Dir(),
            "/home/kim/.npmrc": CODE,
            "/home/kim/app/node_modules/x/index.js": CODE,
        },
    ),
    Case(
        "Go, Composer and Bundler",
        SUSE,
        {
            "/root/.cache/go-build/00/0-a": CACHED,
            "/root/.cache/composer/files/x.zip": CACHED,
            "/root/.bundle/cache/compact_index/x": CACHED,
            "/root/go/pkg/mod/cache/download/x": CODE,
            "/root/.cargo/registry/cache/x": CODE,
        },
        {
            "/root/.cache": Dir(),
            "/root/.bundle": Dir(),
            "/root/go/pkg/mod/cache/download/x": CODE,
            "/root/.cargo/registry/cache/x": CODE,
        },
    ),
    Case(
        "appstream",
        REDHAT,
        {
            "/var/cache/swcatalog/cache/en-os-catalog.xb": CACHED,
            "/var/cache/app-info/cache/en.cache": CACHED,
            "/var/cache/swcatalog/xml/fedora.xml.gz": CODE,
        },
        {
            "/var/cache/swcatalog/cache": Dir(),
            "/var/cache/app-info/cache": Dir(),
            "/var/cache/swcatalog/xml/fedora.xml.gz": CODE,
        },
    ),
)
