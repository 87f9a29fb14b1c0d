"""Whether a server answers, and free ports for one: each question is asked over loopback, in a second at most."""

import random
import socket
import time
import urllib.request
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPException
from typing import Final

HOST: Final = "127.0.0.1"
ANSWER_S: Final = 1.0

# Below the ports that Linux and macOS give to outgoing connections: one that is free now is not taken by a
# passing connection while the server that is to have it is still starting.
_PORTS: Final = range(15_000, 32_000)
# Not the common generator: tests seed that one, and two processes with one seed would try the same ports.
_CHANCE: Final = random.SystemRandom()
_POLL_S: Final = 0.05


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Return whether a condition came to hold within `seconds`; it is looked at 20 times a second."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(_POLL_S)
    return True


def is_free(port: int) -> bool:
    """Return whether a server could listen on a loopback port now."""
    with socket.socket() as listener:
        # As servers do it: a connection that was closed a moment ago does not count as taken.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a loopback port that is free now and likely to stay so for some seconds."""
    return next(port for port in iter(lambda: _CHANCE.choice(_PORTS), None) if is_free(port))


def redis_answers(port: int) -> bool:
    """Return whether a Redis server on a loopback port answers PING; one that is still loading does not."""
    try:
        with socket.create_connection((HOST, port), ANSWER_S) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(7) == b"+PONG\r\n"
    except OSError:
        return False


def http_answers(port: int, path: str) -> bool:
    """Return whether a server on a loopback port answers 200 for a path."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}{path}", timeout=ANSWER_S) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except (OSError, HTTPException):
        return False
