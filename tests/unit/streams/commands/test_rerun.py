import msgspec
import pytest

from streams.commands.inputs import Inputs
from streams.commands.interrupts import Interrupts
from streams.commands.rerun import Rerun, is_about_the_same
from streams.settings import Settings
from tests.support.archive import alerts_in, make_archive
from tests.support.messages import HOUR_MS, NOON_MS, make_alert


@pytest.fixture(scope="module")
def told():
    """All messages of the last alert of the archive."""
    messages = alerts_in(make_archive())
    return [message for message in messages if message.alert_id == messages[-1].alert_id]


@pytest.fixture
def rerun(tmp_path, told):
    """A function that runs the archive again and returns what it gave."""

    def run(history, budget=None, settings=None):
        path = tmp_path / "posts"
        path.write_bytes(make_archive())
        with Interrupts() as interrupts:
            run = Rerun(told[0].alert_id, history, budget, settings or Settings(), Inputs((str(path),), interrupts))
            run.run()
        return run

    return run


def test_the_same_posts_give_the_same_messages(rerun, told):
    outcome = rerun(told).outcome()
    assert {compared.verdict for compared in outcome.compared} == {"identical"}
    assert (outcome.is_other, outcome.more, outcome.instead) == (False, 0, [])


def test_it_is_run_under_the_budget_of_the_messages_whatever_the_settings_say(rerun, told):
    outcome = rerun(told, settings=Settings().with_budget("fewer")).outcome()
    assert outcome.budget == "balanced"
    assert {compared.verdict for compared in outcome.compared} == {"identical"}


def test_messages_that_are_not_at_hand_are_counted(rerun, told):
    assert rerun(told[1:3]).outcome().more == len(told) - 2


def test_where_nothing_was_told_the_run_alone_tells(rerun, told):
    run = rerun([])
    assert run.found == told
    assert run.outcome() is None


def test_an_alert_that_does_not_come_is_missing_and_others_about_the_same_are_shown(rerun, told):
    others = [msgspec.structs.replace(message, alert_id="b", message_id=f"b:{message.revision}") for message in told]
    run = rerun(others)
    run.found.clear()
    outcome = run.outcome()
    assert {compared.verdict for compared in outcome.compared} == {"missing"}
    assert [(alert.alert_id, alert.messages) for alert in outcome.instead] == [(told[0].alert_id, len(told))]


TOLD = make_alert(narrative_id="n1", terms=["ferry", "tornavik"])


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({}, True),
        ({"narrative_id": "n2"}, True),
        ({"narrative_id": "n2", "terms": ["tea"], "scoring": msgspec.structs.replace(TOLD.scoring, term="tea")}, False),
        ({"terms": ["tea"], "scoring": msgspec.structs.replace(TOLD.scoring, term="tea")}, True),
        ({"community": "others"}, False),
        ({"at_ms": NOON_MS + 3 * HOUR_MS}, False),
        ({"at_ms": NOON_MS - 3 * HOUR_MS}, False),
    ],
)
def test_what_is_about_the_same_shares_community_time_and_narrative_or_word(changes, is_same):
    assert is_about_the_same(msgspec.structs.replace(TOLD, **changes), [TOLD]) is is_same
    assert not is_about_the_same(TOLD, [])
