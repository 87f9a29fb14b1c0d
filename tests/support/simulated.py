"""Bounded simulations read to their end, and what tests ask them."""

import math
import re

from models.post import Post
from models.simulator import Launch, Simulation

START_MS = 1_750_032_000_000
"""Monday, 16 June 2025, 00:00 UTC."""
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
LAUNCH_MS_MAX = 4 * HOUR_MS
"""No launch is longer."""


class Run:
    """A bounded simulation that has been read to its end.

    Args:
        arguments: Those of `Simulation`, without `start_ms`.
    """

    def __init__(self, **arguments):
        self.simulation = Simulation(start_ms=START_MS, **arguments)
        self.feed = list(self.simulation.posts())
        first = {simulated.post.id: simulated for simulated in reversed(self.feed)}
        self.posts = sorted((each.post for each in first.values()), key=lambda post: post.created_at)
        self.launches = self.simulation.launches_until(math.inf)
        self.decoys = self.simulation.decoys_until(math.inf)

    def of(self, launch: Launch) -> list[Post]:
        """Return the community's posts with one of the launch's terms, from its onset until it is over."""
        return [
            post
            for post in self.posts
            if post.communities == [launch.community]
            and 0 <= post.created_at - launch.onset_ms < LAUNCH_MS_MAX
            and re.search(launch.pattern, plain(post.text))
        ]

    def is_whole(self, launch: Launch) -> bool:
        """Return whether the launch is over before the run ends."""
        return launch.onset_ms + LAUNCH_MS_MAX < self.posts[-1].created_at

    def hourly(self, community: str) -> list[int]:
        """Return how many posts the community wrote in each hour."""
        counts = [0] * ((self.posts[-1].created_at - START_MS) // HOUR_MS + 1)
        for post in self.posts:
            if post.communities == [community]:
                counts[(post.created_at - START_MS) // HOUR_MS] += 1
        return counts


def plain(text: str) -> str:
    """Return the text as a launch's pattern expects it."""
    return text.lower().replace("#", "")


def own_text(post: Post) -> str:
    """Return what the post says, without what marks it as a repost."""
    return re.sub(r"^RT @\w+: ", "", post.text)
