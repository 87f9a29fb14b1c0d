"""Alert messages as they come: from Redis, or from the console of a running process over server-sent events.

A follower keeps its place, so that after a broken connection it goes on behind the last message it had. It
yields None as a sign of life when there is nothing new.
"""

import http.client
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, Final, Protocol
from urllib.parse import SplitResult, quote, urlsplit

import msgspec

from models.message import AlertMessage, decode_alert
from streams.errors import OutsideError, describe_os_error

ALERTS_PATH: Final = "/api/v1/alerts"
STREAM_PATH: Final = "/api/v1/alerts/stream"
LAST_MAX: Final = 1_000
"""The most alerts that the console lists at once."""

_SILENCE_S_MAX: Final = 45.0
"""The console says something every 15 s; after three times nothing, the connection is dead."""

_LINE_BYTES_MAX: Final = 4 * 1024 * 1024
_POLL_S: Final = 0.25
_OK: Final = 200
_NOT_FOUND: Final = 404
_SERVER_ERROR: Final = 500


class LostError(Exception):
    """The connection is gone, or was never there; trying again may help. Says why in a few words."""


class Follower(Protocol):
    """Where alert messages come from.

    Attributes:
        name: What messages to people call it; without a password.
        hint: What to do if nothing answers there.
    """

    name: str
    hint: str

    def messages(self) -> Iterator[AlertMessage | None]:
        """Yield messages from the place kept, None when there is nothing new.

        Raises:
            LostError: If trying again may help.
            OutsideError: If it will not.
        """
        ...

    def history(self, alert_id: str) -> list[AlertMessage]:
        """Return the messages that are there of one alert, the first ones first; none if it is not there.

        Raises:
            LostError: If trying again may help.
            OutsideError: If it will not.
        """
        ...


class ConsoleFollower:
    """Follows the stream of alerts of a console.

    Args:
        url: Of the console, such as ``http://127.0.0.1:8080``.
        last: How many of the latest alerts to begin with.
    """

    hint = "`undercurrent run` starts it"

    def __init__(self, url: str, last: int = 0) -> None:
        self._address = urlsplit(url)
        if self._address.scheme not in {"http", "https"} or not self._address.hostname:
            raise OutsideError(f"--console is {url!r}; expected an address such as http://127.0.0.1:8080.")
        self.name = f"the console at {url}"
        self._last = last
        self._last_event_id = ""
        self._shown: set[str] = set()

    def messages(self) -> Iterator[AlertMessage | None]:
        """See `Follower`."""
        try:
            connection = _connect(self._address)
            headers = {"Accept": "text/event-stream"}
            if self._last_event_id:
                headers["Last-Event-ID"] = self._last_event_id
            with closing(connection), closing(self._get(connection, STREAM_PATH, headers)) as response:
                yield from self._events(response)
        except (OSError, http.client.HTTPException) as error:
            raise LostError(_reason(error)) from None
        raise LostError("the connection was closed")

    def history(self, alert_id: str) -> list[AlertMessage]:
        """See `Follower`; a console tells the latest alone."""
        try:
            with closing(_connect(self._address)) as connection:
                path = f"{ALERTS_PATH}/{quote(alert_id, safe='')}"
                with closing(self._get(connection, path, {}, or_else=_NOT_FOUND)) as response:
                    return [] if response.status == _NOT_FOUND else [_decode(response.read(), self.name)]
        except (OSError, http.client.HTTPException) as error:
            raise LostError(_reason(error)) from None

    def _events(self, response: http.client.HTTPResponse) -> Iterator[AlertMessage | None]:
        # Once the stream has begun, nothing can fall between the alerts that are listed and those that come.
        is_begun = False
        data: list[bytes] = []
        event_id = ""
        while raw := response.readline(_LINE_BYTES_MAX):
            if not is_begun:
                yield from self._latest()
                is_begun = True
            field, _, value = raw.rstrip(b"\r\n").partition(b":")
            value = value.removeprefix(b" ")
            if field == b"data":
                data.append(value)
            elif field == b"id":
                event_id = value.decode("ascii", "replace")
            elif not field and not value and data:
                message = _decode(b"\n".join(data), self.name)
                self._last_event_id, data = event_id, []
                yield None if message.message_id in self._shown else message
            else:
                yield None

    def _latest(self) -> Iterator[AlertMessage]:
        if not self._last:
            return
        path = f"{ALERTS_PATH}?limit={self._last}"
        with closing(_connect(self._address)) as connection, closing(self._get(connection, path, {})) as response:
            raw = response.read()
        self._last = 0
        listed = msgspec.json.decode(raw, type=_Listed)
        for part in reversed(listed.alerts):
            message = _decode(bytes(part), self.name)
            self._shown.add(message.message_id)
            yield message

    def _get(
        self, connection: http.client.HTTPConnection, path: str, headers: dict[str, str], or_else: int = _OK
    ) -> http.client.HTTPResponse:
        connection.request("GET", self._address.path.rstrip("/") + path, headers=headers)
        response = connection.getresponse()
        if response.status in {_OK, or_else}:
            return response
        response.close()
        answered = f"{response.status} {response.reason}"
        if response.status >= _SERVER_ERROR:
            raise LostError(f"it answered {answered}")
        raise OutsideError(f"{self.name} answered {answered}; is something else running there?")


