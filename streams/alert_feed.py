"""The stream of alert messages as server-sent events: nothing is lost over a broken connection.

The id of an event is that of its entry in the Redis stream. A client that comes back says which one it had
last, and goes on behind it (https://html.spec.whatwg.org/multipage/server-sent-events.html).
"""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Final

import redis
from starlette.concurrency import run_in_threadpool

from models.message import encode_delivered
from streams.metrics import Metrics
from streams.redis_store import RedisStore, StoredMessage

CLIENTS_MAX: Final = 200
"""Each holds a connection and asks Redis once a message; a client that leaks them must not stop the rest."""

_POLL_S: Final = 0.25
_HEARTBEAT_S: Final = 15.0
"""Shorter than the half minute after which proxies take a silent connection for dead."""

_RECONNECT_MS: Final = 2_000
_STREAM_ID: Final = re.compile(r"\d{1,19}-\d{1,19}", re.ASCII)


def is_stream_id(text: str) -> bool:
    """Return whether a text is the id of an entry of a Redis stream."""
    return _STREAM_ID.fullmatch(text) is not None


class AlertFeed:
    """Tells any number of clients of new alert messages, while one task asks Redis for all of them.

    Belongs to one event loop.

    Args:
        store: Where the messages are read.
        metrics: Where open connections are counted.
    """

    def __init__(self, store: RedisStore, metrics: Metrics) -> None:
        self.clients = 0
        self._store = store
        self._metrics = metrics
        self._grown = asyncio.Condition()
        self._last = (0, 0)
        self._is_closed = False

    async def watch(self) -> None:
        """Look for new messages until closed; only while somebody waits for them."""
        while not self._is_closed:
            await asyncio.sleep(_POLL_S)
            if self.clients:
                await self._look()
        await self._wake()

    def close(self) -> None:
        """End all streams. May be called from another thread."""
        self._is_closed = True

    async def events(self, after: str | None, heartbeat_s: float = _HEARTBEAT_S) -> AsyncIterator[bytes]:
        """Yield events as bytes to send, and a comment when there was none for a while.

        Args:
            after: The id of the last event that the client has; None for none older than now.
            heartbeat_s: For how long to be silent at most.
        """
        self._count(1)
        try:
            # Before the first byte: whoever has that may list the alerts so far, and miss none in between.
            position = after if after is not None else await run_in_threadpool(self._store.last_stream_id)
            yield b"retry: %d\n\n" % _RECONNECT_MS
            while not self._is_closed:
                messages = await self._read_after(position)
                for stored in messages:
                    yield _event(stored)
                    position = stored.stream_id
                if not messages and not await self._wait_beyond(position, heartbeat_s):
                    yield b": nothing new\n\n"
        finally:
            self._count(-1)

    async def _look(self) -> None:
        try:
            last = _order(await run_in_threadpool(self._store.last_stream_id))
        except redis.RedisError:
            return  # The sink says so; clients keep their connection and get what they missed.
        if last > self._last:
            self._last = last
            await self._wake()

    async def _wake(self) -> None:
        async with self._grown:
            self._grown.notify_all()

    async def _read_after(self, position: str) -> list[StoredMessage]:
        try:
            return await run_in_threadpool(self._store.messages_after, position)
        except redis.RedisError:
            return []

    async def _wait_beyond(self, position: str, longest_s: float) -> bool:
        async with self._grown:
            try:
                async with asyncio.timeout(longest_s):
                    await self._grown.wait_for(lambda: self._is_closed or self._last > _order(position))
            except TimeoutError:
                return False
        return True

    def _count(self, change: int) -> None:
        self.clients += change
        self._metrics.console_streams.inc(change)


def _order(stream_id: str) -> tuple[int, int]:
    milliseconds, _, sequence = stream_id.partition("-")
    return int(milliseconds), int(sequence)


def _event(stored: StoredMessage) -> bytes:
    # JSON has no line ends of its own, so the data is one line.
    return b"id: %b\ndata: %b\n\n" % (stored.stream_id.encode(), encode_delivered(stored.message))
