"""The settings that the core needs, as values. The shell reads them from `undercurrent.toml`.

A `ValueError` of a constructor names the setting, what came and what is allowed.
"""

from typing import Annotated, Final, Literal, Self

import msgspec

from models.message import BudgetName

ALERTS_PER_WEEK: Final[dict[str, float]] = {"fewer": 1.0, "balanced": 3.0, "more": 10.0}
"""Alerts a week in a community when nothing happens, by the name of the budget."""

ClustererName = Literal["undercurrent", "textclust", "dbstream", "denstream"]

Words = Annotated[list[Annotated[str, msgspec.Meta(min_length=1)]], msgspec.Meta(max_length=1000)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=1_800)]
"""Up to half an hour: beyond that the tracker's hour of posts would no longer hold what is still open."""


class CommunityRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which posts belong to one micro-community; any one match is enough.

    Attributes:
        name: The community's name, as in posts and alerts.
        words: Single words, any letter case.
        phrases: Several words that stand side by side.
        hashtags: Hashtags, with or without `#`.
        budget: Overrides `budget` of `[detection]` here.
    """

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    words: Words = msgspec.field(default_factory=list)
    phrases: Words = msgspec.field(default_factory=list)
    hashtags: Words = msgspec.field(default_factory=list)
    budget: BudgetName | None = None


class DetectionSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How alerts are decided.

    Attributes:
        budget: Fewer, balanced or more: at most 1, 3 or 10 alerts a week and community when nothing happens.
        clusterer: Which clusterer follows narratives: our own, or River's TextClust, DBSTREAM or DenStream.
    """

    budget: BudgetName = "balanced"
    clusterer: ClustererName = "undercurrent"


class TimeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How event time is handled, in seconds.

    Attributes:
        disorder_s: How far posts of one input may be out of order without being late.
        allowed_lateness_s: How long a slice stays open for late posts after its end.
        windows_s: Lengths of the sliding windows in trend messages, shortest first.
    """

    disorder_s: Seconds = 0.5
    allowed_lateness_s: Seconds = 600
    windows_s: Annotated[
        list[Annotated[int, msgspec.Meta(ge=60, le=86_400)]], msgspec.Meta(min_length=1, max_length=8)
    ] = msgspec.field(default_factory=lambda: [300, 3_600, 21_600, 86_400])

    def __post_init__(self) -> None:
        """Check what a range of values cannot say."""
        if any(length % 60 for length in self.windows_s) or sorted(set(self.windows_s)) != self.windows_s:
            message = f"windows_s is {self.windows_s}; expected multiples of 60, shortest first, each once"
            raise ValueError(message)

    @property
    def disorder_ms(self) -> int:
        """`disorder_s` in milliseconds."""
        return round(self.disorder_s * 1000)

    @property
    def allowed_lateness_ms(self) -> int:
        """`allowed_lateness_s` in milliseconds."""
        return round(self.allowed_lateness_s * 1000)


class CoreSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything that intake and track need to know.

    Attributes:
        catch_all: Community of the posts that belong to no other; empty switches it off, and such posts are
            counted and left out.
        observed_sources: Sources whose `observed_at` replaces `created_at`.
        communities: The rules; posts may also name their communities themselves.
        detection: How alerts are decided.
        time: How event time is handled.
    """

    catch_all: Annotated[str, msgspec.Meta(max_length=200)] = "everyone else"
    observed_sources: list[str] = msgspec.field(default_factory=list)
    communities: list[CommunityRule] = msgspec.field(default_factory=list)
    detection: DetectionSettings = DetectionSettings()
    time: TimeSettings = TimeSettings()

    def __post_init__(self) -> None:
        """Refuse two rules of one name: which budget counts would be chance."""
        names = [rule.name for rule in self.communities]
        for name in names:
            if names.count(name) > 1:
                message = f"two communities are called {name!r}; expected each name once"
                raise ValueError(message)

    def with_budget(self, budget: BudgetName) -> Self:
        """Return the same settings with one budget for all communities."""
        rules = [msgspec.structs.replace(rule, budget=None) for rule in self.communities]
        return msgspec.structs.replace(
            self, communities=rules, detection=msgspec.structs.replace(self.detection, budget=budget)
        )

    def budget_of(self, community: str) -> BudgetName:
        """Return the name of the budget in force in a community."""
        for rule in self.communities:
            if rule.name == community and rule.budget is not None:
                return rule.budget
        return self.detection.budget
