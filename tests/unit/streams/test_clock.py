from datetime import UTC, datetime

from streams import clock


def test_processing_time_is_epoch_milliseconds():
    assert datetime.fromtimestamp(clock.now_ms() / 1000, UTC).year >= 2025


def test_monotonic_time_never_goes_back():
    moments = [clock.monotonic_s() for _ in range(100)]
    assert moments == sorted(moments)
