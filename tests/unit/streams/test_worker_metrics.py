from models.feedback import Standing
from streams import worker_metrics
from streams.metrics import METRICS, TrackMetrics, WorkerMetrics
from streams.worker_metrics import FRAMES_READ, LAG, TRACK_METRICS, WORKER_METRICS, MetricDefinition
from tests.support.messages import make_alert


def lines(metrics):
    return [line for line in metrics.render().decode().splitlines() if not line.startswith("#")]


def test_every_definition_is_in_the_list_of_all():
    definitions = [value for value in vars(worker_metrics).values() if isinstance(value, MetricDefinition)]
    assert {each.name for each in definitions} <= {each.name for each in METRICS}
    assert len({each.name for each in METRICS}) == len(METRICS)


def test_a_worker_shows_what_every_worker_shows_and_its_own():
    shown = {line.split("{")[0].split(" ")[0] for line in lines(TrackMetrics())}
    with_values = {each.name for each in (*WORKER_METRICS, *TRACK_METRICS) if not each.labels or each.values}
    assert with_values <= shown
    assert "undercurrent_sink_up" not in shown
    assert FRAMES_READ.name not in {line.split("{")[0] for line in lines(WorkerMetrics())}


def test_each_verdict_is_there_before_the_first_frame():
    metrics = TrackMetrics()
    assert 'undercurrent_frames_total{verdict="hole"} 0.0' in lines(metrics)
    metrics.count(FRAMES_READ, "hole", by=2)
    assert 'undercurrent_frames_total{verdict="hole"} 2.0' in lines(metrics)


def test_a_gauge_shows_the_last_value():
    metrics = WorkerMetrics()
    for waiting in (3, 1):
        metrics.show(LAG, waiting, "frames")
    assert 'undercurrent_worker_lag_messages{topic="frames"} 1.0' in lines(metrics)


def test_alerts_open_and_bars_are_those_of_the_trackers_now():
    metrics = TrackMetrics(["ants"])
    assert 'undercurrent_alerts_open{community="ants"} 0.0' in lines(metrics)
    standings = [Standing(bar, 0.2, 5, 4, 3.0, 2.0) for bar in (5.0, 6.0, 7.5)]
    metrics.show_alerts(zip(("ants", "bees", "cats"), (2, 1, 1), standings, strict=True))
    shown = lines(metrics)
    assert 'undercurrent_alerts_open{community="ants"} 2.0' in shown
    assert 'undercurrent_alerts_open{community="other"} 2.0' in shown
    assert 'undercurrent_alert_bar{community="other"} 7.5' in shown
    assert 'undercurrent_alerts_dismissed_ratio{community="ants"} 0.8' in shown
    metrics.show_alerts([])
    assert 'undercurrent_alerts_open{community="ants"} 0.0' in lines(metrics)


def test_an_alert_message_is_counted_by_community_severity_and_type():
    metrics = TrackMetrics(["ants"])
    message = make_alert(community="bees", severity=8, type="opened")
    metrics.count_alert(message)
    shown = lines(metrics)
    assert 'undercurrent_alert_messages_total{community="other",severity="high",type="opened"} 1.0' in shown
    assert "undercurrent_alert_delay_seconds_count 1.0" in shown
