import logging

import pytest
import structlog

from streams import logs
from streams.errors import OutsideError
from streams.metrics import WorkerMetrics
from streams.settings import KafkaSettings, Settings, WorkersSettings
from streams.workers.producer import Outbox
from streams.workers.run import Surroundings, WorkerPlan, WorkerRun, _send_foreign_logs_to_ours


@pytest.fixture
def _root_logger():
    handlers, level = logging.root.handlers, logging.root.level
    yield
    structlog.reset_defaults()
    logging.root.handlers = handlers
    logging.root.setLevel(level)


@pytest.mark.usefixtures("_root_logger")
def test_what_libraries_warn_of_stands_in_our_log_in_one_line(capsys):
    logs.configure()
    _send_foreign_logs_to_ours()
    for length in (9_000, 8_000):
        logging.getLogger("aiokafka").warning("away: %s", "x" * length)
    logging.getLogger("faust").info("a long story")
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert '"library": "aiokafka"' in said
    assert '"event": "library_reported"' in said
    assert len(said) < 1_000


def test_each_outbox_of_a_stage_is_its_own():
    surroundings = Surroundings({"frames": 3}, None, lambda _: None)
    assert isinstance(surroundings.outbox(), Outbox)
    assert surroundings.outbox() is not surroundings.outbox()
    assert surroundings.partitions["frames"] == 3


def test_a_port_that_is_taken_ends_it_before_anything_is_read():
    settings = Settings(kafka=KafkaSettings(bootstrap="127.0.0.1:1"), workers=WorkersSettings(host="no such host"))
    plan = WorkerPlan("worker test", "undercurrent-test", ["frames"], 0, lambda _: pytest.fail("too early"))
    with pytest.raises(OutsideError, match="`undercurrent worker test` cannot listen on no such host"):
        WorkerRun(plan, settings, WorkerMetrics())
