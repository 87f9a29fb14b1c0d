import asyncio
import http.client
import socket
import threading
from contextlib import closing, contextmanager

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from streams.errors import OutsideError
from streams.server import PORTS_TRIED, Server, bind

HOST = "127.0.0.1"


@contextmanager
def asked(port):
    """Gives the answer to a request, its body not read yet."""
    with closing(http.client.HTTPConnection(HOST, port, timeout=10)) as connection:
        connection.request("GET", "/")
        with connection.getresponse() as response:
            yield response


def test_a_taken_port_is_passed_over():
    with bind(HOST, 0) as taken:
        port = taken.getsockname()[1]
        with bind(HOST, port) as second:
            assert port < second.getsockname()[1] < port + PORTS_TRIED


def test_without_any_free_port_it_says_so(monkeypatch):
    def refuse(*_, **__):
        raise OSError(98, "Address already in use")

    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(OutsideError, match="all ports from 8080 to 8099 are taken"):
        bind(HOST, 8080)


def test_an_address_of_another_machine_is_refused_in_a_sentence():
    with pytest.raises(OutsideError, match=r"^the console cannot listen on 192\.0\.2\.1:0: .*\.$"):
        bind("192.0.2.1", 0)


def test_a_name_that_nobody_knows_is_refused_in_a_sentence():
    with pytest.raises(OutsideError, match="the console cannot listen on"):
        bind("no-such-host.invalid", 0)


def test_it_answers_between_start_and_stop():
    server = Server(Starlette(routes=[Route("/", lambda _: PlainTextResponse("hello"))]), bind(HOST, 0))
    server.start()
    with asked(server.port) as response:
        assert response.read() == b"hello"
    server.stop()
    with pytest.raises(ConnectionRefusedError), asked(server.port):
        pass


def test_an_endless_answer_does_not_keep_it_from_stopping():
    has_begun = threading.Event()

    async def endless():
        yield b"begin"
        has_begun.set()
        await asyncio.Event().wait()

    async def answer(_):
        return StreamingResponse(endless())

    server = Server(Starlette(routes=[Route("/", answer)]), bind(HOST, 0))
    server.start()
    with asked(server.port):
        assert has_begun.wait(10)
        server.stop()
    assert not any(thread.name == "console" for thread in threading.enumerate())


def test_an_application_that_fails_to_start_is_told():
    async def lifespan(_scope, _receive, _send):
        raise RuntimeError

    server = Server(lifespan, bind(HOST, 0))
    with pytest.raises(OutsideError, match="did not start"):
        server.start()
