import re
from types import SimpleNamespace

import pytest

from models.feedback import Standing
from models.post import Reason
from streams import worker_metrics
from streams.metrics import METRICS, OTHER, Metrics, severity_band
from tests.support.messages import MINUTE_MS, NOON_MS, make_alert


def value(metrics, name, **labels):
    """Returns what a scrape would read, or None if there is no such series."""
    inner = ",".join(f'{label}="{text}"' for label, text in sorted(labels.items()))
    series = f"{name}{{{inner}}}" if inner else name
    found = re.search(rf"^{re.escape(series)} (\S+)$", metrics.render().decode(), re.MULTILINE)
    return float(found[1]) if found else None


def make_counts(**changes):
    counts = dict.fromkeys(
        (
            "posts",
            "unassigned",
            "duplicates",
            "late",
            "too_late",
            "backfilled",
            "baseline_changes",
            "muted",
            "communities",
            "evicted",
            "trends",
        ),
        0,
    )
    return SimpleNamespace(**{**counts, "reached_ms": -1, **changes})


def test_every_listed_metric_is_exported_and_nothing_else():
    text = Metrics(["islanders"]).render().decode()
    exported = set(re.findall(r"^# TYPE (undercurrent_\w+) ", text, re.MULTILINE))
    lists = [value for name, value in vars(worker_metrics).items() if name.endswith("_METRICS")]
    of_workers = {definition.name for definitions in lists for definition in definitions}
    assert exported == {definition.name for definition in METRICS} - of_workers


def test_names_follow_the_conventions():
    for definition in METRICS:
        assert definition.name.endswith("_total") == (definition.kind == "counter")
        assert definition.about.endswith(".")


def test_two_registries_live_side_by_side():
    first, second = Metrics(), Metrics()
    first.observe_rejection(Reason.NOT_JSON)
    assert value(second, "undercurrent_posts_rejected_total", reason="not_json") == 0


def test_all_label_sets_start_at_zero():
    metrics = Metrics(["islanders"])
    assert value(metrics, "undercurrent_posts_rejected_total", reason="in_the_future") == 0
    for community in ("islanders", OTHER):
        labels = {"community": community, "severity": "high", "type": "retracted"}
        assert value(metrics, "undercurrent_alert_messages_total", **labels) == 0
        assert value(metrics, "undercurrent_alerts_open", community=community) == 0


def test_there_are_no_creation_times():
    assert "_created" not in Metrics().render().decode()


def test_counts_of_the_pipeline_are_taken_over_once():
    metrics = Metrics()
    metrics.observe_counts(make_counts(posts=3))
    metrics.observe_counts(make_counts(posts=5, late=1, communities=2, reached_ms=1_500))
    assert value(metrics, "undercurrent_posts_accepted_total") == 5
    assert value(metrics, "undercurrent_posts_late_total") == 1
    assert value(metrics, "undercurrent_communities") == 2
    assert value(metrics, "undercurrent_event_time_reached_timestamp_seconds") == 1.5


def test_an_alert_is_open_from_its_first_message_to_its_last():
    metrics = Metrics(["islanders"])
    for message in (make_alert("a"), make_alert("b"), make_alert("a", 2)):
        metrics.observe_alert(message)
    assert value(metrics, "undercurrent_alerts_open", community="islanders") == 2
    for revision in (3, 4):
        metrics.observe_alert(make_alert("a", revision, type="resolved"))
    assert value(metrics, "undercurrent_alerts_open", community="islanders") == 1


def test_an_alert_that_was_opened_before_this_process_began_does_not_count_below_zero():
    metrics = Metrics()
    metrics.observe_alert(make_alert("a", 3, type="resolved"))
    assert value(metrics, "undercurrent_alerts_open", community=OTHER) == 0


def test_a_community_that_the_settings_do_not_name_is_other():
    metrics = Metrics(["islanders"])
    metrics.observe_alert(make_alert(community="made up\nby a post", severity=7))
    labels = {"community": OTHER, "severity": "high", "type": "opened"}
    assert value(metrics, "undercurrent_alert_messages_total", **labels) == 1


def test_the_delay_is_that_of_opened_alerts():
    metrics = Metrics()
    metrics.observe_alert(make_alert(at_ms=NOON_MS, onset_ms=NOON_MS - 4 * MINUTE_MS))
    metrics.observe_alert(make_alert(revision=2, at_ms=NOON_MS + MINUTE_MS))
    assert value(metrics, "undercurrent_alert_delay_seconds_count") == 1
    assert value(metrics, "undercurrent_alert_delay_seconds_sum") == 240


def test_how_the_bar_of_other_communities_stands_is_the_greatest():
    metrics = Metrics(["islanders"])
    metrics.observe_standings(
        {
            "islanders": Standing(6.5, -0.2, 3, 1, 3.0, 4.5),
            "b": Standing(7.5, 0.0, 0, 0, 3.0, 3.0),
            "c": Standing(7.0, 0.4, 4, 3, 1.0, 0.5),
        }
    )
    shown = {
        name: [value(metrics, f"undercurrent_{name}", community=community) for community in ("islanders", OTHER)]
        for name in (
            "alert_bar",
            "alert_bar_raised",
            "alerts_dismissed_ratio",
            "alerts_asked_per_week",
            "alerts_expected_per_week",
        )
    }
    assert shown == {
        "alert_bar": [6.5, 7.5],
        "alert_bar_raised": [-0.2, 0.4],
        "alerts_dismissed_ratio": [1 / 3, 0.75],
        "alerts_asked_per_week": [3.0, 3.0],
        "alerts_expected_per_week": [4.5, 3.0],
    }


@pytest.mark.parametrize(
    ("severity", "band"), [(1, "low"), (3, "low"), (4, "medium"), (6, "medium"), (7, "high"), (10, "high")]
)
def test_severities_fall_into_three_bands(severity, band):
    assert severity_band(severity) == band
