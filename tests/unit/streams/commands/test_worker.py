import sys

import pytest

from streams.commands import worker as module


def test_help_teaches_what_the_stages_are(undercurrent):
    for arguments in (["worker", "--help"], ["worker", "track", "--help"]):
        status, out, _ = undercurrent(*arguments)
        assert status == 0
        assert "track" in out


def test_help_does_not_wait_for_faust():
    assert "faust" not in vars(module)
    assert not any(name.startswith("streams.workers") for name in vars(module))


def test_a_stage_that_there_is_not_is_refused(undercurrent):
    status, _, err = undercurrent("worker", "dig")
    assert status == 2
    assert "dig" in err


@pytest.mark.parametrize("skip_lost", [False, True])
def test_track_gets_the_settings_and_whether_to_go_on_without_what_is_lost(undercurrent, monkeypatch, skip_lost):
    called = []

    class Fake:
        @staticmethod
        def run_track(settings, *, skip_lost):
            called.append((settings.kafka.bootstrap, skip_lost))
            return 143

    monkeypatch.setitem(sys.modules, "streams.workers.track", Fake)
    status, _, _ = undercurrent("worker", "track", *["--skip-lost"] * skip_lost)
    assert (status, called) == (143, [("127.0.0.1:9092", skip_lost)])
