"""Stories as they are after they gathered some posts."""

from models.story import Story
from tests.support.chatter import LAUNCH_MS, make_score


def make_story(*mentions, **changes):
    """Returns a story that opened at `LAUNCH_MS` and gathered these posts."""
    fields = {
        "number": 7,
        "alert_id": "a1",
        "narrative_id": "n1",
        "opened_ms": LAUNCH_MS,
        "onset_ms": LAUNCH_MS,
        "latest_ms": LAUNCH_MS,
        "passed_ms": LAUNCH_MS,
        "held_ms": LAUNCH_MS,
        "best": make_score(),
        "core": {"ferry": 12.0},
    }
    story = Story(**(fields | changes))
    for mention in mentions:
        story.add(mention)
    return story
