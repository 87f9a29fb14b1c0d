"""Narratives that are told of while a clusterer does as it is told."""

from models.lineage import LineageEvent
from models.mentions import DAY_MS
from models.narratives import Narratives
from tests.support.chatter import COMMUNITY, HOUR_MS, MINUTE_MS, NOON_MS, make_mention

LENGTHS_MS = (5 * MINUTE_MS, HOUR_MS, DAY_MS)


class ScriptedClusterer:
    """A clusterer that does as it is told: the first term of a post is the number of its micro-cluster."""

    def __init__(self):
        self.merged = {}
        self.events = []

    def assign(self, terms, event_time_ms, key):  # noqa: ARG002
        return int(terms[0]) if terms else -1

    def resolve(self, micro_cluster_id):
        return self.merged.get(micro_cluster_id, micro_cluster_id)

    def drain_lineage(self):
        events, self.events = self.events, []
        return events

    def leading_terms(self, micro_cluster_id, count):
        return [(f"term{number}-of-{micro_cluster_id}", 0.1) for number in range(count)]

    def merge(self, micro_cluster_id, into, at_ms):
        self.merged[micro_cluster_id] = into
        self.events.append(LineageEvent("merged", micro_cluster_id, into, at_ms))

    def split(self, micro_cluster_id, split_from, at_ms):
        self.events.append(LineageEvent("split", micro_cluster_id, None, at_ms, split_from))

    def fade(self, micro_cluster_id, at_ms):
        self.events.append(LineageEvent("faded", micro_cluster_id, None, at_ms))


class Town:
    """Narratives, with time that is advanced point by point."""

    def __init__(self, clusterer=None, life=0):
        self.clusterer = clusterer or ScriptedClusterer()
        self.narratives = Narratives(COMMUNITY, self.clusterer, LENGTHS_MS, life)
        self.posts = 0
        self.taken_back = set()

    def is_held(self, term):
        return term not in self.taken_back

    def post(self, cluster, at_ms, author=None, **changes):
        """Returns what is told up to a post and with it."""
        return self.say([str(cluster)], at_ms, author, **changes)

    def say(self, terms, at_ms, author=None, **changes):
        """Returns the same of a post with these terms."""
        messages = self.pass_time(at_ms)
        self.posts += 1
        narrative = self.narratives.assign(terms, at_ms, f"4/test/p{self.posts}")
        author = author or f"author{self.posts}"
        mention = make_mention(self.posts, at_ms=at_ms, author=author, narrative=narrative, **changes)
        self.narratives.touch(mention, at_ms)
        return messages + self.narratives.follow_lineage(at_ms)

    def pass_time(self, until_ms):
        messages = []
        while (due_ms := self.narratives.next_due_ms) is not None and due_ms <= until_ms:
            messages += self.narratives.advance(
                due_ms, lambda _: None, lambda length_ms: 2 * length_ms / HOUR_MS, lambda _: 0.25, self.is_held
            )
        return messages


def posts_of(town, cluster, count, at_ms=NOON_MS):
    return [message for number in range(count) for message in town.post(cluster, at_ms + number)]
