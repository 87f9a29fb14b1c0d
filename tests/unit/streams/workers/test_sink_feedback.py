"""Promises on both kinds of Redis stand in `tests/contracts/test_sink_store.py`."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from models.control import Feedback, Undo
from streams.workers.sink_entries import Said
from streams.workers.sink_feedback import OPINIONS_MAX, Opinion, follow


def said(number, verdict="noise", alert_id="a1"):
    return Said(number, Feedback(alert_id=alert_id, community="c", verdict=verdict, at_ms=7, by="lena"))


def undone(number, of):
    return Said(number, Undo(number=of, at_ms=0))


def numbers(raw):
    return [opinion.number for opinion in msgspec.json.decode(raw, type=list[Opinion])]


def test_all_that_was_said_of_an_alert_stands_in_its_order():
    assert follow([said(3), said(5, "useful")], {}) == {
        "a1": b'[{"number":3,"verdict":"noise","by":"lena","at_ms":7},'
        b'{"number":5,"verdict":"useful","by":"lena","at_ms":7}]'
    }


def test_what_was_taken_back_is_left_out_also_if_it_was_said_just_before():
    held = follow([said(3), said(4, alert_id="a2")], {})
    assert follow([said(5), undone(6, of=5), undone(7, of=4), undone(8, of=1)], held) == {"a2": b""}
    assert follow([undone(5, of=3)], {}) == {}


def test_of_an_alert_the_latest_opinions_are_kept():
    held = follow([said(number) for number in range(OPINIONS_MAX + 3)], {})
    assert numbers(held["a1"]) == list(range(3, OPINIONS_MAX + 3))


messages = st.lists(
    st.tuples(st.sampled_from(["noise", "useful", "undo"]), st.integers(0, 12), st.sampled_from(["a1", "a2"])),
    max_size=2 * OPINIONS_MAX,
).map(
    lambda drawn: [
        undone(number, of=of) if kind == "undo" else said(number, kind, alert_id)
        for number, (kind, of, alert_id) in enumerate(drawn)
    ]
)


@given(messages, st.data())
def test_the_topic_may_be_cut_anywhere_and_read_again_from_anywhere(topic, data):
    whole = {alert_id: raw for alert_id, raw in follow(topic, {}).items() if raw}
    held = {}
    cuts = data.draw(st.lists(st.integers(0, len(topic)), max_size=4).map(sorted))
    again = data.draw(st.integers(0, len(topic)))
    for start, end in [*zip([0, *cuts], [*cuts, len(topic)], strict=True), (again, len(topic))]:
        held |= follow(topic[start:end], held)
        held = {alert_id: raw for alert_id, raw in held.items() if raw}
    assert held == whole
