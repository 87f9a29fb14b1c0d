import cmath
import csv
import hashlib
import io
import math
import re
import statistics
import subprocess
import sys
import tracemalloc
from collections import Counter, defaultdict
from itertools import islice, pairwise
from pathlib import Path

import msgspec
import pytest

from models.post import Post, encode_post
from models.simulate import TRUTH_COLUMNS, Launch, Simulation, truth_row
from models.vocabularies import VOCABULARIES

START_MS = 1_750_032_000_000  # Monday, 2025-06-16, 00:00 UTC.
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
LAUNCH_MS_MAX = 4 * HOUR_MS

DIGEST = f"""
import hashlib
import itertools
from models.post import encode_post
from models.simulate import Simulation
simulation = Simulation(seed=9, start_ms={START_MS}, launches_per_week=30, first_launch_after_ms=0)
digest = hashlib.sha256()
for simulated in itertools.islice(simulation.posts(), 5_000):
    digest.update(b"%d %s" % (simulated.arrival_ms, encode_post(simulated.post)))
digest.update(repr(simulation.launches_until({START_MS} * 2)).encode())
print(digest.hexdigest())
"""


class Run:
    """A bounded simulation that has been read to its end."""

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


def plain(text: str) -> str:
    return text.lower().replace("#", "")


def own_text(post: Post) -> str:
    return re.sub(r"^RT @\w+: ", "", post.text)


def digest(seed: int) -> str:
    feed = islice(Simulation(seed, START_MS, first_launch_after_ms=0, launches_per_week=30).posts(), 3_000)
    return hashlib.sha256(b"".join(encode_post(simulated.post) for simulated in feed)).hexdigest()


@pytest.fixture(scope="module")
def busy():
    """Five days of all communities with many launches and decoys."""
    arguments = {"posts_per_hour": 30, "launches_per_week": 9, "decoys_per_week": 4}
    return Run(seed=4, duration_ms=5 * DAY_MS, **arguments)


@pytest.fixture(scope="module")
def quiet():
    """Four weeks of two communities in which nothing happens."""
    return Run(seed=6, communities=2, launches_per_week=0, decoys_per_week=0, duration_ms=28 * DAY_MS)


def hourly(run: Run, community: str) -> list[int]:
    hours = Counter((p.created_at - START_MS) // HOUR_MS for p in run.posts if p.communities == [community])
    return [hours[hour] for hour in range(28 * 24)]


# The seed.


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    assert digest(1) == digest(1)
    assert digest(1) != digest(2)


def test_the_bytes_do_not_depend_on_the_hash_seed():
    digests = [
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(Path(__file__).parents[3])},
            check=True,
            capture_output=True,
        ).stdout
        for hash_seed in ("0", "4711")
    ]
    assert digests[0] == digests[1] != b""


# Posts.


def test_every_post_is_one_by_the_contract(busy):
    for simulated in busy.feed:
        wire = encode_post(simulated.post)
        assert msgspec.json.decode(wire, type=Post) == simulated.post
        fields = msgspec.json.decode(wire)
        assert {"id", "text", "created_at", "author", "communities", "lang", "url", "engagement"} <= set(fields)
        assert fields["source"] == "simulated"
        assert "{" not in simulated.post.text
        assert "[" not in simulated.post.text


def test_posts_come_in_the_order_of_arrival_and_never_before_they_were_written(busy):
    assert all(before.arrival_ms <= after.arrival_ms for before, after in pairwise(busy.feed))
    assert all(simulated.arrival_ms > simulated.post.created_at for simulated in busy.feed)


def test_a_few_posts_are_late_and_fewer_too_late(busy):
    first = {simulated.post.id: simulated for simulated in reversed(busy.feed)}.values()
    delays = [simulated.arrival_ms - simulated.post.created_at for simulated in first]
    assert 0.02 < sum(1_000 <= delay <= 5 * MINUTE_MS for delay in delays) / len(delays) < 0.04
    assert 0.001 < sum(delay > 10 * MINUTE_MS for delay in delays) / len(delays) < 0.004
    assert max(delays) <= 20 * MINUTE_MS


def test_a_few_posts_come_twice_and_are_the_same(busy):
    seen = defaultdict(list)
    for simulated in busy.feed:
        seen[simulated.post.id].append(simulated.post)
    twice = [posts for posts in seen.values() if len(posts) > 1]
    assert 0.006 < len(twice) / len(seen) < 0.01
    assert all(posts == [posts[0]] * 2 for posts in twice)


