"""Refresh the browser assets that the book carries: ``python tools/vendor.py [version]``.

For maintainers; it needs npm. Readers and builders use the copy in ``assets/vendor``, whose record
(``VENDOR.toml``: name, version, licence, origin, sha256 of every file) a test compares with the files.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

FOLDER = Path(__file__).parent.parent / "assets" / "vendor" / "katex"
RECORD = "VENDOR.toml"


def fetch(version: str, folder: Path) -> tuple[Path, str]:
    """Download KaTeX from npm into `folder`; return its files and npm's hash of the archive."""
    command = ["npm", "pack", f"katex@{version}", "--json"]
    packed = json.loads(subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout)[0]
    with tarfile.open(folder / packed["filename"]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package", packed["integrity"]


def copy_needed(package: Path, target: Path) -> None:
    """Copy the script, the style sheet and its fonts, in the one font format that every browser reads."""
    (target / "fonts").mkdir(parents=True)
    shutil.copyfile(package / "LICENSE", target / "LICENSE")
    shutil.copyfile(package / "dist" / "katex.min.js", target / "katex.min.js")
    for font in (package / "dist" / "fonts").glob("*.woff2"):
        shutil.copyfile(font, target / "fonts" / font.name)
    css = (package / "dist" / "katex.min.css").read_text("utf-8")
    css = re.sub(r',url\([^)]+\.(woff|ttf)\) format\("\w+"\)', "", css)
    (target / "katex.min.css").write_text(css, encoding="utf-8")


def record(folder: Path, version: str, integrity: str) -> str:
    """Describe the files of `folder`, so that a test can tell whether one has changed."""
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.name != RECORD)
    hashes = (
        f'"{file.relative_to(folder).as_posix()}" = "{hashlib.sha256(file.read_bytes()).hexdigest()}"' for file in files
    )
    return "\n".join(
        [
            "# Written by tools/vendor.py. The style sheet is KaTeX's own without its .woff and .ttf fonts.",
            'name = "katex"',
            f'version = "{version}"',
            'licence = "MIT"',
            f'npm_integrity = "{integrity}"',
            "",
            "[sha256]",
            *hashes,
            "",
        ]
    )


def main(version: str | None = None) -> None:
    known = tomllib.loads((FOLDER / RECORD).read_text("utf-8")) if (FOLDER / RECORD).exists() else {}
    version = version or known["version"]
    with TemporaryDirectory() as temporary:
        package, integrity = fetch(version, Path(temporary))
        if known.get("version") == version and known["npm_integrity"] != integrity:
            sys.exit(f"katex {version} is not the archive it was: {integrity}, recorded {known['npm_integrity']}")
        shutil.rmtree(FOLDER, ignore_errors=True)
        copy_needed(package, FOLDER)
    (FOLDER / RECORD).write_text(record(FOLDER, version, integrity), encoding="utf-8")
    print(f"assets/vendor/katex now holds KaTeX {version}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
