import json
import subprocess
import sys
from typing import get_args

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from models.configuration import CoreSettings
from models.control import CONTROL_BYTES_MAX, Feedback, Mute, Resume, Undo, decode_control, encode_control
from models.frame import encode_frame
from models.intake import Intake
from models.message import AlertMessage, Delivery, encode_alert, encode_delivered, encode_trend
from models.post import Post, decode_message
from models.schema import CONTRACTS, make_schema, schema_files
from models.simulator import Simulation
from models.track import TrackStage
from tests.support.framed import NOON_MS
from tests.support.messages import make_alert, make_trend
from tests.support.source import ROOT
from tests.support.story import tell_a_story

FOLDER = ROOT / "deploy" / "schemas"
VALIDATORS = {name: Draft202012Validator(make_schema(name)) for name in CONTRACTS}


def errors(name, raw):
    return [error.message for error in VALIDATORS[name].iter_errors(json.loads(raw))]


def test_the_committed_schemas_are_what_the_types_give():
    committed = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    assert committed == schema_files(), "`make schemas` writes them anew"


@pytest.mark.parametrize("name", CONTRACTS)
def test_each_is_a_json_schema_with_an_id_of_its_own(name):
    schema = make_schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    assert schema["$id"] == f"urn:undercurrent:schema:{name}"
    assert schema["title"] == ("Control" if name == "control.v1" else CONTRACTS[name].__name__)
    assert schema["description"]


@pytest.mark.parametrize("name", CONTRACTS)
def test_each_field_of_a_contract_is_described(name):
    schema = make_schema(name)
    for struct in get_args(CONTRACTS[name]) or [CONTRACTS[name]]:
        properties = schema["properties"] if "properties" in schema else schema["$defs"][struct.__name__]["properties"]
        assert [field for field in properties if field != "kind"] == list(struct.__struct_fields__)
        assert [field for field, own in properties.items() if not own.get("description")] == []


@pytest.mark.parametrize("name", CONTRACTS)
def test_each_definition_is_described_and_used(name):
    schema = make_schema(name)
    for own, definition in schema.get("$defs", {}).items():
        assert definition["description"]
        assert "Attributes" not in definition["description"]
        assert f'"#/$defs/{own}"' in json.dumps(schema)


def test_the_fields_of_a_framed_post_are_named_though_it_is_an_array():
    items = make_schema("frame.v1")["$defs"]["FramedPost"]["prefixItems"]
    assert [item["title"] for item in items] == [
        "position",
        "reached_ms",
        "event_time_ms",
        "communities",
        "post",
        "is_backfill",
    ]
    assert all(item["description"] for item in items)


def test_a_schema_is_made_anew_each_time():
    make_schema("post.v1")["properties"].clear()
    assert make_schema("post.v1")["properties"]


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_the_bytes_depend_on_the_types_only(hash_seed):
    code = (
        "import sys; from models.schema import schema_files; sys.stdout.buffer.write(b''.join(schema_files().values()))"
    )
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, env={"PYTHONHASHSEED": hash_seed})
    assert result.stdout == b"".join(schema_files().values())


def test_real_posts_frames_and_messages_are_valid():
    intake, stage = Intake("posts/0", 1, 1, CoreSettings()), TrackStage(CoreSettings())
    counts = dict.fromkeys(CONTRACTS.keys() - {"control.v1"}, 0)

    def check(name, raw):
        assert errors(name, raw) == []
        counts[name] += 1

    for offset, raw in enumerate(tell_a_story(7, ["islanders"])):
        check("post.v1", raw)
        intake.read(offset, raw, None)
        for _, frame in intake.cut(progress=True):
            check("frame.v1", encode_frame(frame))
            for message in stage.apply(frame).messages:
                if isinstance(message, AlertMessage):
                    check("alert.v1", encode_alert(message))
                else:
                    check("trend.v1", encode_trend(message))
    assert min(counts.values()) > 1, counts


