import http.client
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import fakeredis
import pytest
import redis

from models.message import encode_alert
from streams import redis_store, topics
from streams.commands.following import ConsoleFollower, LostError, RedisFollower
from streams.errors import OutsideError
from streams.redis_store import RedisStore
from tests.support.messages import make_alert


def ids(messages):
    return [message.message_id for message in messages if message is not None]


@contextmanager
def console(answers):
    """A console that gives each path its answer, or the next of its answers, and notes the requests."""
    requests = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            path = self.path.partition("?")[0]
            requests.append((self.path, self.headers.get("Last-Event-ID")))
            status, body = answers[path].pop(0) if len(answers[path]) > 1 else answers[path][0]
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", requests
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def event(stream_id, message):
    return b"id: %b\ndata: %b\n\n" % (stream_id.encode(), encode_alert(message))


STREAM = "/api/v1/alerts/stream"
LIST = "/api/v1/alerts"


def until_lost(follower):
    seen = []
    with pytest.raises(LostError) as caught:
        # `extend` keeps what came before the error.
        seen.extend(follower.messages())
    return seen, str(caught.value)


def test_a_console_tells_of_alerts_as_they_come():
    stream = b"retry: 2000\n\n: nothing new\n\n" + event("5-0", make_alert()) + event("6-0", make_alert(revision=2))
    with console({STREAM: [(200, stream)]}) as (url, requests):
        seen, why = until_lost(ConsoleFollower(url))
    assert ids(seen) == ["a1:1", "a1:2"]
    assert None in seen
    assert why == "the connection was closed"
    assert requests == [(STREAM, None)]


def test_a_new_connection_goes_on_behind_the_last_event():
    with console({STREAM: [(200, event("5-0", make_alert())), (200, event("6-0", make_alert(revision=2)))]}) as (
        url,
        requests,
    ):
        follower = ConsoleFollower(url)
        assert ids(until_lost(follower)[0]) == ["a1:1"]
        assert ids(until_lost(follower)[0]) == ["a1:2"]
    assert [last for _, last in requests] == [None, "5-0"]


def test_an_event_that_is_cut_off_is_not_shown():
    half = event("5-0", make_alert())[:-2]
    with console({STREAM: [(200, half)]}) as (url, _):
        assert ids(until_lost(ConsoleFollower(url))[0]) == []


def test_the_latest_alerts_come_first_and_none_twice():
    older, newer, next_one = make_alert("a1"), make_alert("a2"), make_alert("a3")
    listed = b'{"alerts":[%b,%b]}' % (encode_alert(newer), encode_alert(older))
    stream = b"retry: 2000\n\n" + event("5-0", newer) + event("6-0", next_one)
    with console({STREAM: [(200, stream)], LIST: [(200, listed)]}) as (url, requests):
        seen, _ = until_lost(ConsoleFollower(url, last=2))
    assert ids(seen) == ["a1:1", "a2:1", "a3:1"]
    assert [path for path, _ in requests] == [STREAM, f"{LIST}?limit=2"]


@pytest.mark.parametrize("status", [500, 503])
def test_a_console_in_trouble_is_worth_another_try(status):
    with console({STREAM: [(status, b"")]}) as (url, _):
        assert until_lost(ConsoleFollower(url))[1].startswith(f"it answered {status}")


def test_something_else_at_the_address_is_not():
    with (
        console({STREAM: [(404, b"")]}) as (url, _),
        pytest.raises(OutsideError, match="answered 404 Not Found; is something else running there"),
    ):
        list(ConsoleFollower(url).messages())


def test_an_alert_of_another_kind_is_one_sentence():
    with (
        console({STREAM: [(200, b"data: {}\n\n")]}) as (url, _),
        pytest.raises(OutsideError, match="cannot read"),
    ):
        list(ConsoleFollower(url).messages())


def test_nobody_at_the_address_is_worth_another_try():
    with console({}) as (url, _):
        pass
    assert until_lost(ConsoleFollower(url))[1] == "connection refused"


@pytest.mark.parametrize(
    ("error", "words"),
    [(TimeoutError(), "it is silent"), (http.client.BadStatusLine("x"), "it does not speak HTTP")],
)
def test_what_is_wrong_with_a_connection_is_said_in_words(error, words, monkeypatch):
    def fail(*_arguments, **_more):
        raise error

    monkeypatch.setattr(http.client.HTTPConnection, "request", fail)
    assert until_lost(ConsoleFollower("http://127.0.0.1:1"))[1] == words


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "redis://x", "http://", "http://x:y"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(OutsideError, match="--console"):
        list(ConsoleFollower(url).messages())


