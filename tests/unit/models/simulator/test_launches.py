import math
import re
import statistics
from collections import Counter

from tests.support.simulated import DAY_MS, HOUR_MS, LAUNCH_MS_MAX, MINUTE_MS, Run, own_text, plain


def test_launches_have_the_stated_authors_who_come_within_an_hour(busy):
    told = [launch for launch in busy.launches if launch.kind == "new" and busy.is_whole(launch)]
    assert len(told) > 30
    for launch in told:
        first = {}
        for post in busy.of(launch):
            first.setdefault(post.author, post.created_at - launch.onset_ms)
        assert len(first) == launch.authors
        assert 8 <= launch.authors <= 60
        assert min(first.values()) == 0
        assert 20 * MINUTE_MS <= max(first.values()) <= HOUR_MS


def test_uptake_is_s_shaped(busy):
    moments = []
    for launch in busy.launches:
        if launch.kind == "new" and launch.authors >= 20 and busy.is_whole(launch):
            first = {}
            for post in busy.of(launch):
                first.setdefault(post.author, post.created_at - launch.onset_ms)
            moments += [moment / max(first.values()) for moment in first.values()]
    thirds = Counter(min(2, int(3 * moment)) for moment in moments)
    assert thirds[1] > 1.5 * thirds[0]
    assert thirds[1] > 1.5 * thirds[2]


def test_launches_fade_for_an_hour_to_three(busy):
    lengths = [
        max(post.created_at for post in busy.of(launch)) - launch.onset_ms
        for launch in busy.launches
        if launch.kind == "new" and launch.authors >= 20 and busy.is_whole(launch)
    ]
    assert all(length < LAUNCH_MS_MAX for length in lengths)
    assert statistics.median(lengths) > 75 * MINUTE_MS


def test_new_words_do_not_occur_before_the_onset(busy):
    onsets = {}
    for launch in busy.launches:
        if launch.kind == "new":
            for term in launch.terms:
                onsets[term] = min(launch.onset_ms, onsets.get(term, math.inf))
                onsets[term, launch.community] = launch.onset_ms
    for post in busy.posts:
        for word in set(re.findall(r"\w+", plain(post.text))) & onsets.keys():
            assert post.created_at >= onsets[word]
            assert post.created_at >= onsets[word, post.communities[0]]


def test_a_name_is_the_story_of_one_launch_only(busy):
    names = [launch.terms for launch in busy.launches if launch.kind == "new" and not launch.hop_from]
    assert len(set(names)) == len(names)


def test_known_words_are_common_before_and_rise(busy):
    known = [launch for launch in busy.launches if launch.kind == "known" and busy.is_whole(launch)]
    assert len(known) > 10
    for launch in known:
        said = [
            post.created_at < launch.onset_ms
            for post in busy.posts
            if post.communities == [launch.community] and launch.terms[0] in plain(post.text)
        ]
        assert any(said)
        together = {
            post.author
            for post in busy.of(launch)
            if all(re.search(rf"\b{term}\b", plain(post.text)) for term in launch.terms)
        }
        assert len(together) >= launch.authors / 2


def test_launches_are_told_in_varied_words(busy):
    for launch in busy.launches:
        if launch.kind == "new" and launch.authors >= 20 and busy.is_whole(launch):
            told = busy.of(launch)
            assert len({own_text(post) for post in told}) > len(told) / 3
            assert 0.1 < sum(post.is_repost for post in told) / len(told) < 0.6


def test_some_launches_hop_to_a_second_community_within_the_hour(busy):
    hops = [launch for launch in busy.launches if launch.hop_from]
    assert hops
    for hop in hops:
        [origin] = [
            launch for launch in busy.launches if launch.terms == hop.terms and launch.community == hop.hop_from
        ]
        assert 20 * MINUTE_MS <= hop.onset_ms - origin.onset_ms <= HOUR_MS
        assert hop.community != origin.community


def test_launches_are_as_large_and_as_fast_as_asked():
    run = Run(
        seed=5, launches_per_week=40, launch_authors=(4, 4), launch_rise_ms=(600_000, 600_000), duration_ms=2 * DAY_MS
    )
    told = [launch for launch in run.launches if launch.kind == "new" and run.is_whole(launch)]
    assert len(told) > 10
    for launch in told:
        first = {}
        for post in run.of(launch):
            first.setdefault(post.author, post.created_at - launch.onset_ms)
        assert launch.authors == len(first) == 4
        assert abs(max(first.values()) - 10 * MINUTE_MS) <= 1
