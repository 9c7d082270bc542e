"""MNIST, for full-scale runs and benchmarks: its four published files, found or downloaded, checked, and read.

No chapter loads it: it comes as the same `Dataset` as the digits that chapters use.
"""

import gzip
import os
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import numpy as np
import pooch
from numpy.typing import NDArray

from experiments.whole_files import NO_ROOM, CannotWriteError, remove_abandoned
from helpers.data.datasets import Dataset, Split

#: Names a folder that holds the four MNIST files, for machines with no network.
MNIST_FOLDER_VARIABLE = "BOOK_MNIST_DIR"

#: Where the four files are published, unchanged, and the sha256 of each.
MNIST_URL = "https://ossci-datasets.s3.amazonaws.com/mnist/"
MNIST_SHA256 = {
    "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}


def mnist(folder: str | os.PathLike | None = None) -> Dataset:
    """Load MNIST: 70,000 handwritten digits of 28 x 28 pixels.

    The last 10,000 of the 60,000 published training samples are the validation split.

    Parameters
    ----------
    folder : path, optional
        Holds the four published ``.gz`` files. By default the folder that the environment
        variable ``BOOK_MNIST_DIR`` names, or else the user's cache, filled by one
        download of 11 MB. A leading ``~`` stands for the home folder.

    Returns
    -------
    Dataset

    Raises
    ------
    FileNotFoundError
        If `folder` is named and a file is not in it.
    ValueError
        If a file is not byte for byte the published one.
    ConnectionError
        If a file has to be downloaded and cannot be.

    References
    ----------
    .. [1] Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, Gradient-based learning applied
       to document recognition, Proc. IEEE 86, 1998. doi:10.1109/5.726791.
    """
    folder = folder or os.environ.get(MNIST_FOLDER_VARIABLE)
    images, labels, test_images, test_labels = (read_idx(mnist_file(name, folder)) for name in MNIST_SHA256)
    x, x_test = (pixels.reshape(len(pixels), -1) / np.float32(255) for pixels in (images, test_images))
    t, t_test = labels.astype(np.int64), test_labels.astype(np.int64)
    train, validation = Split(x[:50_000], t[:50_000]), Split(x[50_000:], t[50_000:])
    return Dataset("MNIST", (28, 28), 10, train, validation, Split(x_test, t_test))


def mnist_file(name: str, folder: str | os.PathLike | None) -> Path:
    """Return the path of one published MNIST file whose hash has been checked.

    Parameters
    ----------
    name : str
        One of the four in `MNIST_SHA256`.
    folder : path or None
        Where the file is; None for the user's cache, to which it is downloaded if need be.

    Returns
    -------
    Path

    Raises
    ------
    FileNotFoundError
        If a folder is named and the file is not in it.
    ValueError
        If the file is not byte for byte the published one.
    ConnectionError
        If the file has to be downloaded and cannot be.
    """
    if not folder:
        return download(name)
    path = Path(folder).expanduser() / name
    if not path.is_file():
        raise FileNotFoundError(
            f"no file {name} in {folder}: put the four published MNIST files there, "
            f"or unset {MNIST_FOLDER_VARIABLE} to download them"
        )
    found = pooch.file_hash(str(path), alg="sha256")
    if found != MNIST_SHA256[name]:
        raise ValueError(
            f"{path} is not the published file (truncated or changed): expected sha256 "
            f"{MNIST_SHA256[name]}, found {found}; delete it and copy it again"
        )
    return path


def download(name: str) -> Path:
    """Fetch one MNIST file into the user's cache, unless it is there; check its hash.

    Raises
    ------
    ValueError
        If what was downloaded is not the published file; nothing is kept then.
    ConnectionError
        If the download fails.
    CannotWriteError
        If there is no room for the file in the cache.
    """
    cache = Path(pooch.os_cache("credit-assignment"))
    try:
        cache.mkdir(parents=True, exist_ok=True)
        remove_abandoned(cache, "tmp*")  # as pooch calls what it has not checked yet
        return Path(pooch.retrieve(MNIST_URL + name, f"sha256:{MNIST_SHA256[name]}", name, cache, downloader=fetch))
    except ValueError as error:
        raise ValueError(
            f"the download of {name} is not the published file: expected sha256 {MNIST_SHA256[name]}; "
            "nothing was kept, so try again"
        ) from error
    except OSError as error:
        if error.errno in NO_ROOM:
            raise CannotWriteError(
                f"{name} cannot be kept in {cache}: {error.strerror}. Nothing half is left; make room and try again, "
                f"or set {MNIST_FOLDER_VARIABLE} to a folder elsewhere with the four published MNIST files",
            ) from error
        raise ConnectionError(
            f"there is no sound copy of {name} in {cache} and it could not be downloaded ({error}); "
            f"connect once, or set {MNIST_FOLDER_VARIABLE} to a folder with the four published MNIST files"
        ) from error


def fetch(url: str, output_file: str, mover: pooch.Pooch | None) -> None:
    """Download a file as pooch does, but with a ConnectionError whatever goes wrong.

    A proxy with a bad address leads to a ValueError or a TypeError; pooch also raises a ValueError for a file
    that is not the published one, and only that may be called so.

    Parameters
    ----------
    url : str
    output_file : str
        Where to put it.
    mover : pooch.Pooch or None
        Who asks; handed on to pooch.

    Returns
    -------
    None

    Raises
    ------
    ConnectionError
        If the download fails, for whatever reason; advice on proxies is added where one is used.
    OSError
        If there is no room for the file.
    """
    try:
        pooch.HTTPDownloader()(url, output_file, mover)
    except (OSError, ValueError, TypeError) as error:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            raise
        raise ConnectionError(f"{error}{proxy_advice(url)}") from error


def proxy_advice(url: str) -> str:
    """What to look at first where a download goes through a proxy; empty where it does not."""
    address = urlsplit(url)
    proxies = getproxies()
    if proxy_bypass(address.hostname or "") or not (proxies.get(address.scheme) or proxies.get("all")):
        return ""
    return (
        f"; it goes through a proxy, so look at {address.scheme.upper()}_PROXY, ALL_PROXY and the system's settings: "
        "a proxy is given as http://host:port, and socks5://host:port needs the package pysocks"
    )


def read_idx(path: Path) -> NDArray:
    """Read an array of bytes from a gzipped IDX file, the format MNIST is published in.

    Parameters
    ----------
    path : Path
        A published file, from `mnist_file`, which has compared every byte: four bytes, of which the last is the
        number of dimensions, then each size as a big-endian 32-bit number, then the data.

    Returns
    -------
    ndarray of uint8
    """
    with gzip.open(path) as file:
        dimensions = file.read(4)[3]
        shape = np.frombuffer(file.read(4 * dimensions), ">u4")
        return np.frombuffer(file.read(), np.uint8).reshape(shape)
