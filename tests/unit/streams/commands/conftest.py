import pytest


@pytest.fixture
def no_lines_of_progress(monkeypatch):
    """On a busy machine a run would say how far it has got."""
    monkeypatch.setattr("streams.commands.progress.LINE_EVERY_S", 3_600.0)
