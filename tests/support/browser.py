"""A real browser for tests: Debian's chromium without a window, driven by its DevTools protocol."""

import itertools
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp
import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def find_browser() -> str:
    """Returns the browser's path; a test that asks for it is skipped where there is none."""
    for name in PROGRAMS:
        path = shutil.which(name)
        if path:
            return path
    pytest.skip(f"no browser: none of {', '.join(PROGRAMS)} is on PATH")


class Page:
    """One page of a browser. Its scripts are given as JavaScript expressions."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse):
        self._socket = socket
        self._numbers = itertools.count(1)

    async def open(self, url: str) -> None:
        """Returns when the page has loaded."""
        await self.send("Page.enable")
        await self.send("Page.navigate", url=url)
        async for message in self._socket:
            if message.json().get("method") == "Page.loadEventFired":
                return

    async def value_of(self, expression: str):
        """Returns what an expression is, a promise awaited."""
        options = {"awaitPromise": True, "returnByValue": True}
        answer = await self.send("Runtime.evaluate", expression=expression, **options)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    async def until(self, condition: str) -> None:
        """Returns when a condition holds; it is looked at whenever the page changes, for 10 s at most."""
        changes = (
            f"new Promise((done, fail) => {{ const look = () => {{ if ({condition}) done(); }}; "
            "new MutationObserver(look).observe(document, "
            "{ attributes: true, childList: true, characterData: true, subtree: true }); look(); "
            f"setTimeout(() => fail(new Error('not within 10 s: ' + {condition!r})), 10_000); }})"
        )
        await self.value_of(changes)

    async def send(self, method: str, **parameters):
        """Returns the browser's answer to a command."""
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        async for message in self._socket:
            answer = message.json()
            if answer.get("id") == number:
                assert "error" not in answer, answer["error"]
                return answer["result"]
        pytest.fail("the browser went away")


@asynccontextmanager
async def browsing(profile: Path) -> AsyncIterator[Page]:
    """Gives a page of a fresh browser.

    Args:
        profile: An empty folder for what the browser writes.
    """
    with _launched(profile) as port:
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                [target] = [each for each in await answer.json() if each["type"] == "page"]
            async with session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                yield Page(socket)


@contextmanager
def _launched(profile: Path) -> Iterator[int]:
    command = [
        find_browser(),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--remote-debugging-port=0",
        f"--user-data-dir={profile}",
        "about:blank",
    ]
    environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": "disabled:"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as browser:
        try:
            yield _port(browser)
        finally:
            browser.terminate()
            browser.communicate()


def _port(browser: subprocess.Popen) -> int:
    for line in browser.stderr:
        found = re.search(r"DevTools listening on ws://127\.0\.0\.1:(\d+)/", line)
        if found:
            return int(found[1])
    pytest.fail(f"the browser ended with {browser.wait()} before it could be used")
