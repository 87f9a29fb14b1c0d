"""Messages on their way to a topic: how much may be on the way, what has arrived, and what has not.

Nothing is lost silently. A message either counts as arrived, or its failure ends the delivery; `first_line` then
tells from which line of the input to send again. A message that is longer than the topic allows must not get here:
kafka-python's idempotent producer gives up what it holds of all others with it, and names its size as their reason.
"""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

from streams import clock
from streams.kafka_clients import describe_kafka_error
from streams.packing import Message

WAITING_BYTES_MAX: Final = 32 * 1024 * 1024
"""On the way at once. kafka-python sets no limit of its own and would take in a whole file while a broker is away."""

_MESSAGE_BYTES: Final = 1024
"""What kafka-python and we keep of a message beside its bytes."""

_LOOK_S: Final = 0.2


class _Sent(NamedTuple):
    message: Message
    future: Any


class Delivery:
    """Sends messages to one topic, in one thread.

    Args:
        producer: Of `streams.kafka_clients.producer_client`.
        topic: Where to.
        give_up_s: How long to offer a message to the producer, which takes none while it does not know the topic's
            partitions, as when the broker goes away at the very beginning.
        elapsed_s: Seconds since an arbitrary moment.
        headers: Of each message.

    Attributes:
        messages: Messages that have arrived: the broker has acknowledged them.
        posts: Posts in them, as far as they could be told.
        value_bytes: Bytes in them.
        by_partition: Messages that have arrived, by partition.
        last_offset: Of the message that was the last to arrive; -1 before the first.
        failure: Why the delivery has ended, in a few words; None while it has not.
    """

    def __init__(
        self,
        producer: Any,  # noqa: ANN401 - kafka-python has no types
        topic: str,
        give_up_s: float,
        elapsed_s: Callable[[], float] = clock.monotonic_s,
        headers: Sequence[tuple[str, bytes]] = (),
    ) -> None:
        from kafka import errors  # type: ignore[import-untyped]  # noqa: PLC0415 - costs 0.2 s

        self._producer = producer
        self._topic = topic
        self._give_up_s = give_up_s
        self._headers = list(headers)
        self._elapsed_s = elapsed_s
        self._error: type[Exception] = errors.KafkaError
        self._timeout: type[Exception] = errors.KafkaTimeoutError
        # Which of its two time-outs is over first is chance.
        self._timeouts: tuple[type[Exception], ...] = (errors.KafkaTimeoutError, errors.RequestTimedOutError)
        self._offered: deque[Message] = deque()
        self._sent: deque[_Sent] = deque()
        self._waiting_bytes = 0
        self._progress_s = elapsed_s()
        self._failed_lines: list[int] = []
        self.messages = 0
        self.posts = 0
        self.value_bytes = 0
        self.by_partition: Counter[int] = Counter()
        self.last_offset = -1
        self.failure: str | None = None

    @property
    def is_full(self) -> bool:
        """Whether so much is on the way that the next message has to wait."""
        return bool(self._offered) or self._waiting_bytes >= WAITING_BYTES_MAX

    @property
    def waiting(self) -> int:
        """How many messages are on the way."""
        return len(self._sent) + len(self._offered)

    @property
    def stalled_s(self) -> float:
        """For how long messages have been on the way and none has arrived."""
        return self._elapsed_s() - self._progress_s if self.waiting else 0.0

    def send(self, message: Message) -> None:
        """Send a message; it may arrive later, or not.

        A caller that goes on while `is_full` is not bounded in memory.
        """
        if not self.waiting:
            self._progress_s = self._elapsed_s()
        self._offered.append(message)
        self._hand_over()

    def harvest(self) -> None:
        """Take in what has arrived since, up to the oldest message that is still on its way."""
        while self._sent and self._sent[0].future.is_done:
            sent = self._sent.popleft()
            self._waiting_bytes -= len(sent.message.value) + _MESSAGE_BYTES
            self._progress_s = self._elapsed_s()
            if sent.future.succeeded():
                self.messages += 1
                self.posts += sent.message.posts
                self.value_bytes += len(sent.message.value)
                self.by_partition[sent.future.value.partition] += 1
                self.last_offset = sent.future.value.offset
            else:
                self._fail(sent.future.exception)
                self._failed_lines.append(sent.message.line)

    def wait(self, longest_s: float) -> None:
        """Wait until the oldest message has arrived or failed, but a second or `longest_s` at most; then `harvest`."""
        if self._offered:
            self._hand_over()
        elif self._sent:
            # Time is over, or it has failed: which one it is, `harvest` sees.
            with suppress(self._error):
                self._sent[0].future.get(longest_s)
        self.harvest()

    def settle(self, goes_on: Callable[[], bool] = lambda: True) -> None:
        """Wait until all that was sent has arrived, or one of it has failed.

        Args:
            goes_on: Asked several times a second; False ends the wait.
        """
        while self.waiting and self.failure is None and goes_on():
            self.wait(_LOOK_S)

    def first_line(self) -> int | None:
        """Return the first line of the input that has not arrived whole; None if all that was sent has."""
        lines = [sent.message.line for sent in self._sent] + [message.line for message in self._offered]
        return min(lines + self._failed_lines, default=None)

    def _hand_over(self) -> None:
        while self._offered and self.failure is None:
            message = self._offered[0]
            try:
                future = self._producer.send(
                    self._topic, message.value, message.key, headers=self._headers, partition=message.partition
                )
            except self._timeout as error:
                if self.stalled_s > self._give_up_s:
                    self._fail(error)
                return
            except self._error as error:
                self._fail(error)
                return
            self._offered.popleft()
            self._sent.append(_Sent(message, future))
            self._waiting_bytes += len(message.value) + _MESSAGE_BYTES

    def _fail(self, error: BaseException) -> None:
        reason = "it did not answer in time" if isinstance(error, self._timeouts) else describe_kafka_error(error)
        self.failure = self.failure or reason
