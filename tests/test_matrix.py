"""The matrix of releases: what stands in its table, and what counts as a pass."""

from __future__ import annotations

import configparser
import sys
from pathlib import Path

import pytest
from matrix import suite
from matrix.__main__ import main
from matrix.releases import TABLE, interpreter, releases

PROJECT = Path(__file__).resolve().parents[1]
THIS = f"{sys.version_info[0]}.{sys.version_info[1]}"
TESTS = """
import pytest
def test_good(): pass
def test_good_too(): pass
def test_bad(): assert {bad}
@pytest.mark.skip(reason="no")
def test_left_out(): pass
@pytest.mark.vm
def test_of_machines(): assert False
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own; the caller's wishes do not count."""
    for name in ("ALLOW_MISSING", "PYTHONS", "PYENV_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "cache"


@pytest.fixture
def near(cache: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A row for the Python of these tests, whose environment is there already."""
    python = cache / "near-1.5/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    version = ".".join(map(str, sys.version_info[:3]))
    (cache / "near-1.5/contents").write_text(f"{sys.executable} {version} distro==1.0\n")
    monkeypatch.setenv("PYTHONS", sys.executable)
    return f"near-1.5 {THIS} 1.0"


def unit_tests(directory: Path, *, bad: bool) -> str:
    path = directory / "test_of_matrix.py"
    path.write_text(TESTS.format(bad=not bad))
    return str(path)


def table(directory: Path, *rows: str) -> Path:
    path = directory / "table.txt"
    path.write_text("\n".join(["# a remark", "release python distro", *rows]))
    return path


def test_the_oldest_python_and_every_library_that_is_required_are_in_the_table() -> None:
    declared = configparser.ConfigParser()
    declared.read(PROJECT / "setup.cfg")
    rows = releases(TABLE.read_text())
    oldest = min((release.python for release in rows), key=lambda python: int(python.split(".")[1]))
    assert declared["options"]["python_requires"] == f">={oldest}"
    wanted = declared["options"]["install_requires"].split() + list(declared["options.extras_require"].values())
    assert set(wanted) <= set(rows[0].libraries)


def test_a_library_that_a_release_has_not_is_not_installed(tmp_path: Path) -> None:
    el, debian = releases(table(tmp_path, "el-10 3.12 -", "debian-12 3.11 1.8.0").read_text())
    assert (el.requirements, debian.requirements) == ([], ["distro==1.8.0"])


@pytest.mark.parametrize("allowed", ["", "1"])
def test_a_python_that_is_missing_is_told_and_nothing_run_is_no_pass(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], allowed: str
) -> None:
    monkeypatch.setenv("ALLOW_MISSING", allowed)
    assert main([], table=table(tmp_path, "far-1 3.99 1.0"), cache=cache) == 1
    assert "not run: no python3.99" in capsys.readouterr().out


def test_a_release_that_passes_is_told_in_its_columns(
    tmp_path: Path, cache: Path, near: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--", unit_tests(tmp_path, bad=False)], table=table(tmp_path, near), cache=cache) == 0
    heading, row = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert heading == ["release", "python", "distro", "passed", "failed", "skipped", "seconds", "interpreter"]
    assert (row[0], row[2:6], row[-1]) == ("near-1.5", ["1.0", "3", "0", "1"], sys.executable)


@pytest.mark.parametrize(("allowed", "status"), [("", 1), ("1", 0)])
def test_a_missing_python_beside_a_release_that_passes_may_be_allowed(
    near: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allowed: str, status: int
) -> None:
    monkeypatch.setenv("ALLOW_MISSING", allowed)
    rows = table(tmp_path, near, "far-1 3.99 1.0")
    assert main(["--", unit_tests(tmp_path, bad=False)], table=rows, cache=tmp_path / "cache") == status


def test_a_test_that_fails_is_named_and_fails_the_matrix(
    tmp_path: Path, cache: Path, near: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["near-1.5", "--", unit_tests(tmp_path, bad=True)]
    assert main(words, table=table(tmp_path, near), cache=cache) == 1
    said = capsys.readouterr()
    assert said.out.splitlines()[1].split()[3:6] == ["2", "1", "1"]
    assert "FAILED" in said.err
    assert "test_bad" in said.err


@pytest.mark.parametrize("text", ["import nowhere\n", "\n"], ids=["does not import", "no test"])
def test_a_suite_that_ran_nothing_counts_as_failed(tmp_path: Path, text: str) -> None:
    path = tmp_path / "test_of_nothing.py"
    path.write_text(text)
    counts = suite.run(Path(sys.executable), tmp_path / "log", [str(path)])
    assert counts.passed == 0
    assert counts.failed or counts.broken == "exit status 5"


def test_libraries_that_cannot_be_installed_fail_the_matrix(
    near: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"ALLOW_MISSING": "1", "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    rows = table(tmp_path, near, f"other-1 {THIS} 0.0.0")
    assert main(["--", unit_tests(tmp_path, bad=False)], table=rows, cache=tmp_path / "cache") == 1
    assert "not run: no environment, see " in capsys.readouterr().out


def test_an_interpreter_of_another_version_is_passed_over(tmp_path: Path) -> None:
    liar = tmp_path / "python3"
    liar.write_text("#!/bin/sh\necho 2.7.18\n")
    liar.chmod(0o755)
    environment = {"PYTHONS": f"{tmp_path}/none {liar} {sys.executable}", "PYENV_ROOT": str(tmp_path)}
    found = interpreter(THIS, environment)
    assert found is not None
    assert str(found.path) == sys.executable
    assert interpreter("3.99", environment) is None


def test_pyenvs_latest_of_a_version_is_taken_and_never_its_shim(tmp_path: Path) -> None:
    for version in ("3.99.9", "3.99.10"):
        python = tmp_path / f"versions/{version}/bin/python3.99"
        python.parent.mkdir(parents=True)
        python.write_text(f"#!/bin/sh\necho {version}\n")
        python.chmod(0o755)
    found = interpreter("3.99", {"PYENV_ROOT": str(tmp_path)})
    assert found is not None
    assert (found.version, found.path.parts[-3]) == ("3.99.10", "3.99.10")


def test_the_environment_is_clean_and_only_pip_learns_of_its_index(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONPATH", "PYENV_VERSION", "VIRTUAL_ENV", "PIP_INDEX_URL"):
        monkeypatch.setenv(name, "x")
    assert {"PYTHONPATH", "PYENV_VERSION", "VIRTUAL_ENV", "PIP_INDEX_URL"}.isdisjoint(suite.environment())
    assert suite.environment(pip=True)["PIP_INDEX_URL"] == "x"
