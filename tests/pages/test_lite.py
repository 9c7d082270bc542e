"""The notebooks for the browser, as far as they can be seen without a network: ``make test-lite``.

The shell opens, lists every student notebook, and hands out the book's own wheel. That a notebook runs there is not
claimed here: Python for the browser comes from the network (``tests/lite_run.py``).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urljoin
from urllib.request import urlopen
from zipfile import ZipFile

import pytest

from tools.lite import IN_THE_BROWSER, OUTPUT, ROOT
from tools.serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

if not (OUTPUT / "lab" / "index.html").is_file():
    pytest.skip("no notebooks for the browser: `make test-lite` builds and tests them", allow_module_level=True)

STUDENT = sorted(path.name for path in (ROOT / "book").glob("*.ipynb"))


@pytest.fixture(scope="module")
def lite() -> Iterator[str]:
    """The address of the folder below a path, as it is published, on a free port of this machine."""
    with served(OUTPUT.parent) as address:
        yield f"{address}/{OUTPUT.name}/"


def read(address: str) -> bytes:
    """What a server hands out."""
    with urlopen(address) as answer:
        return answer.read()


@pytest.fixture(scope="module")
def wheel(lite: str) -> ZipFile:
    """The book's own wheel, found as the browser finds it: by the index that the settings name."""
    settings = json.loads(read(f"{lite}jupyter-lite.json"))["jupyter-config-data"]["litePluginSettings"]
    kernel = settings["@jupyterlite/pyodide-kernel-extension:kernel"]
    indices = [urljoin(lite, address) for address in kernel["pipliteUrls"]]
    for index in indices:
        if releases := json.loads(read(index)).get("credit-assignment", {}).get("releases"):
            ((file,),) = releases.values()
            content = read(urljoin(index, file["url"]))
            assert hashlib.sha256(content).hexdigest() == file["digests"]["sha256"]
            return ZipFile(BytesIO(content))
    raise AssertionError(f"no index of {indices} names credit-assignment")


def test_the_shell_opens_and_lists_every_student_notebook(browser: Browser, lite: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{lite}lab/index.html")
    page.wait_for_selector(".jp-DirListing-item", timeout=60_000)
    page.wait_for_selector(".jp-Launcher", timeout=60_000)
    listed = page.eval_on_selector_all(".jp-DirListing-itemText", "items => items.map(item => item.textContent)")
    assert sorted(listed) == STUDENT
    here = (lite.split("/lite/")[0], "data:", "blob:")
    assert not [address for address in asked if not address.startswith(here)]
    page.close()


@pytest.mark.parametrize("name", STUDENT)
def test_a_notebook_is_served_and_installs_the_package_first(lite: str, name: str) -> None:
    cells = json.loads(read(f"{lite}files/{name}"))["cells"]
    assert "%pip install --quiet credit-assignment" in "".join(cells[0]["source"])
    assert len(cells) > 50


def test_the_wheel_holds_the_whole_package(wheel: ZipFile) -> None:
    needed = {f"helpers/{path.relative_to(ROOT / 'helpers').as_posix()}" for path in (ROOT / "helpers").rglob("*.*")}
    needed = {name for name in needed if name.endswith((".py", ".js", ".css", ".html"))}
    needed |= {f"helpers/data/stored_results/{path.name}" for path in (ROOT / "book" / "results").glob("*.json")}
    assert {name.rpartition(".")[2] for name in needed} == {"py", "js", "css", "html", "json"}
    assert needed <= set(wheel.namelist())


def test_the_wheel_asks_for_what_the_browser_needs_and_no_more(wheel: ZipFile) -> None:
    metadata = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    asked = re.findall(r"^Requires-Dist: (\S+)", wheel.read(metadata).decode(), re.MULTILINE)
    assert sorted(asked) == sorted(IN_THE_BROWSER)
