"""Files of the built book that are lighter than their originals: how fonts are cut, and how originals are put back."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont


def put_back(originals: Path, replaced: Path, names: Iterable[str | Path]) -> None:
    """Put original files where lighter ones are, before a build.

    Sphinx then has nothing to say of files that differ, and a build that stops leaves whole pages.

    Parameters
    ----------
    originals, replaced : Path
        Folders.
    names : iterable of str or Path
        Files of both; those that were never replaced are left out.
    """
    for name in names:
        if (replaced / name).exists():
            shutil.copyfile(originals / name, replaced / name)


def cut_font(file: Path, signs: Iterable[str], flavor: str, **options: Any) -> tuple[bytes, set[str]]:
    """Cut a font to some signs.

    Parameters
    ----------
    file : Path
    signs : iterable of str
        Characters.
    flavor : str
        "woff" or "woff2".
    **options
        As for ``fontTools.subset.Options``.

    Returns
    -------
    font : bytes
    present : set of str
        Those of the signs that the font has.
    """
    font = TTFont(file)
    present = {sign for sign in signs if ord(sign) in font.getBestCmap()}
    cutter = subset.Subsetter(subset.Options(notdef_outline=True, **options))
    cutter.populate(unicodes=[ord(sign) for sign in present])
    cutter.subset(font)
    font.flavor = flavor
    stream = BytesIO()
    font.save(stream)
    return stream.getvalue(), present
