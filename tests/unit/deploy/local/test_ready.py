"""Free ports, and what counts as an answer."""

import random
import socket
import threading

import pytest

from deploy.local.ready import free_port, http_answers, is_free, redis_answers, until


class Speaker:
    """Says one thing to whoever connects first."""

    def __init__(self, words):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._speak, args=(words,))
        self._thread.start()

    def _speak(self, words):
        connection, _ = self._listener.accept()
        with connection:
            connection.recv(1000)
            connection.sendall(words)

    def close(self):
        self._thread.join()
        self._listener.close()


@pytest.fixture
def speaker():
    """Makes speakers, and sees that each has spoken."""
    made = []

    def make(words):
        made.append(Speaker(words))
        return made[-1].port

    yield make
    for each in made:
        each.close()


def test_a_port_with_a_listener_is_not_free():
    port = free_port()
    assert is_free(port)
    with socket.create_server(("127.0.0.1", port)):
        assert not is_free(port)


def test_one_seed_gives_different_ports():
    ports = set()
    for _ in range(5):
        random.seed(7)
        ports.add(free_port())
    assert len(ports) > 1


@pytest.mark.parametrize(
    ("words", "does_answer"),
    [(b"+PONG\r\n", True), (b"-LOADING Redis is loading the dataset in memory\r\n", False), (b"", False)],
)
def test_a_redis_that_loads_does_not_answer_yet(speaker, words, does_answer):
    assert redis_answers(speaker(words)) is does_answer


@pytest.mark.parametrize(
    ("words", "does_answer"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", True),
        (b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", False),
        (b"not HTTP", False),
        (b"", False),
    ],
)
def test_only_200_is_an_answer(speaker, words, does_answer):
    assert http_answers(speaker(words), "/readyz") is does_answer


def test_nobody_who_is_not_there_answers():
    assert not redis_answers(free_port())
    assert not http_answers(free_port(), "/")


def test_what_comes_to_hold_is_waited_for():
    answers = iter([False, False, True])
    assert until(lambda: next(answers), 10)
    assert not until(lambda: False, 0)
