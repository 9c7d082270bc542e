"""Make one zip file with which a room without a network can read and run the book: ``make offline``.

    python -m tools.offline [--platform linux-x86_64] [--python 3.12] [--notebooks classroom]

It holds the built pages, the plain notebooks, the locked wheels for one system and one version of Python with the
book's own wheel, and a page that says how to use them. Making it needs a network; using it does not.
"""

from __future__ import annotations

import argparse
import platform
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from extensions.plain_notebooks import EDITIONS
from tools.page_links import lead_to_pages
from tools.wheel import ROOT, CannotBuildError, build_wheel

#: The one folder in the zip file, which holds everything else.
FOLDER = "credit-assignment-offline"
ZIP = ROOT / "_build" / f"{FOLDER}.zip"

#: Files that are compressed already.
COMPRESSED = (".whl", ".png", ".woff2", ".gz")


@dataclass(frozen=True)
class System:
    """A kind of machine, as wheels name it and as a lock asks for it.

    Attributes
    ----------
    words : str
        What readers call it.
    tags : tuple of str
        Platforms in the names of wheels that run on it. pip adds older ones of macOS by itself.
    markers : mapping of str to str
        What differs in the markers of a lock, such as ``sys_platform == 'win32'``.
    """

    words: str
    tags: tuple[str, ...]
    markers: Mapping[str, str]


def linux(machine: str, words: str) -> System:
    """Any Linux with glibc 2.28 or newer: from Debian 10, Ubuntu 20.04 and Red Hat 8 on."""
    named = ("manylinux2014", "manylinux2010", "manylinux1")
    tags = (*(f"manylinux_2_{minor}" for minor in range(28, 4, -1)), *named, "linux")
    markers = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": machine}
    return System(words, tuple(f"{tag}_{machine}" for tag in tags), markers)


