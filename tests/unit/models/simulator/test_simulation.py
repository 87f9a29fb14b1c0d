import hashlib
import math
import subprocess
import sys
import tracemalloc
from itertools import islice, pairwise

import pytest

from models.post import encode_post
from models.simulator import Simulation
from tests.support.simulated import DAY_MS, HOUR_MS, MINUTE_MS, START_MS, Run
from tests.support.source import ROOT

DIGEST = f"""
import hashlib
import itertools
from models.post import encode_post
from models.simulator import Simulation
simulation = Simulation(seed=9, start_ms={START_MS}, launches_per_week=30, first_launch_after_ms=0)
digest = hashlib.sha256()
for simulated in itertools.islice(simulation.posts(), 5_000):
    digest.update(b"%d %s" % (simulated.arrival_ms, encode_post(simulated.post)))
digest.update(repr(simulation.launches_until({START_MS} * 2)).encode())
print(digest.hexdigest())
"""


def digest(seed: int) -> str:
    feed = islice(Simulation(seed, START_MS, first_launch_after_ms=0, launches_per_week=30).posts(), 3_000)
    return hashlib.sha256(b"".join(encode_post(simulated.post) for simulated in feed)).hexdigest()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    assert digest(1) == digest(1)
    assert digest(1) != digest(2)


def test_the_bytes_do_not_depend_on_the_hash_seed():
    digests = [
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
        ).stdout
        for hash_seed in ("0", "4711")
    ]
    assert digests[0] == digests[1] != b""


def test_mean_volume_is_the_one_asked_for(quiet):
    assert len(quiet.posts) / (2 * 28 * 24) == pytest.approx(60, rel=0.1)


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


def test_truth_is_not_told_ahead_of_the_posts():
    simulation = Simulation(3, START_MS, launches_per_week=40, first_launch_after_ms=0)
    assert simulation.launches_until(math.inf) == ()
    reached = max(simulated.post.created_at for simulated in islice(simulation.posts(), 5_000))
    told = simulation.launches_until(math.inf)
    assert told
    assert all(launch.onset_ms <= reached + 15 * MINUTE_MS for launch in told)


def test_a_bounded_simulation_ends_before_its_end(busy):
    assert busy.posts[-1].created_at < START_MS + 5 * DAY_MS
    assert busy.posts[-1].created_at > START_MS + 5 * DAY_MS - HOUR_MS
    assert next(busy.simulation.posts(), None) is None


def test_a_second_call_goes_on_where_the_first_stopped():
    whole = list(islice(Simulation(3, START_MS).posts(), 100))
    simulation = Simulation(3, START_MS)
    assert list(islice(simulation.posts(), 60)) + list(islice(simulation.posts(), 40)) == whole


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
        ("launch_authors", (1, 8)),
        ("launch_authors", (9, 8)),
        ("launch_rise_ms", (60_000, 3_600_001)),
        ("first_launch_after_ms", -1),
        ("decoys_per_week", 41),
        ("duration_ms", -1),
    ],
)
def test_arguments_out_of_range_are_refused_by_name(name, value):
    with pytest.raises(ValueError, match=name):
        Simulation(**{"seed": 1, "start_ms": START_MS} | {name: value})
