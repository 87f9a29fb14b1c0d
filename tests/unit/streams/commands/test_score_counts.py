import gzip
import json

import pytest

ROWS = [
    {"community": "tea", "created_at": f"2025-01-06 {hour:02}:{minute:02}:00", "count": 3 + minute % 2}
    for hour in range(24)
    for minute in range(0, 60, 5)
]
BURST = {"community": "tea", "created_at": "2025-01-07T00:00:00Z", "count": 150}


def lines_of(rows):
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def test_there_is_one_line_a_row_in_the_order_of_the_file(undercurrent, tmp_path):
    rows = [*ROWS, {"community": "coffee", "created_at": 1_736_200_000_000, "count": 2.5}, BURST]
    (tmp_path / "counts.gz").write_bytes(gzip.compress(lines_of(rows)))
    ended = undercurrent("score-counts", "counts.gz")
    assert (ended.status, ended.err) == (0, "")
    found = [json.loads(line) for line in ended.out.splitlines()]
    assert [(row["community"], row["created_at"]) for row in found] == [
        (row["community"], row["created_at"]) for row in rows
    ]
    assert all(list(row) == ["community", "created_at", "score"] for row in found)
    assert max(row["score"] for row in found[:-1]) < 0.5 < found[-1]["score"] <= 1
    assert undercurrent("score-counts", "-", stdin=lines_of(rows)) == ended


@pytest.mark.parametrize(
    ("moments", "same"),
    [
        (["2025-01-06T12:00:00", "2025-01-06T12:05:00", "2025-01-06T12:10:00"], True),
        (["2025-01-06T13:00:00+01:00", "2025-01-06T12:05:00Z", "2025-01-06 12:10:00"], True),
        ([1_736_164_800_000, 1_736_165_100_000, 1_736_165_400_000], True),
        (["2025-01-06T12:00:00", "2025-01-06T12:05:00", "2025-01-06T17:10:00"], False),
    ],
)
def test_a_time_without_zone_is_utc(undercurrent, moments, same):
    def scores(times):
        rows = [{"community": "tea", "created_at": at, "count": 9**row} for row, at in enumerate(times)]
        return [
            json.loads(line)["score"]
            for line in undercurrent("score-counts", "-", stdin=lines_of(rows)).out.splitlines()
        ]

    expected = scores(["2025-01-06T12:00:00Z", "2025-01-06T12:05:00Z", "2025-01-06T12:10:00Z"])
    assert (scores(moments) == expected) is same


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (
            b'{"community": "tea", "created_at": "noon", "count": 1}',
            "Invalid RFC3339 encoded datetime - at `$.created_at`",
        ),
        (b'{"community": "tea", "created_at": 1, "count": -1}', "Expected `float` >= 0.0 - at `$.count`"),
        (b'{"community": "tea", "created_at": 1, "count": "1"}', "Expected `float`, got `str` - at `$.count`"),
        (b'{"community": "tea", "created_at": 1}', "Object missing required field `count`"),
        (b'{"community": "", "created_at": 1, "count": 1}', "length >= 1 - at `$.community`"),
        (b'["tea", 1, 1]', "Expected `object`, got `array`"),
        (b"tea,1,1", "JSON is malformed: invalid character"),
    ],
)
def test_a_bad_line_is_left_out_and_named_with_what_was_expected(undercurrent, line, why):
    stdin = lines_of(ROWS[:2]) + b"\n" + line + b"\n" + lines_of(ROWS[2:3])
    ended = undercurrent("score-counts", "-", stdin=stdin)
    assert (ended.status, len(ended.out.splitlines())) == (0, 3)
    assert "left out, as they hold no `community`, `created_at` and `count`: 1 (" in ended.err
    assert "  line 4: " in ended.err
    assert why in ended.err


def test_a_row_of_an_earlier_time_is_scored_and_named(undercurrent):
    ended = undercurrent("score-counts", "-", stdin=lines_of([*ROWS, ROWS[3]]))
    assert (ended.status, len(ended.out.splitlines())) == (0, len(ROWS) + 1)
    assert json.loads(ended.out.splitlines()[-1])["score"] == 0
    assert ended.err == (
        "undercurrent: earlier than the row before of their community, and given the score 0: 1"
        f" (the first: line {len(ROWS) + 1})\n"
    )


def test_an_input_without_a_count_is_one_sentence(undercurrent):
    ended = undercurrent("score-counts", "-", stdin=b'{"title": "x"}\n')
    assert (ended.status, ended.out, ended.err.count("\n")) == (1, "", 1)
    assert "there is no count in it" in ended.err
    assert "Object missing required field `community`" in ended.err


def test_an_empty_or_missing_file_is_one_sentence(undercurrent):
    assert undercurrent("score-counts", "-", stdin=b"").status == 1
    ended = undercurrent("score-counts", "nowhere.jsonl")
    assert (ended.status, ended.out) == (2, "")
    assert "nowhere.jsonl cannot be read: no such file or directory." in ended.err


def test_a_line_that_is_too_long_is_left_out(undercurrent):
    long = b'{"community": "' + b"x" * 20_000_000 + b'"}\n'
    ended = undercurrent("score-counts", "-", stdin=lines_of(ROWS[:2]) + long)
    assert (ended.status, len(ended.out.splitlines())) == (0, 2)
    assert "line 3: the line is longer than" in ended.err
