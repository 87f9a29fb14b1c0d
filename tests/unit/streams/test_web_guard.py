import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from streams.web_guard import WebGuard, allowed_hosts


def answer(host, hosts):
    """Returns the answer to a request that names a host."""
    app = Starlette(routes=[Route("/", lambda _: PlainTextResponse("ours"))])
    return TestClient(WebGuard(app, hosts)).get("/", headers={"Host": host})


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8080", "127.0.0.1:80", "[::1]:8080", "[::1]"])
def test_loopback_names_are_answered(host):
    assert answer(host, allowed_hosts("127.0.0.1")).text == "ours"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:8080", "localhost.evil.example", "", "[::2]", "[::1].x"]
)
def test_other_names_are_refused_with_security_headers(host):
    refused = answer(host, allowed_hosts("127.0.0.1"))
    assert refused.status_code == 421
    assert "ours" not in refused.text
    assert refused.headers["x-content-type-options"] == "nosniff"


def test_browsers_are_told_to_run_nothing_from_elsewhere():
    headers = answer("localhost", allowed_hosts("127.0.0.1")).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "access-control-allow-origin" not in headers
    assert headers["cache-control"] == "no-cache"


def test_a_name_that_is_configured_is_answered():
    hosts = allowed_hosts("Console.Example")
    assert answer("console.example:8080", hosts).status_code == 200
    assert answer("other.example", hosts).status_code == 421
    assert answer("[fe80::1]:8080", allowed_hosts("fe80::1")).status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104 - nothing listens here
def test_a_server_on_all_addresses_answers_to_all_names(host):
    assert allowed_hosts(host) is None
    assert answer("any.example", allowed_hosts(host)).status_code == 200
