"""Every way of writing an identifier is found, and what holds it by accident is not."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest
from support.residue import ADDRESS, ADDRESS6, MACHINE_ID

from guestseal.check.residue.contents import search
from guestseal.check.residue.spellings import needles

MAC = "52:54:00:ab:9d:ef"
SPELLINGS = {
    ("mac-address", MAC): [
        "52:54:00:ab:9d:ef",
        "52:54:00:AB:9D:EF",
        "HWADDR=52-54-00-AB-9D-EF",
        "01-52-54-00-ab-9d-ef",
        "5254.00ab.9def",
        "enx525400ab9def",
        "525400AB9DEF.cfg",
        "id 01525400ab9def",
        "ff:00:ab:9d:ef:00:01:00:01:2c:9f:0a:71:52:54:00:ab:9d:ef",
        "00030001525400ab9def",
        "fe80::5054:ff:feab:9def%eth0",
        "2001:db8:1:2:5054:00ff:feab:9def/64",
        "52:54:0:ab:9d:ef",
        r'default-duid "\000\003\000\001RT\000\253\235\357";',
        b"\0\3RT\0\xab\x9d\xef\0",
    ],
    ("machine-id", MACHINE_ID): [
        MACHINE_ID,
        f"/var/log/journal/{MACHINE_ID}/system.journal",
        f"{MACHINE_ID[:8]}-{MACHINE_ID[8:12]}-{MACHINE_ID[12:16]}-{MACHINE_ID[16:20]}-{MACHINE_ID[20:]}",
        MACHINE_ID.upper(),
        b"LPKSHHRH" + bytes(16) + bytes.fromhex(MACHINE_ID),
    ],
    ("ip-address", ADDRESS): [ADDRESS, "ip-192-0-2-77.internal", f"{ADDRESS}/24", f"to {ADDRESS}."],
    ("ip-address", ADDRESS6): [ADDRESS6, f"[{ADDRESS6.upper()}]:80", "2001:0db8:0000:0000:0000:0000:0007:0077"],
    ("host-name", "zaphod42.example.org"): ["zaphod42.example.org.", "ZAPHOD42.EXAMPLE.ORG"],
    ("host-name", "zaphod42"): ["zaphod42", "zaphod42-vg", "ZAPHOD42", "/zaphod42.log"],
    ("host-name", "mars"): ["host mars", "mars:", '"MARS"', "//mars/share", "ada@mars"],
    ("firmware-identity", "4c4c4544-0042-3510-8052-b4c04f4e3332"): [
        "4C4C4544-0042-3510-8052-B4C04F4E3332",
        "4c4c454400423510" + "8052b4c04f4e3332",
        "44454C4C-4200-1035-8052-B4C04F4E3332",
    ],
}
OTHERS = {
    ("mac-address", MAC): ["52:54:00:ab:9d:ef:01", "a525400ab9def", "525400ab9def0", "fe80::5054:ff:feab:9def1"],
    ("machine-id", MACHINE_ID): [MACHINE_ID + "0", "a" + MACHINE_ID, MACHINE_ID[:31]],
    ("ip-address", ADDRESS): ["192.0.2.7", "192.0.2.770", "1192.0.2.77", "192.0.2.77.1", "9.192.0.2.77", "192.0.2.78"],
    ("ip-address", ADDRESS6): ["2001:db8::7:77:1", "2001:db8::7:7", "12001:db8::7:77"],
    ("host-name", "zaphod42"): ["zaphod421", "xzaphod42", "zaphod", "zaphod_42"],
    ("host-name", "mars"): ["marshal", "mars-rover", "venus.mars", "the_mars", "x-mars"],
}


def _finds(identifier: tuple[str, str], text: str | bytes) -> bool:
    content = text.encode() if isinstance(text, str) else text
    return bool(search((content,), needles(*identifier)))


def _all(table: dict[tuple[str, str], list[str | bytes]]) -> list[tuple[tuple[str, str], str | bytes]]:
    return [(identifier, text) for identifier, texts in table.items() for text in texts]


@pytest.mark.parametrize(("identifier", "text"), _all(SPELLINGS))  # type: ignore[arg-type]
def test_an_identifier_is_found_however_it_is_written(identifier: tuple[str, str], text: str | bytes) -> None:
    assert _finds(identifier, text)


@pytest.mark.parametrize(("identifier", "text"), _all(OTHERS))  # type: ignore[arg-type]
def test_another_value_that_holds_it_is_not_found(identifier: tuple[str, str], text: str | bytes) -> None:
    assert not _finds(identifier, text)


@pytest.mark.parametrize("words", [["-l"], ["-l", "-E", "md5"], ["-r", "example.org"]])
def test_a_host_key_is_found_as_ssh_keygen_prints_it(tmp_path: Path, words: list[str]) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True, timeout=60)
    blob = (tmp_path / "key.pub").read_text().split()[1]
    said = subprocess.run(
        ["ssh-keygen", *words, "-f", f"{key}.pub"], capture_output=True, check=True, timeout=60
    ).stdout
    assert _finds(("host-key", blob), said)
    assert _finds(("host-key", blob), f"other,10.0.0.1 ssh-ed25519 {blob}\n")
    assert not _finds(("host-key", blob), hashlib.sha256(said).hexdigest())


def test_what_grep_is_given_fits_every_spelling(tmp_path: Path) -> None:
    for (kind, value), texts in SPELLINGS.items():
        expressions = tmp_path / "expressions"
        expressions.write_bytes(b"\n".join(each.sieve for each in needles(kind, value) if each.sieve) + b"\n")
        for text in texts:
            words = ["grep", "-l", "-a", "-E", "-f", str(expressions)]
            content = text.encode() if isinstance(text, str) else text
            done = subprocess.run(
                words, input=content, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}, timeout=60, capture_output=True
            )
            assert done.returncode == 0, (kind, text)