def test_reposts_and_replies_name_an_earlier_post_of_somebody_else(busy):
    by_id = {post.id: post for post in busy.posts}
    reposts = [post for post in busy.posts if post.is_repost]
    replies = [post for post in busy.posts if post.reply_to]
    for post in reposts:
        original = by_id[post.repost_of]
        assert post.text == f"RT @{original.author}: {original.text}"
    for post in (*reposts, *replies):
        original = by_id[post.repost_of or post.reply_to]
        assert original.created_at <= post.created_at
        assert original.author != post.author
    assert 0.08 < len(reposts) / len(busy.posts) < 0.2
    assert 0.1 < len(replies) / len(busy.posts) < 0.2


def test_languages_follow_the_shares_of_their_authors(quiet, busy):
    assert {post.lang for post in quiet.posts} == {"en"}
    for vocabulary in VOCABULARIES:
        langs = Counter(post.lang for post in busy.posts if post.communities == [vocabulary.community])
        for tongue in vocabulary.tongues:
            assert langs[tongue.lang] / langs.total() == pytest.approx(tongue.share, abs=0.12)


def test_authors_follow_zipfs_law(quiet):
    authors = Counter(post.author for post in quiet.posts if post.communities == ["trail-running"])
    assert 200 < len(authors) <= 420
    ranked = [count for _, count in authors.most_common()]
    assert ranked[0] / ranked[99] == pytest.approx(102.7 / 3.7, rel=0.4)


# Volume.


def test_volume_follows_the_day_cycle_of_its_community(quiet):
    for vocabulary in VOCABULARIES[:2]:
        counts = hourly(quiet, vocabulary.community)
        wave = sum(n * cmath.exp(2j * cmath.pi * (h + 0.5) / 24) for h, n in enumerate(counts)) / sum(counts)
        peak_hour = cmath.phase(wave) * 24 / (2 * cmath.pi) % 24
        assert 2 * abs(wave) == pytest.approx(0.6, abs=0.12)
        assert abs((peak_hour - vocabulary.peak_hour + 12) % 24 - 12) < 1


