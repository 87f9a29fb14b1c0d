"""Saved state against an adversary, with the real partition of the track stage.

It is exact, messages and state; with any of its rules weakened the same adversary must be seen to win.
"""

from collections import Counter

import msgspec
import pytest

import models.partition
import models.track
from tests.support.restarts import FULL_RULES, Diary, World, read_undisturbed


@pytest.fixture(autouse=True)
def _diaries(monkeypatch):
    monkeypatch.setattr(models.track, "CommunityTracker", Diary)
    monkeypatch.setattr(models.partition, "CommunityTracker", Diary)


def outcome(world):
    """Returns ``exact``, or what is wrong first: ``contradicted``, ``lost``, ``invented``, ``state`` or ``header``."""
    track, said = read_undisturbed(world.log)
    if world.contradictions:
        return "contradicted"
    for identity, content in said:
        if identity not in world.said:
            return "lost"
        if world.said[identity] != content:
            return "contradicted"
    if len(world.said) > len(said):
        return "invented"
    expected = {diary.community: diary.snapshot() for diary in track.trackers}
    found = {diary.community: diary.snapshot() for diary in world.last.trackers}
    if any(expected.get(community) != state for community, state in found.items()):
        return "state"
    same = msgspec.json.encode(track.header) == msgspec.json.encode(world.last.header)
    return "exact" if same else "header"


@pytest.mark.parametrize("seeds", [range(start, start + 100) for start in range(0, 1000, 100)], ids=str)
def test_whoever_crashes_and_whoever_writes_last_messages_and_states_are_those_of_one_reading(seeds):
    for seed in seeds:
        assert outcome(World(seed)) == "exact", f"seed {seed}"


def test_the_adversary_makes_communities_be_given_up_come_back_and_be_silent():
    worlds = [World(seed) for seed in range(20)]
    assert sum(world.restarts for world in worlds) > 200
    assert sum(world.silent for world in worlds) > 200
    lives = Counter(identity[:2] for world in worlds for identity in world.said)
    assert len(lives) > 20 * len({community for community, _ in lives})


@pytest.mark.parametrize(
    ("rule", "harm"),
    [
        ("outputs_first", "lost"),
        ("older_records", "contradicted"),
        ("first_unsaved", "contradicted"),
        ("silence", "invented"),
        ("a_key_a_life", "lost"),
    ],
)
def test_with_a_rule_weakened_messages_are_lost_invented_or_contradict_one_another(rule, harm):
    assert rule.replace("_", " ") in FULL_RULES
    outcomes = Counter(outcome(World(seed, **{rule: False})) for seed in range(60))
    assert outcomes[harm] > 2, outcomes