@pytest.fixture
def server(monkeypatch):
    """A Redis inside the process, and a store on it that writes."""
    server = fakeredis.FakeServer()
    monkeypatch.setattr(redis_store, "connect", lambda _: fakeredis.FakeRedis(server=server))
    return server


@pytest.fixture
def store(server):
    return RedisStore(fakeredis.FakeRedis(server=server))


class EnoughError(Exception):
    """Raised instead of waiting."""


def stop(_seconds):
    raise EnoughError


def until_it_waits(follower):
    seen = []
    with pytest.raises(EnoughError):
        seen.extend(follower.messages())
    return ids(seen)


def test_redis_tells_of_alerts_as_they_come(store):
    store.write_alert(make_alert("old"))
    follower = RedisFollower("redis://x", 0, stop)
    assert until_it_waits(follower) == []
    store.write_alert(make_alert("new"))
    assert until_it_waits(follower) == ["new:1"]
    assert until_it_waits(follower) == []


@pytest.mark.parametrize(("last", "expected"), [(1, ["c:1"]), (2, ["b:1", "c:1"]), (9, ["a:1", "b:1", "c:1"])])
def test_redis_begins_with_as_many_as_asked_for(store, last, expected):
    for name in "abc":
        store.write_alert(make_alert(name))
    assert until_it_waits(RedisFollower("redis://x", last, stop)) == expected


def test_a_redis_that_is_down_is_worth_another_try_and_nothing_is_missed(server, store):
    follower = RedisFollower("redis://x", 0, stop)
    assert until_it_waits(follower) == []
    store.write_alert(make_alert("missed"))
    server.connected = False
    until_lost(follower)
    server.connected = True
    assert until_it_waits(follower) == ["missed:1"]


def test_a_wrong_password_is_not(monkeypatch):
    def refuse(*_arguments, **_more):
        raise redis.AuthenticationError("WRONGPASS invalid username-password pair.")

    monkeypatch.setattr(fakeredis.FakeRedis, "xrevrange", refuse)
    monkeypatch.setattr(redis_store, "connect", lambda _: fakeredis.FakeRedis())
    with pytest.raises(OutsideError, match="Redis at redis://db:6379/0 refuses: wrongpass") as caught:
        list(RedisFollower("redis://me:hunter2@db:6379/0", 0, stop).messages())
    assert "hunter2" not in caught.value.sentence


def test_an_entry_of_another_kind_is_one_sentence(server):
    fakeredis.FakeRedis(server=server).xadd(topics.ALERT_STREAM, {topics.DATA_FIELD: "{}"})
    with pytest.raises(OutsideError, match="cannot read"):
        list(RedisFollower("redis://x", 1, stop).messages())


def test_an_address_that_redis_does_not_take_is_refused():
    with pytest.raises(OutsideError, match="the address of Redis cannot be used"):
        RedisFollower("redis://x:port", 0, stop)


def test_a_console_tells_the_latest_message_of_an_alert():
    answers = {f"{LIST}/a1": [(200, encode_alert(make_alert(revision=3)))], f"{LIST}/a%2F2": [(404, b"{}")]}
    with console(answers) as (url, _):
        follower = ConsoleFollower(url)
        assert ids(follower.history("a1")) == ["a1:3"]
        assert follower.history("a/2") == []


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ((503, b""), LostError, "it answered 503"),
        ((403, b""), OutsideError, "is something else running there"),
        ((200, b"hello"), OutsideError, "an alert that this version cannot read"),
    ],
)
def test_a_console_that_cannot_tell_of_an_alert_says_why(answer, error, words):
    with console({f"{LIST}/a1": [answer]}) as (url, _), pytest.raises(error, match=words):
        ConsoleFollower(url).history("a1")


def test_a_console_that_is_gone_has_no_history():
    with console({}) as (url, _):
        pass
    with pytest.raises(LostError, match="connection refused"):
        ConsoleFollower(url).history("a1")


def test_redis_tells_all_messages_of_an_alert(monkeypatch):
    client = fakeredis.FakeRedis(server=fakeredis.FakeServer())
    monkeypatch.setattr(redis_store, "connect", lambda _: client)
    for revision in (1, 2):
        RedisStore(client).write_alert(make_alert(revision=revision))
    assert ids(RedisFollower("redis://db:1", 0, print).history("a1")) == ["a1:1", "a1:2"]


def test_a_redis_that_is_gone_has_no_history(monkeypatch):
    server = fakeredis.FakeServer()
    monkeypatch.setattr(redis_store, "connect", lambda _: fakeredis.FakeRedis(server=server))
    server.connected = False
    with pytest.raises(LostError):
        RedisFollower("redis://db:1", 0, print).history("a1")