def test_volume_follows_the_week_cycle_of_its_community(quiet):
    for vocabulary in VOCABULARIES[:2]:
        counts = hourly(quiet, vocabulary.community)
        weekend = [n for hour, n in enumerate(counts) if hour // 24 % 7 >= 5]
        assert statistics.mean(weekend) / statistics.mean(counts) == pytest.approx(vocabulary.weekend, abs=0.15)


def test_mean_volume_is_the_one_asked_for(quiet):
    assert len(quiet.posts) / (2 * 28 * 24) == pytest.approx(60, rel=0.1)


def test_volume_is_over_dispersed(quiet):
    counts = hourly(quiet, "trail-running")
    by_hour = [statistics.mean(counts[hour::24]) for hour in range(24)]
    excess = [((n - mean) ** 2 - mean) / mean**2 for n, mean in zip(counts, by_hour * 28, strict=True)]
    assert 1.2 < 1 / statistics.mean(excess) < 3


def test_words_come_in_bursts(quiet):
    posts, hits = Counter(), Counter()
    for post in quiet.posts:
        if post.communities == ["trail-running"] and not post.is_repost:
            hour = (post.created_at - START_MS) // HOUR_MS
            posts[hour] += 1
            hits[hour] += "trail" in post.text.lower().split()
    rate = hits.total() / posts.total()
    excess = sum((hits[h] - rate * n) ** 2 - rate * n for h, n in posts.items())
    assert 1 < sum((rate * n) ** 2 for n in posts.values()) / excess < 4


def test_nothing_new_breaks_out_in_ordinary_chatter(quiet):
    seen, authors = set(), defaultdict(set)
    for post in quiet.posts:
        words = {word for word in re.findall(r"(?<!@)\b\w+", plain(post.text)) if not word.isdigit()}
        if post.created_at < START_MS + 7 * DAY_MS:
            seen |= words
            continue
        for word in words - seen:
            authors[word, post.created_at // HOUR_MS].add(post.author)
    assert max(map(len, authors.values()), default=0) < 6


# Launches.


def test_launches_have_the_stated_authors_who_come_within_an_hour(busy):
    told = [launch for launch in busy.launches if launch.kind == "new" and is_whole(busy, launch)]
    assert len(told) > 30
    for launch in told:
        first = {}
        for post in busy.of(launch):
            first.setdefault(post.author, post.created_at - launch.onset_ms)
        assert len(first) == launch.authors
        assert 8 <= launch.authors <= 60
        assert min(first.values()) == 0
        assert 20 * MINUTE_MS <= max(first.values()) <= HOUR_MS


def is_whole(run: Run, launch: Launch) -> bool:
    return launch.onset_ms + LAUNCH_MS_MAX < run.posts[-1].created_at


def test_uptake_is_s_shaped(busy):
    moments = []
    for launch in busy.launches:
        if launch.kind == "new" and launch.authors >= 20 and is_whole(busy, launch):
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
        if launch.kind == "new" and launch.authors >= 20 and is_whole(busy, launch)
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
    known = [launch for launch in busy.launches if launch.kind == "known" and is_whole(busy, launch)]
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
        if launch.kind == "new" and launch.authors >= 20 and is_whole(busy, launch):
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


def test_launches_come_as_often_as_asked_and_not_before_the_first_may():
    run = Run(seed=2, posts_per_hour=1, duration_ms=28 * DAY_MS, first_launch_after_ms=DAY_MS)
    origins = [launch for launch in run.launches if not launch.hop_from]
    assert len(origins) / (12 * 4) == pytest.approx(3, rel=0.2)
    assert min(launch.onset_ms for launch in (*run.launches, *run.decoys)) >= START_MS + DAY_MS
    assert len(run.decoys) / (12 * 4) == pytest.approx(1, rel=0.4)


def test_truth_is_told_up_to_a_moment_and_in_order(busy):
    middle = busy.launches[len(busy.launches) // 2].onset_ms
    told = busy.simulation.launches_until(middle)
    assert told == tuple(launch for launch in busy.launches if launch.onset_ms <= middle)
    assert all(before.onset_ms <= after.onset_ms for before, after in pairwise(busy.launches))


# Decoys.


def test_decoys_are_one_text_by_dozens_or_one_author_dozens_of_times(busy):
    shapes = Counter()
    for decoy in busy.decoys:
        posts = busy.of(decoy)
        if not is_whole(busy, decoy):
            continue
        assert decoy.kind == "decoy"
        assert len({post.author for post in posts}) == decoy.authors
        assert len(posts) >= 24
        shape = "flood" if decoy.authors == 1 else "reposts" if posts[-1].is_repost else "copies"
        shapes[shape] += 1
        if shape != "flood":
            assert len({own_text(post) for post in posts}) == 1
    assert set(shapes) == {"flood", "reposts", "copies"}


def test_no_file_of_events_holds_a_decoy(busy):
    assert not {decoy.terms for decoy in busy.decoys} & {launch.terms[:1] for launch in busy.launches}
    with pytest.raises(ValueError, match="must not be a decoy"):
        truth_row(busy.decoys[0])


# The file of events.


def test_a_row_survives_csv_and_its_pattern_matches_every_term_and_nothing_else(busy):
    out = io.StringIO()
    writer = csv.DictWriter(out, TRUTH_COLUMNS)
    writer.writeheader()
    writer.writerows(map(truth_row, busy.launches))
    assert out.getvalue().splitlines()[0] == "community,onset_epoch_s,pattern,what"
    for row, launch in zip(csv.DictReader(io.StringIO(out.getvalue())), busy.launches, strict=True):
        assert round(float(row["onset_epoch_s"]) * 1000) == launch.onset_ms
        assert row["community"] == launch.community
        assert all(re.search(row["pattern"], term) for term in launch.terms)
        assert not re.search(row["pattern"], "something else")


# The run.


def test_a_bounded_simulation_ends_before_its_end(busy):
    assert busy.posts[-1].created_at < START_MS + 5 * DAY_MS
    assert busy.posts[-1].created_at > START_MS + 5 * DAY_MS - HOUR_MS
    assert next(busy.simulation.posts(), None) is None


def test_a_second_call_goes_on_where_the_first_stopped():
    whole = list(islice(Simulation(3, START_MS).posts(), 100))
    simulation = Simulation(3, START_MS)
    assert list(islice(simulation.posts(), 60)) + list(islice(simulation.posts(), 40)) == whole


def test_truth_is_not_told_ahead_of_the_posts():
    simulation = Simulation(3, START_MS, launches_per_week=40, first_launch_after_ms=0)
    assert simulation.launches_until(math.inf) == ()
    reached = max(simulated.post.created_at for simulated in islice(simulation.posts(), 5_000))
    told = simulation.launches_until(math.inf)
    assert told
    assert all(launch.onset_ms <= reached + 15 * MINUTE_MS for launch in told)


def test_memory_stays_bounded_however_long_the_feed():
    feed = Simulation(8, START_MS).posts()
    for _ in islice(feed, 20_000):
        pass
    tracemalloc.start()
    try:
        for _ in islice(feed, 80_000):
            pass
        kept, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # A slot of posts, replaced recent ones and word weights; 80,000 posts would be some 100 MB.
    assert kept < 4_000_000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seed", -1),
        ("start_ms", -1),
        ("communities", 0),
        ("communities", 13),
        ("posts_per_hour", 0),
        ("launches_per_week", -1),
        ("launches_per_week", 41),
        ("first_launch_after_ms", -1),
        ("decoys_per_week", 41),
        ("duration_ms", -1),
    ],
)
def test_arguments_out_of_range_are_refused_by_name(name, value):
    with pytest.raises(ValueError, match=name):
        Simulation(**{"seed": 1, "start_ms": START_MS} | {name: value})
