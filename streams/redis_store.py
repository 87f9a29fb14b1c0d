"""What Redis holds of alerts and narratives: written by the sink, read by the console.

Alerts come once: a script writes a message only if its revision is greater than the one held, so a repeated
or overtaken message changes nothing. A trend message is a state, and the next one replaces it: writing it
twice does no harm, and of several that wait only the latest needs to be written.

What people said of an alert comes by another topic, before or after its messages: it is held by itself, and copied
into the alert by whichever comes later. So an alert shows it whatever the order, and what is said makes no alert.

The same code works on a Redis server and on fakeredis inside the process.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import fakeredis
import msgspec
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from models.message import (
    AlertMessage,
    TrendMessage,
    decode_alert,
    decode_trend,
    encode_delivered,
    encode_trend,
)
from streams import topics

MESSAGES_KEPT: Final = 100_000
ALERTS_KEPT: Final = 100_000
TOP_MAX: Final = 50
HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
STREAM_START: Final = "0-0"

_CONNECT_TIMEOUT_S: Final = 2
_ANSWER_TIMEOUT_S: Final = 5
_PAGE: Final = 500
_SCANNED_MAX: Final = 10_000
"""A list of alerts looks no further back than this many messages, whatever it is asked for."""

_WRITE_ALERT: Final = """
local held = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
if tonumber(ARGV[2]) <= held then
    return false
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
if held == 0 then
    local said = redis.call('HGET', KEYS[7], ARGV[9])
    if said then
        redis.call('HSET', KEYS[1], ARGV[12], said)
    end
    redis.call('LPUSH', KEYS[6], ARGV[9])
    if redis.call('LLEN', KEYS[6]) > tonumber(ARGV[10]) then
        redis.call('DEL', ARGV[11] .. redis.call('RPOP', KEYS[6]))
    end
end
redis.call('SADD', KEYS[3], ARGV[6])
redis.call('ZADD', KEYS[4], 'GT', ARGV[7], ARGV[6])
local id = redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[8], '*', ARGV[3], ARGV[4])
redis.call('PUBLISH', KEYS[5], id)
return id
"""

_WRITE_FEEDBACK: Final = """
if ARGV[3] == '' then
    redis.call('HDEL', KEYS[1], ARGV[1])
    redis.call('HDEL', KEYS[2], ARGV[2])
    return
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
if redis.call('EXISTS', KEYS[2]) == 1 then
    redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
end
"""


class StoredMessage(msgspec.Struct, frozen=True):
    """An alert message, and the id of its entry in the stream."""

    stream_id: str
    message: AlertMessage


class TopOfMind(msgspec.Struct, frozen=True):
    """The narratives of a community that most authors posted in, most authors first.

    Attributes:
        length_ms: Over how long authors were counted: the last hour, or the last 24 where that hour is empty.
        narratives: Their latest trend messages.
    """

    length_ms: int
    narratives: list[TrendMessage]


def connect(url: str = "") -> redis.Redis:
    """Return a client for the server at `url`, or for a Redis inside this process if it is empty.

    Nothing is connected before the first command. A command that fails is not repeated: whoever gave it knows
    whether it may be, and for how long.
    """
    if not url:
        return fakeredis.FakeRedis(server=fakeredis.FakeServer())
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=_CONNECT_TIMEOUT_S,
        socket_timeout=_ANSWER_TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
    )


def authors_within(trend: TrendMessage, length_ms: int) -> int:
    """Return a narrative's distinct authors in its window of this length, else in the next shorter one."""
    fitting = [window.authors for window in trend.windows if window.length_ms <= length_ms]
    return fitting[-1] if fitting else 0


