"""What people said of each alert, as Redis holds it: out of the topic of control alone, without what was taken back.

Of an alert it is a JSON list of `Opinion`, in the order in which they were said, so the last one counts; the latest
`OPINIONS_MAX` of it. It is a function of the topic up to some offset: reading a part of it again changes nothing that
lasts, and reading all of it gives the same bytes.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from models.control import Feedback, Verdict
from streams.workers.sink_entries import Said

OPINIONS_MAX: Final = 50
"""Of one alert. As many as the tracker remembers of all of a community."""


class Opinion(msgspec.Struct, frozen=True):
    """What somebody said of an alert.

    Attributes:
        number: Of the control message, by which it can be taken back.
        verdict: What was said.
        by: Who said it.
        at_ms: When, in processing time.
    """

    number: int
    verdict: Verdict
    by: str
    at_ms: int


_decoder = msgspec.json.Decoder(list[Opinion])


def follow(said: Iterable[Said], held: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what is said of the alerts of which that changes, as Redis holds it; empty if nothing is any more.

    Args:
        said: In the order of the topic.
        held: What Redis holds of all alerts that may be concerned: of all there are, if anything is taken back.
    """
    opinions = {alert_id: _decoder.decode(raw) for alert_id, raw in held.items()}
    for each in said:
        if isinstance(each.control, Feedback):
            own = opinions.get(each.control.alert_id, [])
            opinions[each.control.alert_id] = _with(own, _opinion(each.number, each.control))
        else:
            for alert_id, own in opinions.items():
                opinions[alert_id] = [opinion for opinion in own if opinion.number != each.control.number]
    after = {alert_id: msgspec.json.encode(own) if own else b"" for alert_id, own in opinions.items()}
    return {alert_id: raw for alert_id, raw in after.items() if raw != held.get(alert_id, b"")}


def _opinion(number: int, control: Feedback) -> Opinion:
    return Opinion(number, control.verdict, control.by, control.at_ms)


def _with(own: list[Opinion], opinion: Opinion) -> list[Opinion]:
    by_number = {each.number: each for each in [*own, opinion]}
    return [by_number[number] for number in sorted(by_number)][-OPINIONS_MAX:]
