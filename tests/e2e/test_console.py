"""The console in a real browser: what a person sees when alerts come."""

import asyncio

import pytest

from streams.console import Console
from streams.metrics import Metrics
from streams.redis_store import RedisStore, connect
from streams.server import Server, bind
from tests.support.browser import browsing, find_browser
from tests.support.messages import make_alert, make_evidence, make_sample, make_trend

HOST = "127.0.0.1"
IS_LIVE = "document.getElementById('connection').className === 'live'"


class Shown:
    """A console that is served."""

    def __init__(self):
        self.store = RedisStore(connect())
        self.console = Console(self.store, Metrics())
        self._server = Server(self.console.app, bind(HOST, 0))
        self._server.start()
        self.port = self._server.port
        self.address = f"http://{HOST}:{self.port}"

    def stop(self):
        self.console.close()
        self._server.stop()


@pytest.fixture
def shown():
    """A console with an alert, where there is a browser to look at it."""
    find_browser()
    shown = Shown()
    shown.store.write_alert(make_alert("first"))
    shown.store.write_trends([make_trend()])
    yield shown
    shown.stop()


def look(tmp_path, steps):
    """Runs steps that are given a page."""

    async def scenario():
        async with browsing(tmp_path / "profile") as page:
            await steps(page)

    asyncio.run(scenario())


def test_a_new_alert_appears_without_a_reload(shown, tmp_path):
    async def steps(page):
        await page.open(shown.address)
        await page.until(IS_LIVE)
        await page.value_of("document.querySelector('details').open = true; window.isSamePage = true")
        await page.value_of("window.firstCard = document.querySelector('.alert'); 0")
        shown.store.write_alert(make_alert("second", headline="Something new breaks"))
        await page.until("document.querySelectorAll('.alert').length === 2")
        texts = "[...document.querySelectorAll('.alert h3')].map((part) => part.textContent)"
        assert (await page.value_of(texts))[0] == "Something new breaks"
        assert await page.value_of("window.isSamePage")
        assert await page.value_of("document.querySelectorAll('.alert')[1] === window.firstCard")
        assert await page.value_of("window.firstCard.querySelector('details').open")

    look(tmp_path, steps)


def test_an_update_replaces_the_card_and_keeps_it_open(shown, tmp_path):
    async def steps(page):
        await page.open(shown.address)
        await page.until(IS_LIVE)
        await page.value_of("document.querySelector('details').open = true")
        shown.store.write_alert(make_alert("first", 2, headline="It has grown"))
        await page.until("document.querySelector('.alert h3').textContent === 'It has grown'")
        assert await page.value_of("document.querySelectorAll('.alert').length") == 1
        assert await page.value_of("document.querySelector('details').open")

    look(tmp_path, steps)


def test_nothing_in_a_post_runs_or_becomes_a_link(shown, tmp_path):
    samples = [
        make_sample("<script>window.hit = 1</script>", url="javascript:window.hit=1"),
        make_sample("<img src=x onerror='window.hit=1'>", author='"><svg onload=window.hit=1>'),
    ]
    shown.store.write_alert(
        make_alert(
            "hostile",
            headline="</h3><script>window.hit = 1</script>",
            community="<iframe srcdoc='<script>parent.hit=1</script>'>",
            evidence=make_evidence(samples=samples),
        )
    )

    async def steps(page):
        for path in ("/", "/alerts/hostile"):
            await page.open(shown.address + path)
            await page.until(IS_LIVE)
            assert await page.value_of("typeof window.hit") == "undefined"
            assert await page.value_of("document.querySelectorAll('main script, main img, iframe').length") == 0
            assert await page.value_of("document.querySelectorAll('a[href^=\"javascript\"]').length") == 0

    look(tmp_path, steps)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_fits_every_screen(shown, tmp_path, width):
    shown.store.write_alert(make_alert("long", headline="x" * 300, terms=["y" * 200]))

    async def steps(page):
        metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
        await page.send("Emulation.setDeviceMetricsOverride", **metrics)
        for path in ("/", "/alerts/long"):
            await page.open(shown.address + path)
            assert await page.value_of("document.documentElement.scrollWidth") <= width

    look(tmp_path, steps)


def test_a_lost_console_is_shown_as_lost(shown, tmp_path):
    async def steps(page):
        await page.open(shown.address)
        await page.until(IS_LIVE)
        await asyncio.to_thread(shown.stop)
        await page.until("document.getElementById('connection').className === 'lost'")

    look(tmp_path, steps)
