import json
import math

import msgspec
import pytest

from models.message import (
    SCHEMA_VERSION,
    Delivery,
    Lineage,
    decode_alert,
    decode_trend,
    encode_alert,
    encode_delivered,
    encode_trend,
    rounded,
)
from tests.support.messages import make_alert, make_evidence, make_sample, make_trend

DELIVERY = Delivery(ingested_ms=1, topic="alerts", partition=3, offset=7)


def all_objects(value):
    """Yields every JSON object within a value."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from all_objects(inner)


@pytest.mark.parametrize("raw", [encode_alert(make_alert()), encode_trend(make_trend())])
def test_an_encoded_message_has_sorted_keys_and_no_spaces(raw):
    message = json.loads(raw)
    assert all(list(each) == sorted(each) for each in all_objects(message))
    assert raw.decode() == json.dumps(message, separators=(",", ":"), ensure_ascii=False)


def test_the_bytes_do_not_depend_on_the_order_in_which_counts_were_made():
    one = make_alert(evidence=make_evidence(languages={"en": 1, "no": 2}, shared_posts={"b": 0.5, "a": 0.25}))
    other = make_alert(evidence=make_evidence(languages={"no": 2, "en": 1}, shared_posts={"a": 0.25, "b": 0.5}))
    assert encode_alert(one) == encode_alert(other)


def test_delivery_is_no_part_of_the_alert():
    alert = make_alert()
    delivered = msgspec.structs.replace(alert, delivery=DELIVERY)
    assert encode_alert(delivered) == encode_alert(alert)
    assert b"delivery" not in encode_alert(delivered)
    assert delivered.delivery == DELIVERY


def test_a_delivered_message_says_how_it_travelled():
    raw = encode_delivered(make_alert(delivery=DELIVERY))
    assert json.loads(raw)["delivery"] == {"ingested_ms": 1, "offset": 7, "partition": 3, "topic": "alerts"}
    assert encode_delivered(make_alert()) == encode_alert(make_alert())


@pytest.mark.parametrize(
    "alert",
    [
        make_alert(),
        make_alert(revision=4, type="resolved", reason="merged", into="a0"),
        make_alert(delivery=DELIVERY),
        make_alert(headline='„Fähre“ 🚢 \u2028 \\ "', terms=["#фёрри", "東京"]),
        make_alert(evidence=make_evidence(samples=[make_sample(author=None, url=None)], languages={})),
    ],
)
def test_an_alert_message_survives_the_way_there_and_back(alert):
    assert decode_alert(encode_delivered(alert)) == alert
    assert decode_alert(encode_delivered(alert).decode()) == alert


@pytest.mark.parametrize(
    "trend",
    [
        make_trend(),
        make_trend(alert_id="a1", state="rising"),
        make_trend(is_gone=True, lineage=Lineage(born_from="n0", merged_into="n2", split_from="n3")),
    ],
)
def test_a_trend_message_survives_the_way_there_and_back(trend):
    assert decode_trend(encode_trend(trend)) == trend


def test_every_field_of_the_contract_is_in_the_message_even_if_it_says_nothing():
    assert json.loads(encode_alert(make_alert()))["into"] is None
    trend = json.loads(encode_trend(make_trend()))
    assert trend["lineage"] == {"born_from": None, "merged_into": None, "split_from": None}
    assert (trend["alert_id"], trend["is_gone"], trend["schema_version"]) == (None, False, SCHEMA_VERSION)


@pytest.mark.parametrize("decode", [decode_alert, decode_trend])
@pytest.mark.parametrize("raw", ["", "{}", "[]", b"\xff", b"null", '{"alert_id": "a1"}'])
def test_what_is_no_message_is_refused(decode, raw):
    with pytest.raises(ValueError, match=r"\w"):
        decode(raw)


@pytest.mark.parametrize(
    ("old", "new"), [(b'"opened"', b'"shouted"'), (b'"revision":1', b'"revision":"1"'), (b'"window":', b'"widow":')]
)
def test_an_alert_message_with_a_wrong_field_is_refused(old, new):
    raw = encode_alert(make_alert())
    assert old in raw
    with pytest.raises(ValueError, match=r"\w"):
        decode_alert(raw.replace(old, new))


def test_an_alert_message_of_a_version_that_only_adds_is_read():
    raw = encode_alert(make_alert())
    later = raw.replace(b'"schema_version":1', b'"schema_version":2,"mood":"grim"')
    assert decode_alert(later).alert_id == "a1"


def test_a_score_is_rounded_to_a_thousandth():
    assert rounded(1 / 3) == 0.333
    assert rounded(11.20049) == 11.2
    assert json.dumps(rounded(0.1 + 0.2)) == "0.3"
    assert math.isclose(rounded(-0.0004), 0.0)