def test_simulated_posts_are_valid():
    posts = Simulation(seed=3, start_ms=NOON_MS, communities=2, posts_per_hour=60).posts()
    for simulated, _ in zip(posts, range(200), strict=False):
        assert errors("post.v1", msgspec.json.encode(simulated.post)) == []


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("alert.v1", encode_delivered(make_alert(delivery=Delivery(ingested_ms=1, topic="alerts")))),
        ("alert.v1", encode_alert(make_alert(type="resolved", reason="merged", into="a0"))),
        ("trend.v1", encode_trend(make_trend(alert_id="a1", is_gone=True))),
        ("control.v1", encode_control(Resume(input="posts/3", at_ms=0, by="lena"))),
        ("control.v1", encode_control(Feedback(alert_id="a1", community="c", verdict="useful", at_ms=0))),
        ("control.v1", encode_control(Mute(what="word", name="#latte", community="c", until_ms=1, at_ms=0))),
        ("control.v1", encode_control(Undo(number=12, at_ms=0))),
    ],
)
def test_what_is_rare_in_a_message_is_valid_too(name, raw):
    assert errors(name, raw) == []


@pytest.mark.parametrize(
    ("name", "raw", "word"),
    [
        ("alert.v1", encode_alert(make_alert()).replace(b'"opened"', b'"shouted"'), "shouted"),
        ("alert.v1", encode_alert(make_alert()).replace(b'"revision":', b'"revisions":'), "revision"),
        ("trend.v1", encode_trend(make_trend()).replace(b'"rank":1', b'"rank":"1"'), "integer"),
        ("frame.v1", b'{"v":1,"input":"posts/0","inputs":1,"after":[0],"through":[1,0],"reached_ms":0}', "too short"),
        ("control.v1", b'{"kind":"undo","number":1,"at_ms":0}', "not valid under any"),
        ("control.v1", b'{"v":1,"kind":"praise","at_ms":0}', "not valid under any"),
        ("post.v1", b'{"id":"1","created_at":0}', "text"),
        ("post.v1", b'{"id":"1","created_at":0,"text":""}', "non-empty"),
        ("post.v1", b'{"id":"1","created_at":0,"text":"x","op":"upsert"}', "upsert"),
    ],
)
def test_what_breaks_a_contract_is_not_valid(name, raw, word):
    assert any(word in message for message in errors(name, raw))


def test_a_delete_is_valid_without_a_text():
    assert errors("post.v1", b'{"id":"1","created_at":0,"op":"delete"}') == []


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not number.is_integer())
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
fields = st.dictionaries(st.sampled_from([*Post.__struct_fields__, "mood"]), json_values, max_size=4)
engagements = st.dictionaries(st.sampled_from(["likes", "views", "mood"]), json_values, max_size=2)


@given(fields, engagements | st.none())
def test_the_schema_of_a_post_accepts_what_the_program_accepts(some, engagement):
    post = {"id": "1", "text": "x", "created_at": NOON_MS, "engagement": engagement} | some
    # That a string is a moment is for `format` to say, which validators need not look at.
    assume(not any(isinstance(post.get(name), str) for name in ("created_at", "observed_at")))
    raw = json.dumps(post).encode()
    [(_, decoded)] = decode_message(raw)
    assert (errors("post.v1", raw) == []) is isinstance(decoded, Post)


said = st.fixed_dictionaries(
    {"kind": st.sampled_from(["resume", "feedback", "mute", "undo"])},
    optional={
        "v": st.just(1) | json_values,
        "input": st.just("posts/3") | st.text(max_size=4),
        "alert_id": st.just("a1") | json_values,
        "community": st.just("c") | json_values,
        "verdict": st.sampled_from(["useful", "noise", "meh"]),
        "what": st.just("author"),
        "name": st.text(max_size=3) | st.integers(255, 257).map(lambda length: "x" * length),
        "until_ms": st.none() | st.integers(-1, 1),
        "number": st.integers(-1, 2) | st.sampled_from([2**63 - 1, 2**63]),
        "at_ms": st.integers(-1, 1) | json_values,
        "by": st.text(max_size=3) | json_values,
        "mood": json_values,
    },
)


@given(said)
def test_the_schema_of_control_accepts_what_the_program_knows(message):
    raw = json.dumps(message).encode()
    try:
        known = decode_control(raw)
    except ValueError:
        known = None
    assert (errors("control.v1", raw) == []) is (known is not None)


def test_the_schema_of_control_tells_how_long_a_message_may_be():
    assert f"{CONTROL_BYTES_MAX // 1024} KiB" in make_schema("control.v1")["description"]
