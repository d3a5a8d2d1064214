"""Initramfs images as tests make them: by cpio and the compressors, as initramfs-tools and dracut do."""

from __future__ import annotations

import struct
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

COMPRESSORS = {
    "plain": ("cat",),
    "gzip": ("gzip", "-n"),
    "xz": ("xz", "--check=crc32"),
    "lzma": ("lzma",),
    "bzip2": ("bzip2",),
    "zstd": ("zstd", "-q", "-c", "-19"),
    "lz4": ("lz4", "-q", "-c", "-l"),
    "lz4-frame": ("lz4", "-q", "-c", "--content-size", "-BX"),
}


def archive(files: Mapping[str, bytes], compression: str = "plain") -> bytes:
    """A cpio archive in the format newc of ``files``, made and compressed by the programs."""
    with tempfile.TemporaryDirectory() as directory:
        for name, content in files.items():
            path = Path(directory, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        names = "\n".join(sorted(str(path.relative_to(directory)) for path in Path(directory).rglob("*")))
        cpio = _run(["cpio", "--quiet", "-o", "-H", "newc"], names.encode(), cwd=directory)
    return _run(COMPRESSORS[compression], cpio)


def unified_kernel_image(sections: Mapping[str, bytes]) -> bytes:
    """A PE file with these sections and nothing that runs, as ukify makes them."""
    place = 0x400
    table, body = b"", b""
    for name, content in sections.items():
        padded = content + bytes(-len(content) % 512)
        header = name.encode().ljust(8, b"\0")
        table += header + struct.pack("<IIIIIIHHI", len(content), place, len(padded), place, 0, 0, 0, 0, 0x40000040)
        body += padded
        place += len(padded)
    head = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x40)
    coff = b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, len(sections), 0, 0, 0, 0, 0x206)
    return (head + coff + table).ljust(0x400, b"\0") + body


def _run(words: tuple[str, ...] | list[str], data: bytes, cwd: str = "/") -> bytes:
    return subprocess.run(words, input=data, cwd=cwd, capture_output=True, check=True, timeout=60).stdout