class RedisStore:
    """Alerts and narratives in Redis. Threads may share it.

    Bounded: the latest `messages_kept` alert messages (Redis may keep some more), the latest `alerts_kept` alerts
    and none for longer than the topic of alerts, 50 narratives a community and list. A narrative goes with
    its last trend message, else after as long as the topic of trends keeps one. What people said is kept as the topic
    of control keeps it: for good, since it is little.

    Args:
        client: The connection, which must not decode responses.
        messages_kept: Length of the stream.
        alerts_kept: How many alerts are kept with their latest message.
    """

    def __init__(
        self, client: redis.Redis, *, messages_kept: int = MESSAGES_KEPT, alerts_kept: int = ALERTS_KEPT
    ) -> None:
        self._messages_kept = messages_kept
        self._alerts_kept = alerts_kept
        # The client's types cover its asynchronous twin too, and fit neither.
        self._client: Any = client
        self._write_alert: Any = client.register_script(_WRITE_ALERT)
        self._write_feedback: Any = client.register_script(_WRITE_FEEDBACK)

    def ping(self) -> None:
        """Return if Redis answers; raise `redis.RedisError` if not."""
        self._client.ping()

    def write_alert(self, message: AlertMessage) -> bool:
        """Write an alert message, unless it or a later one of its alert is there.

        Returns:
            Whether it was written: added to the stream, and kept as the latest of its alert.
        """
        return self.queue_alert(self._client, message) is not None

    def queue_alert(self, pipeline: Any, message: AlertMessage, kept_ms: int = topics.ALERTS.retention_ms) -> Any:  # noqa: ANN401 - see the client
        """Do what `write_alert` does in a pipeline; what that answers is None if the message was not written.

        Args:
            pipeline: Of the same client, or the client itself.
            message: The message.
            kept_ms: For how long it is kept as the latest of its alert.
        """
        return self._write_alert(
            client=pipeline,
            keys=[
                topics.alert_key(message.alert_id),
                topics.ALERT_STREAM,
                topics.COMMUNITIES,
                topics.COMMUNITY_TIMES,
                topics.ALERT_HINTS,
                topics.ALERT_IDS,
                topics.FEEDBACK,
            ],
            args=[
                topics.REVISION_FIELD,
                message.revision,
                topics.DATA_FIELD,
                encode_delivered(message),
                kept_ms,
                message.community,
                message.at_ms,
                self._messages_kept,
                message.alert_id,
                self._alerts_kept,
                topics.alert_key(""),
                topics.FEEDBACK_FIELD,
            ],
        )

    def queue_feedback(self, pipeline: Any, alert_id: str, said: bytes) -> None:  # noqa: ANN401 - see the client
        """Write what people said of an alert in a pipeline: for itself, and in the alert if that is there.

        Args:
            pipeline: Of the same client, or the client itself.
            alert_id: The alert.
            said: All of it, see `topics.FEEDBACK_FIELD`; nothing if it is empty.
        """
        self._write_feedback(
            client=pipeline,
            keys=[topics.FEEDBACK, topics.alert_key(alert_id)],
            args=[alert_id, topics.FEEDBACK_FIELD, said],
        )

    def write_trends(self, trends: Iterable[TrendMessage]) -> None:
        """Write how narratives stand, all or none of them; those that are gone are removed."""
        pipeline = self._client.pipeline(transaction=True)
        for trend in trends:
            self.queue_trend(pipeline, trend)
        pipeline.execute()

    def alert(self, alert_id: str) -> AlertMessage | None:
        """Return the latest message of an alert, or None."""
        raw = self._client.hget(topics.alert_key(alert_id), topics.DATA_FIELD)
        return None if raw is None else decode_alert(raw)

    def alerts(self, limit: int, community: str | None = None) -> list[AlertMessage]:
        """Return the latest message of each alert, the latest first.

        Args:
            limit: How many at most.
            community: Only those of this one.
        """
        latest: dict[str, AlertMessage] = {}
        before, scanned = "+", 0
        while len(latest) < limit and scanned < _SCANNED_MAX:
            entries = self._client.xrevrange(topics.ALERT_STREAM, max=before, count=_PAGE)
            for stored in map(_stored, entries):
                if community is None or stored.message.community == community:
                    latest.setdefault(stored.message.alert_id, stored.message)
            if len(entries) < _PAGE:
                break
            before, scanned = f"({entries[-1][0].decode()}", scanned + _PAGE
        return list(latest.values())[:limit]

    def messages_of(self, alert_id: str) -> list[AlertMessage]:
        """Return what is there of one alert: its latest message, and those before it that the stream still holds.

        The stream is read back to the message that opened the alert. Once others have pushed that out, it is read
        whole: some seconds.

        Returns:
            The first ones first; none if the alert is not there.
        """
        latest = self.alert(alert_id)
        if latest is None:
            return []
        found = {latest.revision: latest}
        before, wanted = "+", alert_id.encode()
        while 1 not in found and (entries := self._client.xrevrange(topics.ALERT_STREAM, max=before, count=_PAGE)):
            before = f"({entries[-1][0].decode()}"
            for entry in entries:
                # To decode each would take ten times as long.
                if wanted in entry[1][topics.DATA_FIELD.encode()]:
                    message = _stored(entry).message
                    if message.alert_id == alert_id:
                        found.setdefault(message.revision, message)
        return [found[revision] for revision in sorted(found)]

    def messages_after(self, stream_id: str, limit: int = _PAGE) -> list[StoredMessage]:
        """Return the alert messages that were written after an entry of the stream, the first ones first."""
        entries = self._client.xrange(topics.ALERT_STREAM, min=f"({stream_id}", count=limit)
        return [_stored(entry) for entry in entries]

    def last_stream_id(self) -> str:
        """Return the id of the stream's last entry, `STREAM_START` if there is none."""
        entries = self._client.xrevrange(topics.ALERT_STREAM, count=1)
        return entries[0][0].decode() if entries else STREAM_START

    def communities(self) -> list[str]:
        """Return every community that had a message, in alphabetical order."""
        return sorted(name.decode() for name in self._client.smembers(topics.COMMUNITIES))

    def reached_ms(self) -> int | None:
        """Return the latest event time of any message, or None before the first."""
        latest = self._client.zrevrange(topics.COMMUNITY_TIMES, 0, 0, withscores=True)
        return int(latest[0][1]) if latest else None

    def top_of_mind(self, communities: Sequence[str], limit: int = TOP_MAX) -> dict[str, TopOfMind]:
        """Return what is top of mind in each of some communities.

        A narrative counts for the last hour only if it was heard of within it: one that nobody posts in any
        more may send no further message.
        """
        reached_ms = self.reached_ms() or 0
        by_hour = self._ranked([topics.top_key(name) for name in communities], limit)
        by_day = self._ranked([topics.top_day_key(name) for name in communities], limit)
        top = {}
        for name, hour, day in zip(communities, by_hour, by_day, strict=True):
            recent = [trend for trend in hour if trend.at_ms > reached_ms - HOUR_MS]
            older = [trend for trend in day if trend.at_ms > reached_ms - DAY_MS]
            top[name] = TopOfMind(HOUR_MS, recent) if recent else TopOfMind(DAY_MS, older)
        return top

    def _ranked(self, keys: Sequence[str], limit: int) -> list[list[TrendMessage]]:
        pipeline = self._client.pipeline(transaction=False)
        for key in keys:
            pipeline.zrevrange(key, 0, limit - 1)
        ranked = pipeline.execute()
        for narrative_ids in ranked:
            for narrative_id in narrative_ids:
                pipeline.hget(topics.narrative_key(narrative_id.decode()), topics.DATA_FIELD)
        found = iter(pipeline.execute())
        # One may have gone between the two reads.
        return [
            [decode_trend(raw) for raw in (next(found) for _ in narrative_ids) if raw is not None]
            for narrative_ids in ranked
        ]

    @staticmethod
    def queue_trend(pipeline: Any, trend: TrendMessage, kept_ms: int = topics.TRENDS.retention_ms) -> None:  # noqa: ANN401 - see the client
        """Do what `write_trends` does for one of them in a pipeline.

        Args:
            pipeline: Of the same client.
            trend: The message.
            kept_ms: For how long it is kept if no other follows.
        """
        key = topics.narrative_key(trend.narrative_id)
        pipeline.sadd(topics.COMMUNITIES, trend.community)
        pipeline.zadd(topics.COMMUNITY_TIMES, {trend.community: trend.at_ms}, gt=True)
        for top, length_ms in (
            (topics.top_key(trend.community), HOUR_MS),
            (topics.top_day_key(trend.community), DAY_MS),
        ):
            authors = 0 if trend.is_gone else authors_within(trend, length_ms)
            if authors:
                pipeline.zadd(top, {trend.narrative_id: authors})
                pipeline.zremrangebyrank(top, 0, -TOP_MAX - 1)
                pipeline.pexpire(top, topics.TRENDS.retention_ms)
            else:
                pipeline.zrem(top, trend.narrative_id)
        if trend.is_gone:
            pipeline.delete(key)
        else:
            pipeline.hset(key, topics.DATA_FIELD, encode_trend(trend))
            pipeline.pexpire(key, kept_ms)


def _stored(entry: tuple[bytes, dict[bytes, bytes]]) -> StoredMessage:
    stream_id, fields = entry
    return StoredMessage(stream_id.decode(), decode_alert(fields[topics.DATA_FIELD.encode()]))
