"""A copy of the repository as it is now, for tools that build or change something without touching the original."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]


def copied(folder: Path) -> Path:
    """Copy the repository's files, with changes and new ones, into a folder that belongs to git; return the folder."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    for words in (["init", "--quiet"], ["add", "--all"]):  # some tests ask git what belongs to the repository
        subprocess.run(["git", *words], cwd=folder, check=True)
    return folder
