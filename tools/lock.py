"""Compile ``requirements.txt`` and ``requirements-browser.txt`` from ``pyproject.toml``: ``make lock``.

The compiler, uv, is installed in a folder that is thrown away. Each lock is universal: one file that is right
for Python 3.11 and newer on Linux, macOS and Windows.
"""

from __future__ import annotations

import os
import subprocess
import venv
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.txt"
BROWSER_LOCK = ROOT / "requirements-browser.txt"
OPTIONS = [
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
]


def compile_lock(python: Path, *arguments: str) -> str:
    """Run uv's resolver and return the lock that it prints, the same in any folder and with any package host."""
    command = [python, "-m", "uv", "pip", "compile", *OPTIONS, *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def interpreter(environment: Path, system: str = os.name) -> Path:
    """Return the Python of an environment: Windows keeps it in another folder than the others."""
    return environment / ("Scripts/python.exe" if system == "nt" else "bin/python")


def main() -> None:
    with TemporaryDirectory() as temporary:
        venv.create(temporary, with_pip=True)
        python = interpreter(Path(temporary))
        subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)

        lock = compile_lock(python, "pyproject.toml")
        constraints = Path(temporary, "constraints.txt")
        constraints.write_text(lock)
        # The book itself comes last: the build, nbval, JupyterLab and Binder then all import `helpers` from here.
        LOCK.write_text(f"{lock}-e .\n")
        BROWSER_LOCK.write_text(compile_lock(python, "--group=browser", f"--constraint={constraints}"))


if __name__ == "__main__":
    main()
