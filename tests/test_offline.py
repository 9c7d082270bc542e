"""The pieces of the zip file for a room without a network; ``tests/offline_zip.py`` tries the whole."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile

import pytest

from tools import offline, wheel
from tools.page_links import lead_to_pages
from tools.wheel import CannotBuildError

#: No rounding can touch what is tested here.
pytestmark = pytest.mark.same_everywhere

LINUX, WINDOWS, MACOS = (offline.SYSTEMS[name] for name in ("linux-x86_64", "windows-x86_64", "macos-arm64"))

LOCK = """appnope==1.0.0 ; sys_platform == 'darwin'
colorama==0.4.6 ; sys_platform == 'win32'
contourpy==1.3.3 ; python_full_version < '3.12'
contourpy==1.4.0 ; python_full_version >= '3.12'
librt==0.17.0 ; platform_python_implementation != 'PyPy'
numpy==2.4.6
-e .
"""

PROJECT = """[project]
name = "credit-assignment"
requires-python = ">=3.11"
dependencies = [
    # the book
    "jupyter-book<2",
    "dask[distributed]", # with an extra
]

[dependency-groups]
lite = ["jupyterlite-core"]
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A checkout with two pages, a notebook of each edition, and a wheel."""
    files = ("LICENSE", "LICENSE-TEXT", "_build/html/index.html", "_build/html/book/one.html", "wheels/tiny-1-none.whl")
    notebooks = [f"classroom/{edition}/01-one.ipynb" for edition in offline.EDITIONS]
    for name in (*files, *notebooks, "classroom/student/.ipynb_checkpoints/01-one.ipynb"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"content of {name}", "utf-8")
    return tmp_path


def collect(book: Path) -> dict[str, Path | bytes]:
    return offline.collect(book / "_build" / "html", book / "classroom", book / "wheels", book)


@pytest.mark.parametrize(
    ("system", "python", "names"),
    [
        (LINUX, "3.11", ["contourpy==1.3.3", "librt==0.17.0", "numpy==2.4.6"]),
        (LINUX, "3.12", ["contourpy==1.4.0", "librt==0.17.0", "numpy==2.4.6"]),
        (WINDOWS, "3.13", ["colorama==0.4.6", "contourpy==1.4.0", "librt==0.17.0", "numpy==2.4.6"]),
        (MACOS, "3.13", ["appnope==1.0.0", "contourpy==1.4.0", "librt==0.17.0", "numpy==2.4.6"]),
    ],
)
def test_a_lock_is_read_for_the_readers_machine(system: offline.System, python: str, names: list[str]) -> None:
    assert offline.pins(LOCK, system, python) == names


def test_the_lock_of_the_book_names_each_package_once_for_each_system() -> None:
    lock = (offline.ROOT / "requirements.txt").read_text("utf-8")
    for system in offline.SYSTEMS.values():
        names = [pin.split("==")[0] for pin in offline.pins(lock, system, "3.12")]
        assert "numpy" in names and len(names) == len(set(names))


def test_this_machine_is_named_as_the_systems_are(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "arm64"), ("Darwin", "x86_64"), ("Windows", "AMD64")}
    names = set()
    for system, machine in seen:
        monkeypatch.setattr(offline.platform, "system", lambda system=system: system)
        monkeypatch.setattr(offline.platform, "machine", lambda machine=machine: machine)
        names.add(offline.this_system())
    assert names == set(offline.SYSTEMS)


def test_an_unknown_system_is_told_which_there_are() -> None:
    with pytest.raises(CannotBuildError, match=r"No system is called amiga: choose one by PLATFORM= of linux-x86_64"):
        offline.chosen_system("amiga")


def test_a_version_of_python_is_held_to_what_the_book_needs() -> None:
    offline.check_python("3.11", PROJECT)
    offline.check_python("3.20", PROJECT)
    with pytest.raises(CannotBuildError, match=r"Python 3\.10 is too old: the book needs >=3\.11"):
        offline.check_python("3.10", PROJECT)
    with pytest.raises(CannotBuildError, match=r"PYTHON_VERSION=312 should have two numbers, such as 3\.12"):
        offline.check_python("312", PROJECT)


def test_a_download_takes_wheels_alone_from_the_newest_platform_to_the_oldest() -> None:
    command = offline.download_command(["numpy==2.4.6"], LINUX, "3.12", Path("wheels"))
    assert "--only-binary=:all:" in command and "--no-deps" in command and command[-1] == "numpy==2.4.6"
    platforms = [after for before, after in zip(command, command[1:], strict=False) if before == "--platform"]
    assert platforms[0] == "manylinux_2_28_x86_64" and platforms[-1] == "linux_x86_64"


def run_pip_with(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: SimpleNamespace(returncode=1, stderr=said))


def test_a_requirement_without_a_wheel_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = "(from versions: none)\nERROR: No matching distribution found for numpy==2.4.6\n"
    run_pip_with(said, monkeypatch)
    with pytest.raises(CannotBuildError, match=r"numpy==2\.4\.6 has no wheel for Windows on .* and Python 3\.19"):
        offline.download(["numpy==2.4.6"], WINDOWS, "3.19", tmp_path)


def test_another_failure_of_pip_is_passed_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run_pip_with("No space left on device", monkeypatch)
    with pytest.raises(CannotBuildError, match="could not be downloaded. pip says:\nNo space left"):
        offline.download(["numpy==2.4.6"], LINUX, "3.12", tmp_path)
    with pytest.raises(CannotBuildError, match="own wheel could not be built. pip says:\nNo space left"):
        wheel.build_wheel(tmp_path)


def test_pages_editions_wheels_and_licences_are_collected(book: Path) -> None:
    assert set(collect(book)) == {
        "LICENSE",
        "LICENSE-TEXT",
        "site/index.html",
        "site/book/one.html",
        "notebooks/student/01-one.ipynb",
        "notebooks/complete/01-one.ipynb",
        "wheels/tiny-1-none.whl",
    }


def test_links_of_notebooks_lead_to_the_pages(book: Path) -> None:
    text = "[a](../../book/bibliography.md#id9) [b](../../book/api/rules.md) [c](02-two.ipynb#sec) ../../book/x.md"
    (book / "classroom" / "student" / "01-one.ipynb").write_text(text, "utf-8")
    pages = "[a](../../site/book/bibliography.html#id9) [b](../../site/book/api/rules.html)"
    assert collect(book)["notebooks/student/01-one.ipynb"] == f"{pages} [c](02-two.ipynb#sec) ../../book/x.md".encode()
    assert lead_to_pages("[a](../../book/index.md)", "https://a.org/b/") == "[a](https://a.org/b/book/index.html)"


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("_build/html/index.html", "There are no pages in .*: run 'make book' first"),
        ("classroom/student/01-one.ipynb", "There are no notebooks in .*student: run 'make classroom' first"),
        ("classroom/complete/01-one.ipynb", "There are no notebooks in .*complete: run 'make classroom' first"),
    ],
)
def test_what_is_missing_is_named_with_the_command_that_makes_it(book: Path, missing: str, message: str) -> None:
    (book / missing).unlink()
    with pytest.raises(CannotBuildError, match=message):
        collect(book)


def test_the_same_files_give_the_same_zip(book: Path) -> None:
    files = collect(book)
    one, other = book / "one.zip", book / "other.zip"
    offline.write_zip(one, files)
    for file in files.values():
        if isinstance(file, Path):
            file.touch()
    offline.write_zip(other, dict(reversed(files.items())))
    assert one.read_bytes() == other.read_bytes()
    with ZipFile(one) as archive:
        names = archive.namelist()
        assert names == sorted(names) and all(name.startswith(f"{offline.FOLDER}/") for name in names)
        assert archive.read(f"{offline.FOLDER}/site/index.html") == b"content of _build/html/index.html"


def test_a_zip_that_fails_leaves_the_old_one(book: Path) -> None:
    target = book / "book.zip"
    target.write_bytes(b"the old one")
    with pytest.raises(FileNotFoundError):
        offline.write_zip(target, {"a.html": b"whole", "b.html": book / "nowhere.html"})
    assert target.read_bytes() == b"the old one"
    assert not list(book.glob("*.part"))


def test_the_page_at_the_top_names_system_and_python() -> None:
    page = offline.instructions(WINDOWS, "3.13").decode()
    assert WINDOWS.words in page and "python3.13 -m venv env" in page and "py -3.13 -m venv env" in page
    assert 'href="site/index.html"' in page and page.count("--no-index --find-links wheels credit-assignment") == 2
    assert "$" not in page


def test_a_wheel_may_ask_for_less_than_the_project() -> None:
    text = wheel.with_dependencies(PROJECT, ["numpy", "tqdm"])
    project = tomllib.loads(text)
    assert project["project"]["dependencies"] == ["numpy", "tqdm"]
    assert project["dependency-groups"] == {"lite": ["jupyterlite-core"]}
    with pytest.raises(ValueError, match="has no list that begins with 'dependencies = \\['"):
        wheel.with_dependencies('[project]\nname = "x"\n', ["numpy"])


def test_a_wheel_is_built_from_a_copy_that_holds_the_package_and_its_results(tmp_path: Path) -> None:
    copy = wheel.copy_source(wheel.ROOT, tmp_path, ["numpy"])
    project = tomllib.loads((copy / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["dependencies"] == ["numpy"]
    packages = set(project["tool"]["setuptools"]["packages"]) - {"helpers.data.stored_results"}
    assert all((copy / package.replace(".", "/") / "__init__.py").is_file() for package in packages)
    assert (copy / "book" / "results" / "06-cost.json").is_file()


def test_what_python_left_behind_is_not_copied(tmp_path: Path) -> None:
    for name in (*wheel.PARTS[:3], "helpers/graph.py", "helpers/__pycache__/graph.pyc", "book/results/01.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(PROJECT, "utf-8")
    copy = wheel.copy_source(tmp_path, tmp_path / "copy", None)
    assert {path.name for path in copy.rglob("*.*")} >= {"pyproject.toml", "README.md", "graph.py", "01.json"}
    assert not list(copy.rglob("__pycache__"))
    assert (copy / "pyproject.toml").read_text("utf-8") == PROJECT
