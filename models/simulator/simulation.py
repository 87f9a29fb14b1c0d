"""Made-up posts of made-up communities, with the truth about what breaks in them.

Rules:

* Chatter is a Poisson process whose rate follows a day cycle, a week cycle and, hour by hour, a gamma factor
  of shape 2. Words follow Zipf's law, each with a gamma factor of its own that hour. So an hour's posts are
  negative binomial with k = 2, and a word's share of them is as uneven: bursts that are no news.
* A launch is a story told by 8 to 60 authors, if nothing else is asked for, each in their own words or as a repost,
  who come in along an S-curve within 20 to 60 minutes and come back, less and less, for 1 to 3 hours. Some hop to
  another community.
* A decoy looks loud and is one voice: a text passed on by many accounts, or an account that floods.
* Posts arrive with the delays and repetitions of a real feed.
* A seed gives the same bytes under every Python version and hash seed: all chance is drawn from one source, in
  one order, and no set is iterated. So the order of draws, even in constructors, is part of the behaviour.
"""

import math
from collections import deque
from collections.abc import Iterator

from models.simulator.cast import Accounts
from models.simulator.chance import Chance
from models.simulator.decoys import Decoys
from models.simulator.feed import Feed, SimulatedPost
from models.simulator.launches import Launches
from models.simulator.rhythm import HOUR_MS, MINUTE_MS, SLOT_MS
from models.simulator.scene import Scene
from models.simulator.truth import Launch
from models.simulator.vocabulary import VOCABULARIES


class Simulation:
    """An endless feed of made-up posts, with the truth about what was launched in it.

    Pure and lazy: the same arguments give the same posts, to the byte, and none is made before it is needed.
    Memory is bounded: kept are a slot (15 minutes) of posts, those that arrive late, launches under way,
    64 recent posts a community, and the last 10,000 launches and as many decoys.

    Args:
        seed: Any integer from 0 on.
        start_ms: Event time of the beginning, in epoch milliseconds.
        communities: How many of the made-up communities take part, from 1 on; the first ones do.
        posts_per_hour: Posts of chatter in a community, on average over a week and all communities.
        launches_per_week: New stories in a community, on average, hops not counted; at most 40.
        launch_authors: Fewest and most authors of a launch; at least 2, at most 200.
        launch_rise_ms: Shortest and longest time within which they come in; at least a minute, at most an hour.
        first_launch_after_ms: No launch and no decoy before that, counted from the start.
        decoys_per_week: Decoys in a community, on average; at most 40.
        duration_ms: Length in event time; None: endless.

    Raises:
        ValueError: If an argument is out of its range.

    >>> simulation = Simulation(seed=1, start_ms=1_750_000_000_000)
    >>> posts = simulation.posts()
    >>> first, second = next(posts), next(posts)
    >>> first.post.source, first.arrival_ms <= second.arrival_ms
    ('simulated', True)
    >>> simulation.launches_until(1_750_000_000_000)
    ()
    """

    def __init__(
        self,
        seed: int,
        start_ms: int,
        *,
        communities: int = len(VOCABULARIES),
        posts_per_hour: float = 60,
        launches_per_week: float = 3,
        launch_authors: tuple[int, int] = (8, 60),
        launch_rise_ms: tuple[int, int] = (20 * MINUTE_MS, HOUR_MS),
        first_launch_after_ms: int = 6 * HOUR_MS,
        decoys_per_week: float = 1,
        duration_ms: int | None = None,
    ) -> None:
        _check("seed", seed, 0)
        _check("start_ms", start_ms, 0)
        _check("communities", communities, 1, len(VOCABULARIES))
        _check("posts_per_hour", posts_per_hour, 0.001)
        _check("launches_per_week", launches_per_week, 0, 40)
        _check_range("launch_authors", launch_authors, 2, 200)
        _check_range("launch_rise_ms", launch_rise_ms, MINUTE_MS, HOUR_MS)
        _check("first_launch_after_ms", first_launch_after_ms, 0)
        _check("decoys_per_week", decoys_per_week, 0, 40)
        _check("duration_ms", 0 if duration_ms is None else duration_ms, 0)
        self._start_ms = start_ms
        self._slot_ms = start_ms
        self._end_ms = math.inf if duration_ms is None else start_ms + duration_ms
        self._ready: deque[SimulatedPost] = deque()
        self._chance = Chance(seed)
        self._accounts = Accounts(self._chance)
        self._feed = Feed(self._chance, f"{seed:x}", self._end_ms)
        self._launches = Launches(
            self._chance,
            self._feed,
            launches_per_week,
            self._end_ms,
            authors=launch_authors,
            rise_ms=launch_rise_ms,
        )
        self._decoys = Decoys(self._chance, self._feed, decoys_per_week, self._end_ms)
        self._scenes = self._set_up(communities, posts_per_hour, start_ms + first_launch_after_ms)

    def posts(self) -> Iterator[SimulatedPost]:
        """Yield the posts by arrival; another call goes on where the last one stopped."""
        while self._fill():
            while self._ready:
                yield self._ready.popleft()

    def launches_until(self, event_time_ms: float) -> tuple[Launch, ...]:
        """Return the launches with an onset up to then, by onset, as far as posts were asked for."""
        return self._launches.truth.until(min(event_time_ms, self._slot_ms))

    def decoys_until(self, event_time_ms: float) -> tuple[Launch, ...]:
        """Return the decoys with an onset up to then, by onset, as far as posts were asked for."""
        return self._decoys.truth.until(min(event_time_ms, self._slot_ms))

    def _set_up(self, communities: int, posts_per_hour: float, first_ms: int) -> dict[str, Scene]:
        sizes = [1 / math.sqrt(rank) for rank in range(2, communities + 2)]
        scenes = {}
        for vocabulary, size in zip(VOCABULARIES, sizes, strict=False):
            per_hour = posts_per_hour * size * communities / math.fsum(sizes)
            scene = Scene(self._chance, vocabulary, self._accounts, per_hour)
            scene.next_launch_ms = first_ms + self._launches.wait_ms()
            scene.next_decoy_ms = first_ms + self._decoys.wait_ms()
            scenes[scene.community] = scene
        return scenes

    def _fill(self) -> bool:
        """Make slots until a post is ready; return whether one is."""
        while not self._ready and self._slot_ms < self._end_ms:
            self._make_slot()
            # All that is made later is posted, and so arrives, after the slot's end.
            is_over = self._slot_ms >= self._end_ms
            self._ready.extend(self._feed.take(math.inf if is_over else self._slot_ms))
        return bool(self._ready)

    def _make_slot(self) -> None:
        begin_ms = self._slot_ms
        self._slot_ms += SLOT_MS
        is_new_hour = (begin_ms - self._start_ms) % HOUR_MS == 0
        for scene in self._scenes.values():
            if is_new_hour:
                scene.stir()
            while scene.next_launch_ms < self._slot_ms:
                self._launches.break_out(scene, self._scenes)
            while scene.next_decoy_ms < self._slot_ms:
                self._decoys.break_out(scene)
            scene.chat(self._feed, begin_ms)


def _check(name: str, value: float, low: float, high: float = math.inf) -> None:
    if not low <= value <= high:
        allowed = f"at least {low}" if high == math.inf else f"from {low} to {high}"
        message = f"{name} is {value}, must be {allowed}"
        raise ValueError(message)


def _check_range(name: str, values: tuple[int, int], low: int, high: int) -> None:
    if not low <= values[0] <= values[1] <= high:
        message = f"{name} is {values}, must be two numbers from {low} to {high}, the lesser first"
        raise ValueError(message)
