"""Firefox and WebKit, the engine of Safari, for tests and tools that open the built pages.

Debian has both. They are driven by W3C's WebDriver, of which the book needs four commands: Firefox speaks BiDi, over a
web socket; WebKit's driver speaks the classic protocol, over HTTP. Packages that drive both need a third program, which
Debian does not have.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.error import HTTPError
from urllib.request import Request, urlopen

#: Seconds that an answer may take on a machine with other work.
PATIENCE = 120

#: Firefox tells the time to a millisecond unless told otherwise, and asks its makers for settings.
PREFERENCES = {
    "privacy.reduceTimerPrecision": False,
    "app.normandy.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "remote.active-protocols": 1,
}

WEBKIT_DRIVER = "WebKitWebDriver"

#: The code by which WebDriver knows an arrow key.
ARROWS = {"ArrowLeft": "\ue012", "ArrowRight": "\ue014"}


class Engine(Protocol):
    """A browser with one window, 1280 pixels wide."""

    said: list[str]  # errors and warnings of the console, if the engine tells them

    def open(self, address: str) -> None:
        """Open a page, and wait until it is loaded."""

    def run(self, function: str, *arguments: Any) -> Any:
        """Call a function of JavaScript in the page, and return what it, or its promise, returns."""

    def press(self, key: str) -> None:
        """Press an arrow key and let it go."""


class EngineError(RuntimeError):
    """What an engine answers when it cannot do what it is asked; the message has its words."""


class Firefox:
    """Firefox, to which a web socket is open."""

    def __init__(self, connection: Any):
        self.connection, self.asked, self.said = connection, 0, list[str]()
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded"])
        self.window = {"context": self.ask("browsingContext.getTree")["contexts"][0]["context"]}
        self.ask("browsingContext.setViewport", **self.window, viewport={"width": 1280, "height": 900})

    def ask(self, method: str, **parameters: Any) -> Any:
        """Send a command and return its result; what the console says meanwhile is kept."""
        self.asked += 1
        self.connection.send(json.dumps({"id": self.asked, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.connection.recv())
            if answer.get("id") == self.asked:
                if answer["type"] == "error":
                    raise EngineError(f"{method}: {answer['message']}")
                return answer["result"]
            if answer.get("method") == "log.entryAdded" and answer["params"]["level"] in ("error", "warn"):
                self.said.append(answer["params"]["text"])

    def open(self, address: str) -> None:
        self.ask("browsingContext.navigate", **self.window, url=address, wait="complete")

    def run(self, function: str, *arguments: Any) -> Any:
        call = f"Promise.resolve(({function})(...{json.dumps(arguments)})).then(JSON.stringify)"
        answer = self.ask("script.evaluate", expression=call, target=self.window, awaitPromise=True)
        if answer["type"] == "exception":
            raise EngineError(f"the page raised: {answer['exceptionDetails']['text']}")
        return json.loads(answer["result"].get("value", "null"))

    def press(self, key: str) -> None:
        self.ask("input.performActions", **self.window, actions=[key_actions(key)])


class WebKit:
    """WebKit, of which a session was begun at an address of its driver. It does not tell what its console says."""

    def __init__(self, session: str):
        self.session, self.said = session, list[str]()
        ask(f"{session}/window/rect", {"x": 0, "y": 0, "width": 1280, "height": 900})
        ask(f"{session}/timeouts", {"script": 1000 * PATIENCE})

    def open(self, address: str) -> None:
        ask(f"{self.session}/url", {"url": address})

    def run(self, function: str, *arguments: Any) -> Any:
        script = f"const give = [...arguments].pop(); Promise.resolve(({function})(...{json.dumps(arguments)}))"
        script += ".then((result) => give({ result }), (error) => give({ error: String(error) }));"
        answer = ask(f"{self.session}/execute/async", {"script": script, "args": []})
        if "error" in answer:
            raise EngineError(f"the page raised: {answer['error']}")
        return answer.get("result")

    def press(self, key: str) -> None:
        ask(f"{self.session}/actions", {"actions": [key_actions(key)]})


def key_actions(key: str) -> dict[str, Any]:
    """Return what both protocols call a key that is pressed and let go."""
    actions = [{"type": type_, "value": ARROWS[key]} for type_ in ("keyDown", "keyUp")]
    return {"type": "key", "id": "keyboard", "actions": actions}


def ask(address: str, parameters: dict[str, Any]) -> Any:
    """Send a command of the classic protocol and return its value."""
    request = Request(address, json.dumps(parameters).encode(), {"Content-Type": "application/json"})
    try:
        with urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)["value"]
    except HTTPError as error:
        raise EngineError(f"{address}: {error.read().decode()}") from error


@contextmanager
def started(*command: str | Path, **more: Any) -> Iterator[subprocess.Popen[str]]:
    """Run a program without a word, and end it."""
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, text=True, **more) as process:
        try:
            yield process
        finally:
            process.terminate()


def awaited(look: Callable[[], Any], what: str) -> Any:
    """Return the first true answer to a question that is asked again and again.

    Raises
    ------
    TimeoutError
        If there is none in time.
    """
    until = time.monotonic() + PATIENCE
    while not (answer := look()):
        if time.monotonic() > until:
            raise TimeoutError(f"no {what} in {PATIENCE} seconds")
        time.sleep(0.05)
    return answer


@contextmanager
def firefox() -> Iterator[Engine]:
    """Start Firefox with an empty profile, and end it."""
    from websocket import create_connection

    with ExitStack() as stack:
        profile = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
        profile.joinpath("user.js").write_text("\n".join(lines), encoding="utf-8")
        command = (
            str(firefox_path()),
            "--headless",
            "--no-remote",
            "--profile",
            profile,
            "--remote-debugging-port",
            "0",
        )
        stack.enter_context(started(*command, stdout=subprocess.DEVNULL))
        where = profile / "WebDriverBiDiServer.json"
        port = awaited(lambda: where.is_file() and where.read_text() and json.loads(where.read_text()), "Firefox")
        address = f"ws://127.0.0.1:{port['ws_port']}/session"
        connection = create_connection(address, timeout=PATIENCE, suppress_origin=True)
        stack.callback(connection.close)
        yield Firefox(connection)


@contextmanager
def webkit() -> Iterator[Engine]:
    """Start WebKit's small browser on a screen that nobody sees, and end it."""
    with ExitStack() as stack:
        screen = ("Xvfb", "-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp")
        display = stack.enter_context(started(*screen, stdout=subprocess.PIPE)).stdout
        assert display
        on_it = os.environ | {"DISPLAY": f":{display.readline().strip()}", "NO_AT_BRIDGE": "1"}
        port = free_port()
        stack.enter_context(started(WEBKIT_DRIVER, f"--port={port}", env=on_it, stdout=subprocess.DEVNULL))
        driver = f"http://127.0.0.1:{port}/session"
        options = {"binary": str(mini_browser()), "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}

        def begun() -> Any:
            try:
                return ask(driver, wanted)
            except OSError:
                return None  # the driver does not listen yet

        session = f"{driver}/{awaited(begun, 'WebKit')['sessionId']}"
        stack.callback(lambda: urlopen(Request(session, method="DELETE"), timeout=PATIENCE).close())
        yield WebKit(session)


def free_port() -> int:
    """Return a port of this machine that nobody uses now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def mini_browser() -> Path | None:
    """Return where WebKit's small browser is, if there is one."""
    return next(iter(sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))), None)


def firefox_path() -> str | None:
    """Return where Firefox is, if there is one."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


#: How each engine is started, by its name.
ENGINES = {"firefox": firefox, "webkit": webkit}


def missing(engine: str) -> str | None:
    """Return what an engine needs and this machine lacks, in one sentence; None if nothing."""
    if engine == "firefox" and not firefox_path():
        return "no firefox-esr or firefox on the path: in Debian, `apt-get install firefox-esr`"
    if engine == "webkit" and not (shutil.which(WEBKIT_DRIVER) and shutil.which("Xvfb") and mini_browser()):
        return f"no {WEBKIT_DRIVER}, MiniBrowser or Xvfb: in Debian, `apt-get install webkit2gtk-driver xvfb`"
    return None
