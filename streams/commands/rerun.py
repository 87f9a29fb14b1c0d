"""The posts of an alert run again: whether the same messages come, or what comes instead."""

from typing import Final, Literal

import msgspec

from models.explanation import Difference, differences
from models.mentions import HOUR_MS
from models.message import AlertMessage, BudgetName, Message
from streams.commands.inputs import Inputs
from streams.commands.playing import Playing
from streams.settings import Settings

_AROUND_MS: Final = 2 * HOUR_MS
"""Another budget may let the same story open so much earlier, or so much later: as long as one stays open."""

Verdict = Literal["identical", "different", "missing"]


class Comparison(msgspec.Struct, frozen=True):
    """A message that was told, and whether the run gives the same bytes; `missing` if it does not give it."""

    message_id: str
    verdict: Verdict
    differences: list[Difference]


class Instead(msgspec.Struct):
    """An alert of the run about the same: what opened it, and how many messages it had."""

    alert_id: str
    opened_ms: int
    significance: float
    bar: float
    headline: str
    messages: int = 1


class Outcome(msgspec.Struct, frozen=True):
    """What a run gave.

    Attributes:
        budget: The budget it was run under.
        is_other: Whether the messages were told under another.
        ended_ms: Event time at its end.
        compared: The messages told, each with what the run gives; none under another budget.
        more: Messages of the alert that only the run gives.
        instead: Alerts of the run about the same, the alert itself included; looked for under another budget, or if
            the alert does not come.
    """

    budget: BudgetName
    is_other: bool
    ended_ms: int
    compared: list[Comparison]
    more: int
    instead: list[Instead]


class Rerun(Playing):
    """One run of an archive that looks for one alert, and for others about the same.

    Args:
        alert_id: Of the alert.
        history: Its messages as they were told; empty if only the run can tell.
        budget: The budget to run under; None for that of the messages, else that of the settings.
        settings: As loaded.
        inputs: The archive.

    Attributes:
        found: Messages of the alert that the run gives.
    """

    def __init__(
        self,
        alert_id: str,
        history: list[AlertMessage],
        budget: BudgetName | None,
        settings: Settings,
        inputs: Inputs,
    ) -> None:
        self._told = history[0].budget.setting if history else None
        self._budget = budget or self._told
        own = settings.with_budget(self._budget) if self._budget else settings
        super().__init__(inputs, [(own, self._take)])
        self._alert_id = alert_id
        self._history = history
        self.found: list[AlertMessage] = []
        self._similar: dict[str, Instead] = {}

    def outcome(self) -> Outcome | None:
        """Return what the run gave; None if there is nothing to compare it with."""
        if self._budget is None or not self._history:
            return None
        is_other = self._budget != self._told
        by_revision = {message.revision: message for message in self.found}
        told = {message.revision for message in self._history}
        return Outcome(
            budget=self._budget,
            is_other=is_other,
            ended_ms=self.pipeline.counts.reached_ms,
            compared=[] if is_other else [_compare(each, by_revision.get(each.revision)) for each in self._history],
            more=0 if is_other else len(by_revision.keys() - told),
            instead=list(self._similar.values()) if is_other or not self.found else [],
        )

    def _take(self, message: Message) -> None:
        if not isinstance(message, AlertMessage):
            return
        is_sought = message.alert_id == self._alert_id
        if is_sought:
            self.found.append(message)
        before = self._similar.get(message.alert_id)
        if before is not None:
            before.messages += 1
        elif is_sought or is_about_the_same(message, self._history):
            self._similar[message.alert_id] = Instead(
                message.alert_id, message.at_ms, message.significance, message.bar, message.headline
            )


def is_about_the_same(message: AlertMessage, history: list[AlertMessage]) -> bool:
    """Return whether a message is about what an alert was: in its community, at its time, by narrative or word."""
    if not history or message.community != history[0].community:
        return False
    if not history[0].onset_ms - _AROUND_MS <= message.at_ms <= history[-1].at_ms + _AROUND_MS:
        return False
    return any(
        message.narrative_id == told.narrative_id
        or message.scoring.term in told.terms
        or told.scoring.term in message.terms
        for told in history
    )


def _compare(told: AlertMessage, found: AlertMessage | None) -> Comparison:
    if found is None:
        return Comparison(told.message_id, "missing", [])
    differing = differences(told, found)
    return Comparison(told.message_id, "different" if differing else "identical", differing)
