"""What people said of a community's alerts, and by how much that moves its bar.

Of the last `COUNTED` alerts that were judged, each that was dismissed (noise, or a duplicate of another) raises the bar
by `STEP`, each useful one lowers it by `USEFUL` steps: in all by no more than `RAISE_MAX`, and below what the budget
asks for by no more than `LOWER_MAX`. If an alert was judged more than once the latest word on it counts.

The move is a function of what is remembered, so undoing a judgement gives the very bar that there would be without it.

Bounded: `HELD_MAX` judgements are remembered; an older one can be undone no more, nor counts.
"""

from typing import Final

import msgspec

from models.budget import BAR_MIN, BudgetState
from models.control import Verdict
from models.message import FeedbackNote, rounded

STEP: Final = 0.2
"""In decades: of what chance brings, 63 % passes a bar that is so much higher."""

USEFUL: Final = 2
"""So the bar stays where one alert of three is useful: to miss such a story costs more than to look at two others."""

COUNTED: Final = 20
RAISE_MAX: Final = 2.0
"""A hundredth of the alerts by chance that the budget allows. Ten dismissals reach it."""

LOWER_MAX: Final = 0.5
"""Three times as many as the budget allows: praise must not undo the budget."""

HELD_MAX: Final = 50


def move_bar(bar: float, judged: int, dismissed: int) -> float:
    """Return the bar that comes of the one that the budget asks for, when so many of the judged alerts were dismissed.

    >>> move_bar(3.0, judged=5, dismissed=4)
    3.4
    """
    decades = STEP * (dismissed - USEFUL * (judged - dismissed))
    return max(bar + max(-LOWER_MAX, min(RAISE_MAX, decades)), BAR_MIN)


class Judgement(msgspec.Struct, frozen=True, array_like=True):
    """What was said of an alert, by the control message of this number."""

    number: int
    alert_id: str
    verdict: Verdict


class FeedbackState(msgspec.Struct):
    """See the module's description; also as it is saved.

    Attributes:
        judgements: In the order in which they were said.
        version: Changes of it so far.
    """

    judgements: list[Judgement] = msgspec.field(default_factory=list)
    version: int = 0

    def judge(self, judgement: Judgement) -> None:
        """Take in what was said of an alert."""
        self.judgements = [*self.judgements, judgement][-HELD_MAX:]
        self.version += 1

    def has(self, number: int) -> bool:
        """Return whether the judgement of a control message is remembered."""
        return any(judgement.number == number for judgement in self.judgements)

    def undo(self, number: int) -> None:
        """Forget the judgement of a control message, which is remembered."""
        assert self.has(number), f"no judgement {number}"
        self.judgements = [judgement for judgement in self.judgements if judgement.number != number]
        self.version += 1

    @property
    def judged(self) -> int:
        """How many alerts count."""
        return len(self._counting())

    @property
    def dismissed(self) -> int:
        """How many of them were dismissed."""
        return sum(verdict != "useful" for verdict in self._counting())

    def bar_over(self, bar: float) -> float:
        """Return the bar that comes of the one that the budget asks for."""
        return move_bar(bar, self.judged, self.dismissed) if self.judgements else bar

    def note(self, bar: float) -> FeedbackNote | None:
        """Return what messages say of it, if anybody has said anything.

        Args:
            bar: What the budget alone asks for.
        """
        if not self.version:
            return None
        return FeedbackNote(self.judged, self.dismissed, rounded(bar), self.version)

    def _counting(self) -> list[Verdict]:
        # An alert keeps the place of its first judgement, but the latest verdict.
        return list({judgement.alert_id: judgement.verdict for judgement in self.judgements}.values())[-COUNTED:]


class Standing(msgspec.Struct, frozen=True):
    """The bar of a community, and what stands behind it.

    Attributes:
        bar: The significance that an alert needs.
        raised: By how much feedback has moved it, in decades; below 0 if it is lower for that.
        judged: How many alerts count in that.
        dismissed: How many of them were dismissed.
        asked_per_week: Alerts a week that the budget allows when nothing happens.
        expected_per_week: How many chance will bring over this bar.
    """

    bar: float
    raised: float
    judged: int
    dismissed: int
    asked_per_week: float
    expected_per_week: float


def standing_of(bars: BudgetState, feedback: FeedbackState, asked_per_week: float) -> Standing:
    """Return how a community's bar stands; to ask changes nothing."""
    found = bars.find(asked_per_week)
    base = found.value
    bar = feedback.bar_over(base)
    return Standing(
        bar=bar,
        raised=bar - base,
        judged=feedback.judged,
        dismissed=feedback.dismissed,
        asked_per_week=asked_per_week,
        expected_per_week=found.expected_per_week(asked_per_week, bar),
    )
