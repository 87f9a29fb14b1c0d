"""Launches of the simulator, placed in real chatter."""

from bisect import bisect_left

import msgspec

from models.post import Post, to_ms
from tests.support.event_scoring import Event
from tests.support.simulated import DAY_MS, MINUTE_MS, Run

PLACES = (0.3, 0.5, 0.7, 0.9)
"""Where in a community's chatter launches are placed, as a share of its posts: by then it is long known."""


def inject(chatter, communities, *, authors: int, rise_ms: int = 10 * MINUTE_MS, seed: int = 1):
    """Returns the chatter of some communities with launches among it, by event time, and what there is to find.

    Each begins with a post of the chatter: at an hour at which the community writes.

    Args:
        chatter: Posts, by event time.
        communities: Names of those that get launches, one at each of `PLACES`; others are left out.
        authors: Of each launch.
        rise_ms: Within which they come in.
        seed: Of the simulator.
    """
    launches = _launches(seed, authors, rise_ms)
    kept = [post for post in chatter if not communities.isdisjoint(post.communities)]
    posts, events = list(kept), []
    for community in sorted(communities):
        own = [to_ms(post.created_at) for post in kept if community in post.communities]
        for place in PLACES:
            launch, told = next(launches)
            onset_ms = own[int(place * len(own))]
            posts += [_placed(post, community, onset_ms - launch.onset_ms) for post in told]
            events.append(Event(community, onset_ms, launch.pattern, f"{launch.kind} word: {launch.what}"))
    return sorted(posts, key=lambda post: to_ms(post.created_at)), events


def busiest(posts, count) -> set[str]:
    """Returns the communities with most posts; of equal ones the first by name."""
    counts = {}
    for post in posts:
        for community in post.communities:
            counts[community] = counts.get(community, 0) + 1
    return set(sorted(counts, key=lambda name: (-counts[name], name))[:count])


def _launches(seed, authors, rise_ms):
    """Yields launches with their posts, as many as anybody asks for."""
    while True:
        run = Run(
            seed=seed,
            posts_per_hour=0.001,
            launches_per_week=40,
            launch_authors=(authors, authors),
            launch_rise_ms=(rise_ms, rise_ms),
            decoys_per_week=0,
            duration_ms=3 * DAY_MS,
        )
        by_time = [post.created_at for post in run.posts]
        for launch in run.launches:
            if run.is_whole(launch):
                first = bisect_left(by_time, launch.onset_ms)
                yield (
                    launch,
                    [
                        post
                        for post in run.posts[first:]
                        if post.communities == [launch.community]
                        and post.created_at < launch.onset_ms + rise_ms + 3 * 60 * MINUTE_MS
                    ],
                )
        seed += 1


def _placed(post, community, later_ms) -> Post:
    return msgspec.structs.replace(
        post,
        id=f"{post.id}-{community}",
        created_at=post.created_at + later_ms,
        communities=[community],
    )
