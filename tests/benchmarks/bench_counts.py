"""How well unusual counts are told, by the rules of the Numenta Anomaly Benchmark, and on made-up series.

    UNDERCURRENT_DATA=FOLDER python -m tests.benchmarks.bench_counts [--constants]

The folder holds `nab_realtweets/series.jsonl.gz`, one JSON object a line with `community`, `created_at` and `count`,
and `nab_realtweets/windows.json`, the labelled windows by file name. They are the series `realTweets` of
github.com/numenta/NAB (`data/realTweets`, `labels/combined_windows.json`); without the folder only made-up series are
scored. Five series with 16 windows are easily fitted by accident: the rows below the first show what carries over.

best: at the threshold that is best for the pool; left out: each series at the threshold that is best for the others
of its pool; at 0.5: at the score that means once a week. Pools of five are averaged.
"""

import argparse
import gzip
import json
import os
import random
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

import msgspec

from models.counts import DEFAULTS, CountSeries
from tests.support import counts as made_counts
from tests.support.nab import PROFILES, Labelled, Result, judge, scored

SEEDS = range(3)
SHARES = (0.5, 0.2, 0.1)


def read(folder):
    """Return the labelled series of the folder."""
    with gzip.open(folder / "series.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    labels = json.loads((folder / "windows.json").read_text(encoding="utf-8"))
    by_name = defaultdict(list)
    for row in rows:
        by_name[row["community"]].append((to_ms(row["created_at"]), float(row["count"])))
    found = []
    for name, series in by_name.items():
        times_ms, counts = (list(column) for column in zip(*series, strict=True))
        spans = next(spans for file, spans in labels.items() if file.endswith(f"_{name}.csv"))
        inside = [
            [row for row, at_ms in enumerate(times_ms) if to_ms(first) <= at_ms <= to_ms(last)] for first, last in spans
        ]
        found.append(Labelled(name, times_ms, counts, [(rows[0], rows[-1]) for rows in inside]))
    return found


def to_ms(text):
    """Return a time of the data, which is UTC."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def scores_of(series, constants=DEFAULTS):
    """Return the scores of a series, row by row."""
    detector = CountSeries(constants)
    return [detector.score(at_ms, count) for at_ms, count in zip(series.times_ms, series.counts, strict=True)]


class Pools:
    """Series and their scores under some constants; a pool is a list of series that share a threshold."""

    def __init__(self, constants=DEFAULTS):
        self._constants = constants
        self._scores = {}

    def judge(self, pool, profile):
        """Return how a pool is judged."""
        return judge([scored(each, self.scores(each), PROFILES[profile]) for each in pool], PROFILES[profile])

    def mean(self, pools, profile="standard"):
        """Return the means over several pools."""
        return Result(*map(mean, zip(*(self.judge(pool, profile) for pool in pools), strict=True)))

    def scores(self, series):
        """Return a series' scores, computed once."""
        if id(series) not in self._scores:
            self._scores[id(series)] = (series, scores_of(series, self._constants))
        return self._scores[id(series)][1]

    def told_a_week(self, some):
        """Return how many rows a week reach 0.5."""
        told = sum(score >= 0.5 for series in some for score in self.scores(series))
        return told / sum(len(series.counts) for series in some) * 7 * made_counts.DAY_ROWS


def other_brands(pools_of_series, seed, count=60):
    """Return pools of five that are drawn from changed real series: as other brands of the same source might be."""
    chance = random.Random(seed)
    every = [series for pool in pools_of_series for series in pool]
    return [[chance.choice(every) for _ in range(5)] for _ in range(count)]


def show(what, result, extra=""):
    """Print one line of the table."""
    print(
        f"{what:44} {result.best:5.1f} {result.left_out:9.1f} {result.at_half:7.1f} {result.threshold:10.3f}  {extra}"
    )


def variants():
    """Yield each constant halved and doubled."""
    for name in DEFAULTS.__struct_fields__:
        value = getattr(DEFAULTS, name)
        for factor in (0.5, 2.0):
            if name == "windows_ms":
                lengths = value[: len(value) - 1] if factor < 1 else (*value, 2 * value[-1])
                yield f"longest window x {factor:g}", {name: lengths}
            elif name == "margin":
                yield f"margin - 1 x {factor:g}", {name: 1 + (value - 1) * factor}
            elif isinstance(value, tuple):
                yield f"{name} x {factor:g}", {name: tuple(int(each * factor) for each in value)}
            elif isinstance(value, (int, float)):
                yield f"{name} x {factor:g}", {name: type(value)(value * factor)}
            else:
                for part in value.__struct_fields__:
                    changed = msgspec.structs.replace(value, **{part: getattr(value, part) * factor})
                    yield f"{name}.{part} x {factor:g}", {name: changed}


def main():
    """Print the table, or what of it needs no data."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--constants", action="store_true", help="each constant halved and doubled, too")
    given = options.parse_args()
    folder = os.environ.get("UNDERCURRENT_DATA")
    made = [made_counts.made(kind, seed) for kind in made_counts.KINDS for seed in SEEDS]
    quiet = [made_counts.made(kind, seed, bursts=0) for kind in made_counts.KINDS for seed in SEEDS]
    brands = [made_counts.brand(seed) for seed in range(40)]
    pools = Pools()
    print(f"{'':44} {'best':>5} {'left out':>9} {'at 0.5':>7} {'threshold':>10}")
    real, real_pools, fifths = [], [], []
    if folder:
        real = read(Path(folder) / "nab_realtweets")
        started = time.process_time()
        for profile in PROFILES:
            show(f"NAB, {len(real)} series, {profile}", pools.mean([real], profile))
        rows = sum(len(series.counts) for series in real)
        seconds = time.process_time() - started
        for share in SHARES:
            thin = [[made_counts.thinned(series, share, seed) for series in real] for seed in SEEDS]
            show(f"NAB, thinned to {share:g}", pools.mean(thin))
            real_pools += thin
            fifths = thin if share == 0.2 else fifths
        mixed = [[made_counts.shuffled(series, seed) for series in real] for seed in range(4)]
        show("NAB, weeks in another order", pools.mean(mixed))
        every = [[made_counts.thinned(series, 0.3, seed) for series in pool] for seed, pool in enumerate(mixed)]
        show("NAB, both: thinned to 0.3", pools.mean(every))
        show("NAB, five drawn from all of these", pools.mean(other_brands([real, *real_pools, *mixed, *every], 7)))
        print(f"{rows / seconds:,.0f} rows a CPU second")
    else:
        print("UNDERCURRENT_DATA is not set: it names the folder with the real series, which are not in here")
    by_five = [brands[start : start + 5] for start in range(0, len(brands), 5)]
    week = f"{pools.told_a_week(quiet):.2f} told a week at 0.5 where there is no burst"
    show("made: 84 bursts in seven kinds of chatter", pools.mean([made]), week)
    for kind in made_counts.KINDS:
        some = [series for series in made if series.name == kind]
        still = [series for series in quiet if series.name == kind]
        show(f"  {kind}", pools.mean([some]), f"{pools.told_a_week(still):.2f}")
    show("made: 40 brands, the largest bursts labelled", pools.mean(by_five))
    for what, changed in variants() if given.constants else ():
        other = Pools(msgspec.structs.replace(DEFAULTS, **changed))
        means = [("five", other.mean([real])), ("1/5", other.mean(fifths))] if real else []
        means += [("made", other.mean([made])), ("brands", other.mean(by_five))]
        print(
            f"{what:44}",
            "  ".join(f"{name} {m.best:.1f} {m.left_out:.1f} {m.at_half:.1f}" for name, m in means),
            flush=True,
        )


if __name__ == "__main__":
    main()