def macos(machine: str, words: str) -> System:
    """Any macOS from 12 on."""
    markers = {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": machine}
    return System(words, (f"macosx_12_0_{machine}",), markers)


WINDOWS = {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"}

SYSTEMS = {
    "linux-x86_64": linux("x86_64", "Linux on an Intel or AMD processor"),
    "linux-aarch64": linux("aarch64", "Linux on an ARM processor"),
    "macos-arm64": macos("arm64", "macOS on an Apple processor"),
    "macos-x86_64": macos("x86_64", "macOS on an Intel processor"),
    "windows-x86_64": System("Windows on an Intel or AMD processor", ("win_amd64",), WINDOWS),
}


def this_system() -> str:
    """The name of this machine's kind; another name, which no system has, if it is of none."""
    system = {"Darwin": "macos"}.get(platform.system(), platform.system().lower())
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    return f"{system}-{machine}"


def chosen_system(name: str) -> System:
    """The system of a name, or raise CannotBuildError with the names that there are."""
    if name not in SYSTEMS:
        raise CannotBuildError(f"No system is called {name}: choose one by PLATFORM= of {', '.join(SYSTEMS)}.")
    return SYSTEMS[name]


def check_python(version: str, project: str) -> None:
    """Raise CannotBuildError if a version is not of the form 3.12, or too old for the book's ``pyproject.toml``."""
    needed = tomllib.loads(project)["project"]["requires-python"]
    if not re.fullmatch(r"3\.\d+", version):
        raise CannotBuildError(f"PYTHON_VERSION={version} should have two numbers, such as 3.12.")
    if version not in SpecifierSet(needed):
        raise CannotBuildError(f"Python {version} is too old: the book needs {needed}. Set PYTHON_VERSION=3.12, say.")


def pins(lock: str, system: System, python: str) -> list[str]:
    """Return the lines of a lock that a system and a version of Python need, without their markers.

    pip evaluates markers for the machine that it runs on, also when it downloads for another one.

    Parameters
    ----------
    lock : str
        Text of ``requirements.txt``; its line ``-e .``, the book itself, is left out.
    system : System
    python : str
        Such as ``3.12``.

    Returns
    -------
    list of str
        Such as ``numpy==2.4.6``.
    """
    environment = {
        **system.markers,
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    wanted = (Requirement(line) for line in lock.splitlines() if line and not line.startswith("-e"))
    return [f"{one.name}{one.specifier}" for one in wanted if one.marker is None or one.marker.evaluate(environment)]


def download_command(requirements: Sequence[str], system: System, python: str, folder: Path) -> list[str]:
    """The command by which pip fetches wheels, and nothing but wheels, for a system into a folder."""
    tags = [part for tag in system.tags for part in ("--platform", tag)]
    options = ["--no-deps", "--only-binary=:all:", "--implementation", "cp", "--python-version", python, *tags]
    return [sys.executable, "-m", "pip", "download", *options, "--dest", str(folder), *requirements]


def download(requirements: Sequence[str], system: System, python: str, folder: Path) -> None:
    """Fetch the wheels of all requirements.

    Parameters
    ----------
    requirements : sequence of str
        Such as ``numpy==2.4.6``.
    system : System
    python : str
    folder : Path
        Holds the wheels afterwards.

    Raises
    ------
    CannotBuildError
        If a requirement has no wheel for the system, with its name; or if pip fails, with its last words.
    """
    command = download_command(requirements, system, python, folder)
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise CannotBuildError(why_not(done.stderr, system, python))


def why_not(said: str, system: System, python: str) -> str:
    """Say in words for the terminal why pip could not download, from what it said."""
    missing = re.search(r"No matching distribution found for (\S+)", said)
    if missing:
        return (
            f"{missing[1]} has no wheel for {system.words} and Python {python}, or the package host cannot be reached. "
            f"Try another version (PYTHON_VERSION=3.12), or choose a release that has wheels: constrain it in "
            "pyproject.toml and run 'make lock'."
        )
    return f"The wheels could not be downloaded. pip says:\n{said[-2000:]}"


def collect(pages: Path, notebooks: Path, wheels: Path, checkout: Path = ROOT) -> dict[str, Path | bytes]:
    """Return where each file of the zip comes from, or its content where that differs.

    Parameters
    ----------
    pages : Path
        The built book.
    notebooks : Path
        Folder with a folder of notebooks for each edition.
    wheels : Path
    checkout : Path, optional
        Holds the licences.

    Returns
    -------
    dict of str to Path or bytes
        For each path inside the zip's one folder, the file; for a notebook, its content, with links to the pages in
        the place of links to their sources.

    Raises
    ------
    CannotBuildError
        If the pages or an edition are not there.
    """
    if not (pages / "index.html").is_file():
        raise CannotBuildError(f"There are no pages in {pages}: run 'make book' first.")
    for edition in EDITIONS:
        if not any((notebooks / edition).glob("*.ipynb")):
            raise CannotBuildError(f"There are no notebooks in {notebooks / edition}: run 'make classroom' first.")
    files: dict[str, Path | bytes] = {name: checkout / name for name in ("LICENSE", "LICENSE-TEXT")}
    for inside, folder in (("site", pages), ("wheels", wheels)):
        for file in filter(Path.is_file, folder.rglob("*")):
            files[f"{inside}/{file.relative_to(folder).as_posix()}"] = file
    for edition in EDITIONS:
        for notebook in (notebooks / edition).glob("*.ipynb"):
            text = lead_to_pages(notebook.read_text("utf-8"), "../../site")
            files[f"notebooks/{edition}/{notebook.name}"] = text.encode("utf-8")
    return files


def instructions(system: System, python: str) -> bytes:
    """The page at the top of the zip, for one system and version of Python."""
    template = Template((ROOT / "tools" / "offline.html").read_text("utf-8"))
    return template.substitute(system=system.words, python=python).encode("utf-8")


def write_zip(target: Path, files: Mapping[str, Path | bytes]) -> None:
    """Write a zip file that depends on what its files hold, and on nothing else.

    Parameters
    ----------
    target : Path
        Replaced when the new one is whole, and not before.
    files : mapping of str to Path or bytes
        For each path inside the zip's one folder, the file or its content.
    """
    part = target.with_suffix(".part")
    try:
        with ZipFile(part, "w") as archive:
            for name, content in sorted(files.items()):
                entry = ZipInfo(f"{FOLDER}/{name}")  # of 1 January 1980, unless told otherwise
                entry.external_attr = 0o100644 << 16
                entry.compress_type = ZIP_STORED if name.endswith(COMPRESSED) else ZIP_DEFLATED
                archive.writestr(entry, content if isinstance(content, bytes) else content.read_bytes())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def make(system: System, python: str, notebooks: Path) -> int:
    """Make the zip file, and return how many wheels it holds."""
    check_python(python, (ROOT / "pyproject.toml").read_text("utf-8"))
    pages = ROOT / "_build" / "html"
    with TemporaryDirectory() as name:
        wheels = Path(name)
        collect(pages, notebooks, wheels)  # what is missing here is said before minutes of downloads
        download(pins((ROOT / "requirements.txt").read_text("utf-8"), system, python), system, python, wheels)
        build_wheel(wheels)
        files = collect(pages, notebooks, wheels)
        write_zip(ZIP, {**files, "OFFLINE.html": instructions(system, python)})
        return len(list(wheels.iterdir()))


def main() -> None:
    """Read the command line, make the zip file, and say where it is; or what is missing."""
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--platform", default="", help=f"one of {', '.join(SYSTEMS)} (default: this machine's)")
    parser.add_argument("--python", default="", help="version of Python, such as 3.12 (default: this one's)")
    parser.add_argument("--notebooks", type=Path, default=ROOT / "classroom", help="folder of both editions")
    options = parser.parse_args()
    python = options.python or here
    try:
        system = chosen_system(options.platform or this_system())
        count = make(system, python, options.notebooks)
    except CannotBuildError as error:
        sys.exit(str(error))
    size = ZIP.stat().st_size / 1e6
    print(f"{ZIP.relative_to(ROOT)}: {size:.0f} MB, {count} wheels for {system.words} and Python {python}.")


if __name__ == "__main__":
    main()