class RedisFollower:
    """Follows the stream of alerts in Redis.

    Args:
        url: Of the server.
        last: How many of the latest messages to begin with.
        wait: Waits some seconds between two looks.
    """

    hint = "Start the server, or give another address with --redis"

    def __init__(self, url: str, last: int, wait: Callable[[float], object]) -> None:
        import redis  # noqa: PLC0415 - only those who use it wait for its import

        from streams.redis_store import RedisStore, connect  # noqa: PLC0415

        self.name = f"Redis at {_without_password(url)}"
        self._errors = redis.RedisError
        self._refused = (redis.AuthenticationError, redis.exceptions.NoPermissionError)
        try:
            self._client: Any = connect(url)
        except ValueError as error:
            raise OutsideError(f"the address of Redis cannot be used: {error}.") from None
        self._store = RedisStore(self._client)
        self._wait = wait
        self._last = last
        self._position: str | None = None

    def messages(self) -> Iterator[AlertMessage | None]:
        """See `Follower`."""
        with self._told_apart():
            if self._position is None:
                self._position = self._beginning()
            while True:
                stored = self._store.messages_after(self._position)
                for entry in stored:
                    self._position = entry.stream_id
                    yield entry.message
                if not stored:
                    yield None
                    self._wait(_POLL_S)

    def history(self, alert_id: str) -> list[AlertMessage]:
        """See `Follower`."""
        with self._told_apart():
            return self._store.messages_of(alert_id)

    @contextmanager
    def _told_apart(self) -> Iterator[None]:
        """Turn what Redis raises into what a `Follower` does."""
        try:
            yield
        except self._refused as error:
            raise OutsideError(f"{self.name} refuses: {str(error).rstrip('.').lower()}.") from None
        except self._errors as error:
            raise LostError(str(error).rstrip(".").lower()) from None
        except msgspec.ValidationError as error:
            raise OutsideError(f"{self.name} holds an alert that this version cannot read: {error}.") from None

    def _beginning(self) -> str:
        """Return the id of the entry behind which to begin."""
        from streams import topics  # noqa: PLC0415
        from streams.redis_store import STREAM_START  # noqa: PLC0415

        entries = self._client.xrevrange(topics.ALERT_STREAM, count=self._last + 1)
        return entries[self._last][0].decode() if len(entries) > self._last else STREAM_START


class _Listed(msgspec.Struct):
    alerts: list[msgspec.Raw]


def _connect(address: SplitResult) -> http.client.HTTPConnection:
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    try:
        return kind(address.hostname or "", address.port, timeout=_SILENCE_S_MAX)
    except ValueError as error:
        raise OutsideError(f"--console has a port that is none: {error}.") from None


def _decode(raw: bytes, name: str) -> AlertMessage:
    try:
        return decode_alert(raw)
    except ValueError as error:
        raise OutsideError(f"{name} sent an alert that this version cannot read: {error}.") from None


def _reason(error: OSError | http.client.HTTPException) -> str:
    if isinstance(error, TimeoutError):
        return "it is silent"
    return describe_os_error(error) if isinstance(error, OSError) else "it does not speak HTTP"


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()
