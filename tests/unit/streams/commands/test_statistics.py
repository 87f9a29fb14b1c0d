import pytest

from streams.commands import statistics
from streams.commands.statistics import Statistics
from streams.pipeline import Counts


@pytest.fixture
def said(monkeypatch):
    """A function that returns what is said as a dictionary, with memory that grows by 1 MiB a look."""
    sizes = iter(range(100, 200))
    monkeypatch.setattr(statistics, "resident_bytes", lambda: next(sizes) * 1024 * 1024)
    monkeypatch.setattr(statistics, "peak_bytes", lambda: 512 * 1024 * 1024)

    def say(subject, **counts):
        lines = subject.lines(Counts(**counts), rejected=7)
        return {line[:18].strip(): line[18:].strip() for line in lines}

    return say


def test_speed_is_posts_a_second_of_the_whole_run(said):
    moments = iter([10.0, 14.0])
    lines = said(Statistics(None, lambda: next(moments)), posts=10_000)
    assert (lines["posts"], lines["posts/s"], lines["seconds"]) == ("10,000", "2,500", "4.0")


def test_memory_is_noted_once_at_half_and_at_the_end(said):
    subject = Statistics(1_000)
    for done_bytes in (0, 499, 501, 900, 1_000):
        subject.note(done_bytes)
    lines = said(subject)
    assert lines["resident at half"] == "100.0 MiB"
    assert lines["resident at end"] == "101.0 MiB"
    assert lines["resident at peak"] == "512.0 MiB"


def test_without_a_size_there_is_no_half(said):
    subject = Statistics(None)
    subject.note(10_000)
    assert said(subject)["resident at half"] == "unknown"


def test_every_post_is_accounted_for(said):
    lines = said(Statistics(None), late=3, too_late=2, duplicates=1, communities=4, alerts_opened=5, trends=6_000)
    assert lines["rejected"] == "7"
    assert (lines["late"], lines["too late"], lines["duplicates"]) == ("3", "2", "1")
    assert (lines["communities"], lines["alerts opened"], lines["trends"]) == ("4", "5", "6,000")
