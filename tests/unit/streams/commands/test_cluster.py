import gzip
import json

import pytest

from models.clusterers import CLUSTERER_NAMES, make_clusterer
from streams.commands.cluster import Clustering
from streams.sources import Line

TEXTS = ["ferry cancelled storm", "espresso beans roasted", "ferry cancelled again storm", "espresso beans dark"]


def lines_of(texts, **fields):
    return b"".join(json.dumps({"text": text} | fields).encode() + b"\n" for text in texts)


def test_there_is_one_id_a_line_in_the_order_of_the_file(undercurrent, tmp_path):
    (tmp_path / "texts.gz").write_bytes(gzip.compress(lines_of(TEXTS)))
    assert undercurrent("cluster", "texts.gz") == (0, "0\n1\n0\n1\n", "")
    assert undercurrent("cluster", "-", "--resolved", stdin=lines_of(TEXTS)) == (0, "0\n1\n0\n1\n", "")


def test_rows_stay_in_step_over_blank_and_bad_lines(undercurrent):
    stdin = b"\n" + lines_of(TEXTS[:1]) + b"no json\n\n" + lines_of(TEXTS[1:2]) + b'{"title": 1}\n\n\n'
    for options in ([], ["--resolved"]):
        ended = undercurrent("cluster", "-", *options, stdin=stdin)
        assert (ended.status, ended.out.split()) == (0, ["-1", "0", "-1", "-1", "1", "-1", "-1", "-1"])
        assert "no texts, and given the id -1: 2 (1 not json, 1 wrong field):\n  line 3: " in ended.err


def test_a_text_without_terms_belongs_to_no_narrative(undercurrent):
    assert undercurrent("cluster", "-", stdin=lines_of(["the of and"])).out == "-1\n"


def test_the_clusterer_is_that_of_the_settings(undercurrent, tmp_path):
    (tmp_path / "undercurrent.toml").write_text('[detection]\nclusterer = "textclust"')
    assert len(undercurrent("cluster", "-", stdin=lines_of(TEXTS)).out.split()) == 4


@pytest.mark.parametrize("name", CLUSTERER_NAMES)
def test_a_clusterer_that_is_named_takes_the_place_of_that_of_the_settings(undercurrent, monkeypatch, name):
    asked = []
    monkeypatch.setattr("streams.commands.cluster.make_clusterer", lambda it: asked.append(it) or make_clusterer(it))
    assert undercurrent("cluster", "--clusterer", name, "-", stdin=lines_of(TEXTS)).out.startswith("0\n1\n0\n")
    assert asked == [name]


def test_a_clusterer_that_there_is_not_is_refused(undercurrent):
    ended = undercurrent("cluster", "--clusterer", "kmeans", "-", stdin=b"")
    assert ended.status == 2
    assert "'kmeans' is not one of 'undercurrent', 'textclust', 'dbstream', 'denstream'" in ended.err


def test_an_input_without_a_text_is_one_sentence(undercurrent):
    ended = undercurrent("cluster", "-", stdin=b'{"title": "x"}\n')
    assert (ended.status, ended.out, ended.err.count("\n")) == (1, "-1\n", 1)
    assert "there is no text in it" in ended.err


class Recorder:
    """A clusterer that notes the times it is given."""

    def __init__(self):
        self.times = []

    def assign(self, _terms, event_time_ms, **_key):
        self.times.append(event_time_ms)
        return len(self.times)


@pytest.fixture
def recorder(monkeypatch):
    recorder = Recorder()
    monkeypatch.setattr("streams.commands.cluster.make_clusterer", lambda _: recorder)
    return recorder


@pytest.mark.parametrize(
    ("moments", "times"),
    [
        ([None, None, None], [1_000, 2_000, 3_000]),
        ([50_000, 60_000, 90_000], [50_000, 60_000, 90_000]),
        ([50_000, None, 90_000], [50_000, 51_000, 90_000]),
        (["1970-01-01T00:01:00Z", "1970-01-01T00:02:00", "1970-01-01T01:03:00+01:00"], [60_000, 120_000, 180_000]),
    ],
)
def test_the_order_is_the_time_where_none_is_given(recorder, moments, times):
    run = Clustering("undercurrent")
    for number, moment in enumerate(moments, start=1):
        raw = json.dumps({"text": "a ferry"} | ({} if moment is None else {"created_at": moment})).encode()
        run.take(Line(number, raw, is_too_long=False))
    assert recorder.times == times


def test_a_line_that_is_too_long_has_no_text(recorder):
    run = Clustering("undercurrent")
    assert run.take(Line(1, b'{"text": "', is_too_long=True)) == [-1]
    assert run.rejections.total() == 1
    assert recorder.times == []
