"""A web server in a thread of its own, beside the pipeline."""

import errno
import socket
import threading
from contextlib import suppress
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from streams.errors import OutsideError, describe_os_error

PORTS_TRIED: Final = 20

_START_S_MAX: Final = 10.0
_STOP_S_MAX: Final = 3.0
_LAST_REQUESTS_S: Final = 1


def bind(host: str, port: int, *, what: str = "the console", tries: int = PORTS_TRIED) -> socket.socket:
    """Return a listening socket at the first free one of some ports.

    Args:
        host: Address or name of this machine.
        port: The first to try; 0 takes any that is free.
        what: Who wants to listen, as messages to people call it.
        tries: How many ports to try.

    Raises:
        OutsideError: If none can be had.
    """
    last = min(port + tries - 1, 65_535) if port else 0
    for candidate in range(port, last + 1):
        try:
            return _listen(host, candidate)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                reason = describe_os_error(error)
                raise OutsideError(f"{what} cannot listen on {host}:{candidate}: {reason}.") from None
    if last == port:
        raise OutsideError(f"{what} cannot listen on {host}:{port}: the port is taken; give it another.")
    raise OutsideError(f"all ports from {port} to {last} are taken; give a free one with --port.")


class Server:
    """Serves an application over HTTP from a thread.

    Args:
        app: The application.
        listener: A listening socket; closed in the end.
        what: What is served, as messages to people call it.

    Attributes:
        port: The port that it listens on.
    """

    def __init__(self, app: ASGIApp, listener: socket.socket, *, what: str = "the console") -> None:
        config = uvicorn.Config(
            app,
            # uvicorn would set up logging of its own, on stdout.
            log_config=None,
            access_log=False,
            lifespan="on",
            server_header=False,
            timeout_graceful_shutdown=_LAST_REQUESTS_S,
        )
        self.port: int = listener.getsockname()[1]
        self._listener = listener
        self._what = what
        self._server = _AnnouncingServer(config)
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)

    def start(self) -> None:
        """Return when requests are answered; `OutsideError` if that does not come to be."""
        self._thread.start()
        if not self._server.is_up.wait(_START_S_MAX) or not self._server.started:
            self.stop()
            raise OutsideError(f"{self._what} did not start.")

    def stop(self) -> None:
        """Return when the thread has ended; requests and streams that are open get a second to end."""
        self._server.should_exit = True
        self._thread.join(_STOP_S_MAX)
        self._listener.close()

    def _serve(self) -> None:
        # uvicorn ends its process when the application does not start; here that would only end the thread.
        with suppress(SystemExit):
            self._server.run(sockets=[self._listener])
        self._server.is_up.set()


class _AnnouncingServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()


def _listen(host: str, port: int) -> socket.socket:
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    return socket.create_server(address, family=family)
