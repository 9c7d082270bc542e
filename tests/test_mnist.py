"""MNIST: what it holds, and what a missing or damaged file leads to."""

import gzip
import os
import shutil
import struct
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import requests

import experiments.mnist as mnist_files
from experiments.mnist import MNIST_FOLDER_VARIABLE, MNIST_SHA256, mnist, read_idx
from helpers.data.datasets import Dataset, Split

SMALL = "t10k-labels-idx1-ubyte.gz"
MNIST_FOLDER = Path(os.environ.get(MNIST_FOLDER_VARIABLE) or Path(__file__).parents[2] / "shared" / "data" / "mnist")
needs_mnist = pytest.mark.skipif(
    not os.environ.get(MNIST_FOLDER_VARIABLE) and not MNIST_FOLDER.is_dir(),
    reason=f"no MNIST files: set {MNIST_FOLDER_VARIABLE} to a folder that holds the four published ones",
)


def splits(data: Dataset) -> list[Split]:
    return [data.train, data.validation, data.test]


@pytest.fixture(scope="module")
def full_mnist() -> Dataset:
    return mnist(MNIST_FOLDER)


@needs_mnist
def test_mnist_has_the_documented_sizes_types_and_range(full_mnist):
    data = full_mnist
    assert (data.name, data.image_shape, data.inputs, data.classes) == ("MNIST", (28, 28), 784, 10)
    assert [len(split) for split in splits(data)] == [50_000, 10_000, 10_000]
    for split in splits(data):
        assert split.x.shape == (len(split), 784) and split.t.shape == (len(split),)
        assert (split.x.dtype, split.t.dtype) == (np.float32, np.int64)
        assert (split.x.min(), split.x.max()) == (0, 1)


@needs_mnist
def test_mnist_labels_are_the_published_ones(full_mnist):
    training = np.concatenate([full_mnist.train.t, full_mnist.validation.t])
    assert training[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert full_mnist.test.t[:5].tolist() == [7, 2, 1, 0, 4]
    assert np.bincount(training).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    test = np.bincount(full_mnist.test.t)
    assert test.tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


@needs_mnist
def test_mnist_images_are_the_bytes_of_the_file_over_255(full_mnist):
    header = 16
    raw = gzip.decompress((MNIST_FOLDER / "t10k-images-idx3-ubyte.gz").read_bytes())[header:]
    pixels = np.frombuffer(raw, np.uint8).reshape(10_000, 784)
    np.testing.assert_array_equal(np.rint(full_mnist.test.x * 255).astype(np.uint8), pixels)
    # The mean brightness of the 60,000 published training images is known: 0.1307.
    mean = (5 * full_mnist.train.x.mean(dtype=float) + full_mnist.validation.x.mean(dtype=float)) / 6
    assert mean == pytest.approx(0.1307, abs=5e-5)


@needs_mnist
def test_mnist_is_read_from_the_folder_that_the_environment_names(tmp_path, monkeypatch):
    monkeypatch.setattr(mnist_files, "download", lambda name: pytest.fail(f"{name} was downloaded"))
    monkeypatch.setenv(MNIST_FOLDER_VARIABLE, str(tmp_path))
    with pytest.raises(FileNotFoundError) as error:
        mnist()
    message = str(error.value)
    assert "train-images-idx3-ubyte.gz" in message and str(tmp_path) in message
    assert "put the four published MNIST files there" in message and MNIST_FOLDER_VARIABLE in message


def test_a_tilde_stands_for_the_home_folder(tmp_path, monkeypatch):
    for variable in ("HOME", "USERPROFILE"):  # Unix's name and Windows's
        monkeypatch.setenv(variable, str(tmp_path))
    (tmp_path / "mnist").mkdir()
    (tmp_path / "mnist" / SMALL).write_bytes(b"found, and not MNIST")
    with pytest.raises(ValueError, match="is not the published file"):
        mnist_files.mnist_file(SMALL, "~/mnist")


@needs_mnist
@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content[:100],
        lambda content: b"",
        lambda content: content[:2000] + bytes([content[2000] ^ 1]) + content[2001:],
        lambda content: content + b"\0",
    ],
    ids=["one byte short", "truncated", "empty", "one bit changed", "one byte long"],
)
def test_a_damaged_file_is_named_with_both_hashes_and_advice(damage, tmp_path):
    path = tmp_path / SMALL
    path.write_bytes(damage((MNIST_FOLDER / SMALL).read_bytes()))
    with pytest.raises(ValueError) as error:
        mnist_files.mnist_file(SMALL, tmp_path)
    hashes = f"expected sha256 {MNIST_SHA256[SMALL]}, found "
    for part in (str(path), "truncated or changed", hashes, "delete it and copy it again"):
        assert part in str(error.value)


