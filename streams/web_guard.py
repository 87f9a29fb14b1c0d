"""What stands before every page: which hosts are answered, and what browsers are told not to do."""

import ipaddress
import re
from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HOST: Final = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(?::[0-9]+)?")
_LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1", "[::1]")

_HEADERS: Final = {
    # Nothing but what this server itself serves: a script that got into the page would still not run.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def allowed_hosts(host: str) -> frozenset[str] | None:
    """Return the host names that a server listening on `host` answers to; None for any.

    A server that listens on all addresses has names that it does not know, so there any is allowed: whoever
    opens it to the network puts a proxy or a firewall in front.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return frozenset({*_LOOPBACK_NAMES, host.lower()})
    if address.is_unspecified:
        return None
    return frozenset({*_LOOPBACK_NAMES, f"[{address}]" if address.version == 6 else str(address)})  # noqa: PLR2004


class WebGuard:
    """Refuses requests for another host (DNS rebinding), and adds security headers to every answer.

    Args:
        app: What it stands before.
        hosts: Names that are answered, in lower case and without port; None for any.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str] | None) -> None:
        self._app = app
        self._hosts = None if hosts is None else frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        app = self._app if self._is_ours(Headers(scope=scope).get("host", "")) else _misdirected
        await app(scope, receive, send_guarded)

    def _is_ours(self, host: str) -> bool:
        if self._hosts is None:
            return True
        found = _HOST.fullmatch(host.lower())
        return found is not None and found[1] in self._hosts


async def _misdirected(scope: Scope, receive: Receive, send: Send) -> None:
    text = "This server is not called that. Set [console] host to the name or address it is to be reached by.\n"
    await PlainTextResponse(text, status_code=421)(scope, receive, send)
