"""Brings messages to Redis, and waits with whoever calls it while Redis is away: nothing is dropped."""

import random
from collections.abc import Callable
from typing import Final, Protocol
from urllib.parse import urlsplit

import redis

from models.message import AlertMessage, TrendMessage
from streams import clock
from streams.errors import OutsideError
from streams.redis_store import RedisStore

TRENDS_HELD_MAX: Final = 500
PAUSE_S_MAX: Final = 5.0

_FIRST_PAUSE_S: Final = 0.1
_DOUBLINGS_MAX: Final = 10

_OUTAGES: Final = (
    redis.ConnectionError,
    redis.TimeoutError,
    redis.BusyLoadingError,
    redis.OutOfMemoryError,
    redis.ReadOnlyError,
    redis.exceptions.ClusterDownError,
)
"""What passes. A full or read-only server is one too: it takes nothing now, and somebody will see to it."""

_REFUSALS: Final = (redis.AuthenticationError, redis.exceptions.AuthorizationError)
"""Connection errors to the client library, but no waiting helps."""


def describe_place(url: str) -> str:
    """Return where a Redis is, without the user name and password that its address may hold.

    >>> describe_place("redis://:secret@10.0.0.5:6379/0")
    'Redis at 10.0.0.5:6379'
    """
    parts = urlsplit(url)
    return f"Redis at {parts.netloc.rpartition('@')[2] or parts.path}" if url else "the Redis in this process"


class Count(Protocol):
    """A metric that is added to."""

    def inc(self) -> None: ...


class Level(Protocol):
    """A metric that is set."""

    def set(self, value: float) -> None: ...


class SinkMetrics(Protocol):
    """Where outages are counted: writes tried again, and whether Redis takes what is written."""

    @property
    def sink_retries(self) -> Count: ...
    @property
    def sink_up(self) -> Level: ...


class Sink:
    """Writes alert messages at once, and trends together: of each narrative only the latest that waits.

    A call returns when Redis has taken what it writes. While Redis is away it tries again, after pauses that
    double up to `PAUSE_S_MAX` and are shortened by chance so that many sinks do not come back as one; so the
    caller reads no further, and its source waits too. Not for several threads at once.

    Args:
        store: Where messages go.
        metrics: Where outages are counted.
        place: What messages to people call the server.
        say: Tells people that Redis went away or came back, once each.
        wait: Waits for so many seconds and returns whether to give up; what is not written then is counted.

    Attributes:
        unwritten: Messages that were given up.
        is_waiting: Whether Redis is away.
    """

    def __init__(
        self,
        store: RedisStore,
        metrics: SinkMetrics,
        *,
        place: str,
        say: Callable[[str], None],
        wait: Callable[[float], bool],
    ) -> None:
        self.unwritten = 0
        self.is_waiting = False
        self._store = store
        self._metrics = metrics
        self._place = place
        self._say = say
        self._wait = wait
        self._trends: dict[str, TrendMessage] = {}
        self._jitter = random.Random()

    def check(self) -> None:
        """Return if Redis answers; raise `OutsideError` if not: at the start a wrong address is likelier."""
        try:
            self._store.ping()
        except redis.RedisError as error:
            raise OutsideError(f"{self._place} cannot be used: {_reason(error)}.") from None
        self._metrics.sink_up.set(1)

    def write_alert(self, message: AlertMessage) -> None:
        """Write an alert message."""
        self.persist(lambda: self._store.write_alert(message), messages=1)

    def write_trend(self, trend: TrendMessage) -> None:
        """Keep how a narrative stands, to be written by the next `flush`, or now if many wait."""
        # The last one wins, also over the end of a narrative that has come back under its id.
        self._trends[trend.narrative_id] = trend
        if len(self._trends) >= TRENDS_HELD_MAX:
            self.flush()

    def flush(self) -> None:
        """Write the trends that wait."""
        if self._trends:
            trends = list(self._trends.values())
            self.persist(lambda: self._store.write_trends(trends), messages=len(trends))
            self._trends.clear()

    def persist(self, write: Callable[[], object], messages: int = 0) -> bool:
        """Do what `write` does with Redis, again until it succeeds; return whether it did before it was given up.

        Args:
            write: May be called several times, also after one that did its work and whose answer was lost.
            messages: How many it writes.

        Raises:
            OutsideError: If Redis refuses, and waiting will not help.
        """
        failures, since_s = 0, clock.monotonic_s()
        while (outage := self._attempt(write)) is not None:
            failures += 1
            if failures == 1:
                self.is_waiting = True
                self._metrics.sink_up.set(0)
                self._say(f"{self._place} takes nothing now ({outage}); reading pauses until it does.")
            self._metrics.sink_retries.inc()
            if self._wait(self._pause_s(failures)):
                self.unwritten += messages
                return False
        if failures:
            self.is_waiting = False
            self._metrics.sink_up.set(1)
            self._say(f"{self._place} is back after {clock.monotonic_s() - since_s:.0f} s; all that waited is written.")
        return True

    def _attempt(self, write: Callable[[], object]) -> str | None:
        """Return None if Redis took it, else why it did not, for now."""
        try:
            write()
        except _REFUSALS as error:
            raise OutsideError(f"{self._place} refuses this program: {_reason(error)}.") from None
        except _OUTAGES as error:
            return _reason(error)
        except redis.RedisError as error:
            raise OutsideError(f"{self._place} refuses what is written: {_reason(error)}.") from None
        return None

    def _pause_s(self, failures: int) -> float:
        longest = min(PAUSE_S_MAX, _FIRST_PAUSE_S * 2 ** min(failures, _DOUBLINGS_MAX))
        return self._jitter.uniform(longest / 2, longest)


def _reason(error: redis.RedisError) -> str:
    return str(error).rstrip(".") or type(error).__name__
