"""Files that are written whole or not at all, whatever happens meanwhile: a kill, a full disk, another process."""

import errno
import os
import time
from glob import escape
from pathlib import Path

#: What a machine says when a disk, a quota or the largest size of a file is reached.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

#: Seconds without a change after which a temporary file is what a killed process left.
ABANDONED = 3600


class CannotWriteError(OSError):
    """Raised when a file cannot be written; says which and why, and that what was there before is unchanged."""


def write_whole(path: str | os.PathLike, content: str | bytes) -> None:
    """Write a file whole or not at all: to a temporary file beside it, then renamed.

    Two processes may write the same file at once: the later one's is kept. A process that is killed leaves its
    temporary file, whose name begins with a dot; the next one that writes the same file removes it after an hour.

    Parameters
    ----------
    path : path
        The file; its folder is made if it is missing.
    content : str or bytes
        Text is written as UTF-8, with the ends of lines that it has.

    Raises
    ------
    CannotWriteError
        If the machine refuses, for instance because the disk is full. The file that was there before stays.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_abandoned(path.parent, f".{escape(path.name)}.*")
        try:
            with temporary.open("wb") as file:
                file.write(content.encode("utf-8") if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())  # or a machine that loses its power may keep the new name and not the content
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise CannotWriteError(
            f"{path} cannot be written: {error.strerror}. What was there before is unchanged; "
            f"{'make room' if error.errno in NO_ROOM else 'mend that'} and try again",
        ) from error


def remove_abandoned(folder: Path, pattern: str) -> None:
    """Remove temporary files that killed processes left: those that nobody has changed for an hour.

    Parameters
    ----------
    folder : Path
        One that is missing holds nothing to remove.
    pattern : str
        What temporary files are called in it.
    """
    for file in folder.glob(pattern):
        try:
            if time.time() - file.stat().st_mtime > ABANDONED:
                file.unlink()
        except FileNotFoundError:
            continue  # its process has ended it, or another one has removed it, just now