@needs_mnist
def test_mnist_stops_at_a_damaged_file(tmp_path):
    for name in MNIST_SHA256:
        (tmp_path / name).symlink_to(MNIST_FOLDER / name)
    (tmp_path / SMALL).unlink()
    (tmp_path / SMALL).write_bytes(b"not MNIST")
    with pytest.raises(ValueError, match=f"{SMALL} is not the published file"):
        mnist(tmp_path)


# Downloads, from a server on this machine that stands in for the publisher's


@pytest.fixture
def published(tmp_path) -> Path:
    """The folder that the stand-in server serves; a test fills it."""
    folder = tmp_path / "published"
    folder.mkdir()
    return folder


@pytest.fixture
def cache(tmp_path, monkeypatch, published, closed_answers) -> Iterator[Path]:
    """An empty cache folder, with the stand-in server running."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    folder = tmp_path / "cache"
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=published))
    monkeypatch.setattr(mnist_files, "MNIST_URL", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setattr(mnist_files.pooch, "os_cache", lambda name: folder)
    monkeypatch.delenv(MNIST_FOLDER_VARIABLE, raising=False)
    for variable in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(variable, "127.0.0.1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield folder
    server.shutdown()
    server.server_close()
    thread.join()


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@needs_mnist
@pytest.mark.parametrize("folder", [None, ""], ids=["no folder", "an empty name"])
def test_a_file_is_downloaded_once(folder, cache, published):
    shutil.copy(MNIST_FOLDER / SMALL, published)
    path = mnist_files.mnist_file(SMALL, folder)
    assert path == cache / SMALL and path.read_bytes() == (MNIST_FOLDER / SMALL).read_bytes()
    (published / SMALL).unlink()
    assert mnist_files.mnist_file(SMALL, folder) == path
    assert files_in(cache) == [SMALL]


@needs_mnist
def test_a_damaged_file_in_the_cache_is_downloaded_again(cache, published):
    shutil.copy(MNIST_FOLDER / SMALL, published)
    cache.mkdir()
    (cache / SMALL).write_bytes(b"half a file")
    assert mnist_files.download(SMALL).read_bytes() == (MNIST_FOLDER / SMALL).read_bytes()


@pytest.mark.parametrize("content", [b"", b"<html>Sign in first</html>"], ids=["empty", "a login page"])
def test_a_download_of_something_else_is_refused_and_not_kept(content, cache, published):
    (published / SMALL).write_bytes(content)
    with pytest.raises(ValueError) as error:
        mnist_files.download(SMALL)
    for part in (SMALL, "not the published file", f"expected sha256 {MNIST_SHA256[SMALL]}", "try again"):
        assert part in str(error.value)
    assert files_in(cache) == []


def offline(monkeypatch: pytest.MonkeyPatch, published: Path) -> str:
    def refuse(*args, **kwargs):
        raise requests.exceptions.ConnectionError("Name or service not known")

    monkeypatch.setattr(requests, "get", refuse)
    return "Name or service not known"


def not_found(monkeypatch: pytest.MonkeyPatch, published: Path) -> str:
    return "404"


def cut_off(monkeypatch: pytest.MonkeyPatch, published: Path) -> str:
    def half(self, chunk_size):
        yield b"half of "
        raise requests.exceptions.ChunkedEncodingError("Connection broken")

    (published / SMALL).write_bytes(b"half of a file")
    monkeypatch.setattr(requests.Response, "iter_content", half)
    return "Connection broken"


@pytest.mark.parametrize("in_cache", [None, b"half a file"], ids=["missing", "damaged"])
@pytest.mark.parametrize("trouble", [offline, not_found, cut_off], ids=lambda trouble: trouble.__name__)
def test_a_file_that_cannot_be_downloaded_is_named_with_advice(trouble, in_cache, cache, published, monkeypatch):
    cause = trouble(monkeypatch, published)
    if in_cache is not None:
        cache.mkdir()
        (cache / SMALL).write_bytes(in_cache)
    with pytest.raises(ConnectionError) as error:
        mnist_files.download(SMALL)
    message = str(error.value)
    for part in (SMALL, str(cache), cause, "connect once", f"set {MNIST_FOLDER_VARIABLE} to a folder"):
        assert part in message
    assert files_in(cache) == ([SMALL] if in_cache else [])


PROXIES = {
    "SOCKS without pysocks": "socks5://127.0.0.1:9",
    "no host": "http://",
    "no host but a port": "http://:3128",
    "no scheme": "proxy:port",
    "a port that is no number": "http://proxy:port",
    "a port out of range": "http://127.0.0.1:99999",
    "a user but no host": "http://user@",
    "half an IPv6 address": "http://[::1",
    "another protocol": "ftp://127.0.0.1:9",
    "a label too long": f"http://{'a' * 80}:1",
    "nobody listens": "http://127.0.0.1:9",
}


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("proxy", PROXIES.values(), ids=PROXIES)
def test_a_proxy_that_cannot_be_used_is_told_as_a_proxy(proxy, variable, cache, monkeypatch):
    for name in (
        "http_proxy",
        "HTTP_PROXY",
        "https_proxy",
        "HTTPS_PROXY",
        "all_proxy",
        "ALL_PROXY",
        "NO_PROXY",
        "no_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(sys.modules, "socks", None)  # as if pysocks were not installed
    monkeypatch.setenv(variable, proxy)
    with pytest.raises(ConnectionError) as error:
        mnist_files.download(SMALL)
    message = str(error.value)
    for part in (SMALL, "goes through a proxy", "HTTP_PROXY", "http://host:port", "pysocks"):
        assert part in message
    assert "not the published file" not in message
    assert files_in(cache) == []


def test_without_a_proxy_none_is_named(cache, published):
    with pytest.raises(ConnectionError, match="404") as error:
        mnist_files.download(SMALL)
    assert "goes through a proxy" not in str(error.value)


def test_mnist_offline_names_the_first_file(cache, published, monkeypatch):
    offline(monkeypatch, published)
    with pytest.raises(ConnectionError, match="train-images-idx3-ubyte.gz"):
        mnist()


# The IDX format


def write_idx(path: Path, values: np.ndarray) -> Path:
    head = struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape)
    path.write_bytes(gzip.compress(head + values.tobytes()))
    return path


@pytest.mark.parametrize("shape", [(5,), (2, 3), (2, 3, 4)], ids=str)
def test_read_idx_gives_back_what_was_written(shape, tmp_path, rng):
    values = rng.integers(256, size=shape, dtype=np.uint8)
    read = read_idx(write_idx(tmp_path / "some.gz", values))
    assert read.dtype == np.uint8
    np.testing.assert_array_equal(read, values)


def test_the_four_files_are_named_with_a_sha256_each():
    assert [name.split("-")[:2] for name in MNIST_SHA256] == [
        ["train", "images"],
        ["train", "labels"],
        ["t10k", "images"],
        ["t10k", "labels"],
    ]
    assert all(len(bytes.fromhex(digest)) == 32 for digest in MNIST_SHA256.values())
