import json

import pytest
import redis
from starlette.testclient import TestClient

from models.message import decode_alert, encode_alert
from streams.console import Console
from streams.metrics import Metrics
from streams.redis_store import RedisStore, connect
from tests.support.messages import HOUR_MS, make_alert, make_trend


@pytest.fixture
def store():
    """A store with two alerts and two communities."""
    store = RedisStore(connect())
    for message in (make_alert("a"), make_alert("b", community="x/y"), make_alert("a", 2)):
        store.write_alert(message)
    store.write_trends([make_trend("n1", hour=3), make_trend("n2", hour=5)])
    return store


@pytest.fixture
def client(store):
    """A browser in front of its console."""
    return make_client(store)


def make_client(store, **options):
    console = Console(store, Metrics(["islanders"]), **options)
    return TestClient(console.app, base_url="http://127.0.0.1", raise_server_exceptions=False)


def test_the_first_page_shows_alerts_and_what_is_top_of_mind(store):
    page = make_client(store, note="These posts are made up.").get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "These posts are made up." in page.text
    assert page.text.count('<article class="alert') == 2
    assert "ferry tornavik timetable" in page.text


def test_the_page_of_a_community_shows_its_own(client):
    page = client.get("/", params={"community": "x/y"}).text
    assert page.count('<article class="alert') == 1
    assert "Alerts in x/y" in page


def test_an_alert_has_a_page(client):
    page = client.get("/alerts/a").text
    assert "How it was decided" in page
    assert "a:2" in page


def test_hostile_text_does_not_become_markup(store):
    store.write_alert(make_alert("h", headline="<script>alert(1)</script>", community='"><script>'))
    client = make_client(store)
    for path in ("/", "/alerts/h", '/?community="><script>'):
        assert "<script>" not in client.get(path).text


@pytest.mark.parametrize("path", ["/alerts/nobody", "/?community=nobody", "/nowhere", "/static/../console.py"])
def test_what_is_not_there_is_not_found(client, path):
    missing = client.get(path)
    assert missing.status_code == 404
    assert "Not found" in missing.text


def test_alerts_as_json_are_the_messages(client):
    alerts = client.get("/api/v1/alerts").json()["alerts"]
    assert [alert["message_id"] for alert in alerts] == ["a:2", "b:1"]
    assert encode_alert(decode_alert(json.dumps(alerts[0]))) == encode_alert(make_alert("a", 2))
    assert len(client.get("/api/v1/alerts?limit=1").json()["alerts"]) == 1
    assert len(client.get("/api/v1/alerts?community=x/y").json()["alerts"]) == 1
    assert client.get("/api/v1/alerts/a").json()["revision"] == 2


@pytest.mark.parametrize("limit", ["0", "1001", "ten", "-1", "1e2", "٣", "9" * 5_000])
def test_a_wrong_limit_is_refused_in_json(client, limit):
    refused = client.get("/api/v1/alerts", params={"limit": limit})
    assert refused.status_code == 400
    assert "expected a whole number from 1 to 1,000" in refused.json()["error"]


def test_communities_and_their_narratives_as_json(client):
    assert client.get("/api/v1/communities").json() == {"communities": ["islanders", "x/y"]}
    found = client.get("/api/v1/communities/islanders/narratives").json()
    assert (found["community"], found["length_ms"]) == ("islanders", HOUR_MS)
    assert [narrative["narrative_id"] for narrative in found["narratives"]] == ["n2", "n1"]
    assert client.get("/api/v1/communities/x%2Fy/narratives").json()["narratives"] == []


@pytest.mark.parametrize("path", ["/api/v1/alerts/nobody", "/api/v1/communities/nobody/narratives"])
def test_what_json_does_not_know_is_an_error_in_json(client, path):
    missing = client.get(path)
    assert (missing.status_code, list(missing.json())) == (404, ["error"])


@pytest.mark.parametrize("last", ["yesterday", "1-1 ", "$"])
def test_a_wrong_place_in_the_stream_is_refused(client, last):
    refused = client.get("/api/v1/alerts/stream", params={"last_event_id": last})
    assert refused.status_code == 400


def test_metrics_are_in_the_format_of_prometheus(client):
    metrics = client.get("/metrics")
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'undercurrent_alerts_open{community="islanders"} 0.0' in metrics.text


def test_a_process_that_does_its_work_is_healthy_and_ready(store):
    assert make_client(store).get("/healthz").json() == {"status": "ok"}
    assert make_client(store).get("/readyz").status_code == 200
    assert make_client(store, is_ready=lambda: False).get("/readyz").status_code == 503


def test_without_redis_it_says_so_and_stays_alive():
    class Down(RedisStore):
        def __getattribute__(self, name):
            if name in {"ping", "alerts", "communities"}:
                raise redis.ConnectionError
            return super().__getattribute__(name)

    client = make_client(Down(connect()))
    for path in ("/", "/api/v1/alerts", "/readyz"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "Redis does not answer" in answer.text
    assert client.get("/healthz").status_code == 200


def test_nothing_can_be_written(client):
    for path in ("/", "/api/v1/alerts", "/alerts/a"):
        assert client.post(path).status_code == 405


def test_the_pages_own_files_are_served(client):
    for name in ("console.css", "console.js", "icon.svg"):
        assert client.get(f"/static/{name}").status_code == 200


def test_every_answer_carries_security_headers(client):
    for path in ("/", "/static/console.js", "/api/v1/alerts", "/nowhere"):
        assert "content-security-policy" in client.get(path).headers


def test_other_host_names_are_not_answered(client):
    assert client.get("/api/v1/alerts", headers={"Host": "evil.example"}).status_code == 421
