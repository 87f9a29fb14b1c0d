"""What detection finds, how early, and how often it is wrong, with default settings.

    UNDERCURRENT_DATA=FOLDER python -m tests.benchmarks.bench_detection [PART ...] [--seeds N] [--long]
        [--against CHECKOUT]

Parts on real posts (`launches`, `crises`, `stocks`, `injected`, `cost`) need the folder of data sets, and say so where
it is not named; `null`, `planted` and `simulated` make their own. Lines end with what is asked, and `ok` or `MISS`.
`--long` asks the null stream for 1,000 words over six weeks, instead of 300 over two. `--against` measures the speed of
another checkout, set up by `make setup`, in turns with this one.

On 2 cores that do nothing else all parts take about 40 minutes, and half an hour of that the null stream's ten seeds;
`--long` takes some four hours a seed.
"""

import argparse
import gzip
import os
import re
import subprocess
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import fmean

from models.budget import find_bar
from models.configuration import ALERTS_PER_WEEK, CoreSettings, DetectionSettings
from models.message import AlertMessage
from models.post import Post, decode_message, encode_post, to_ms
from models.scoring import BarInputs
from models.simulator import Simulation
from streams.pipeline import Pipeline
from tests.support.event_scoring import DAY_MS, Event, judge, read_events
from tests.support.injected import busiest, inject
from tests.support.null_stream import PER_HOUR, START_MS, WORDS, null_stream, planted, told_by_counts

BUDGETS = tuple(ALERTS_PER_WEEK)
NEED_DATA = ("launches", "crises", "stocks", "injected", "cost")
SIZES = (4, 8, 16, 32)
SEEDS_SIMULATED = (1, 2, 3)
WEEK_HOURS = 168


def read_posts(path) -> list[Post]:
    """Return the posts of an archive."""
    with gzip.open(path) as lines:
        return [post for line in lines for _, post in decode_message(line) if isinstance(post, Post)]


def alerts_of(posts, budget="balanced") -> list[AlertMessage]:
    """Return the alert messages that posts give."""
    alerts = []

    def take(message):
        if isinstance(message, AlertMessage):
            alerts.append(message)

    settings = CoreSettings(detection=DetectionSettings(budget=budget))
    pipeline = Pipeline(settings, on_message=take, on_dead_letter=lambda _: None)
    for post in posts:
        pipeline.feed(encode_post(post), None)
    pipeline.finish()
    return alerts


def say(what, value, asked="", ok=None):
    """Print one line of the result."""
    verdict = "" if ok is None else "ok" if ok else "MISS"
    print(f"  {what:<34} {value:<52} {asked:<24} {verdict}".rstrip(), flush=True)


def judge_archive(folder, budget):
    """Return what a replay's alerts found of the events of an archive."""
    posts = read_posts(folder / "posts.jsonl.gz")
    return judge(alerts_of(posts, budget), read_events(folder / "events.csv"), posts)


def launches(pool, root, _given):
    """Coordinated launches of real accounts, and the curve over the budgets."""
    own = {budget: pool.submit(judge_archive, root / "ira_trolls", budget) for budget in BUDGETS}
    found = own["balanced"].result()
    say("recall", f"{found.recall:.3f} ({found.caught} of {found.events})", "at least .97", found.recall >= 0.97)
    chance = found.by_chance / found.events
    say("recall by chance", f"{chance:.3f}", "at most .05", chance <= 0.05)
    late = found.from_enough
    say("delay from the fifth author", str(late), "median <= 0, p90 <= 5", late.median <= 0 and late.p90 <= 5)
    say("alerts a day, worst community", f"{found.worst:.2f}", "at most 1.5", found.worst <= 1.5)
    say("messages an alert", f"{found.messages_an_alert:.2f}", "at most 6", found.messages_an_alert <= 6)
    for event in found.missed:
        say("missed", f"{event.community}: {event.what}"[:52])
    for budget in BUDGETS:
        own_found = own[budget].result()
        say(
            f"at {budget}",
            f"recall {own_found.recall:.3f}, {own_found.from_enough}",
            f"{own_found.alerts} alerts, {own_found.worst:.2f} a day",
        )


def crises(pool, root, _given):
    """Dated turns of three crises, of which posts name no authors."""
    found = pool.submit(judge_archive, root / "crisislex_t6", "balanced").result()
    say("turns found", f"{found.caught} of {found.events}", "all", not found.missed)
    for event in found.missed:
        say("missed", event.what)
    latest = found.from_enough.worst
    say("from five posts", str(found.from_enough), "worst <= 15", latest is not None and latest <= 15)
    for community, rate in found.alerts_a_day.items():
        say("alerts a day", f"{rate:.1f} in {community}", "at most 4", rate <= 4)


def stocks_alerts(root):
    """Return the alerts of the tickers."""
    return alerts_of(read_posts(root / "stocknet/posts.jsonl.gz"))


def on_day(alerts, ticker, day_ms):
    """Return the alerts of a community that opened or went on on a day."""
    return [alert for alert in alerts if alert.community == ticker and 0 <= alert.at_ms - day_ms < DAY_MS]


def stocks(pool, root, _given):
    """Two days of news, and a text that was reposted 500 times."""
    alerts = pool.submit(stocks_alerts, root).result()
    for ticker, day, day_ms in (("AAPL", "2014-09-09", 1_410_220_800_000), ("BABA", "2014-09-19", 1_411_084_800_000)):
        told = [alert for alert in on_day(alerts, ticker, day_ms) if alert.type == "opened"]
        words = ", ".join(f"{alert.terms[0]} ({alert.severity})" for alert in told)
        say(f"{ticker} {day}", f"{len(told)} alerts: {words}"[:52], "alerted", bool(told))
    trap = {"FB", "GOOG", "AMZN"}
    for ticker in sorted(trap):
        told = on_day(alerts, ticker, 1_400_630_400_000)
        others = trap - {ticker}
        is_marked = all(
            alert.severity <= 2 and alert.evidence.copy_share >= 0.5 and others <= alert.evidence.shared_posts.keys()
            for alert in told
        )
        say(f"{ticker} 2014-05-21", f"{len({alert.alert_id for alert in told})} alerts", "none, or marked", is_marked)


def judge_injected(root, name, authors, seed):
    """Return what was found of launches of one size in real chatter."""
    chatter = read_posts(root / name / "posts.jsonl.gz")
    chatter.sort(key=lambda post: to_ms(post.created_at))
    posts, events = inject(chatter, busiest(chatter, 12), authors=authors, seed=seed)
    return judge(alerts_of(posts), events, posts)


def injected(pool, root, _given):
    """Launches of the simulator, placed in chatter of tickers and of subreddits."""
    runs = {
        (size, name): [pool.submit(judge_injected, root, name, size, seed) for seed in SEEDS_SIMULATED]
        for size in SIZES
        for name in ("stocknet", "reddit_top")
    }
    for (size, name), results in runs.items():
        found = [own.result() for own in results]
        caught, events = sum(own.caught for own in found), sum(own.events for own in found)
        is_asked = size >= 8
        say(
            f"{size} authors in 10 min, {name}",
            f"{caught / events:.3f} ({caught} of {events}); from onset {found[0].from_onset}",
            "at least .95" if is_asked else "",
            caught / events >= 0.95 if is_asked else None,
        )


def count_null(seed, budget, words, hours):
    """Return how many alerts each week of a null stream opens."""
    alerts = alerts_of(null_stream(seed, words=words, hours=hours), budget)
    weeks = Counter((alert.at_ms - START_MS) // (7 * DAY_MS) for alert in alerts if alert.type == "opened")
    return [weeks[week] for week in range(hours // WEEK_HOURS)]


def null(pool, _root, given):
    """Over-dispersed chatter in which nothing happens: each alert is false."""
    words, hours = (1_000, 6 * WEEK_HOURS) if given.long else (WORDS, 2 * WEEK_HOURS)
    runs = {
        budget: [pool.submit(count_null, seed, budget, words, hours) for seed in range(given.seeds)]
        for budget in BUDGETS
    }
    for budget, results in runs.items():
        weeks = [own.result() for own in results]
        by_week = " ".join(f"{fmean(column):.1f}" for column in zip(*weeks, strict=True))
        mean, asked = fmean(map(fmean, weeks)), ALERTS_PER_WEEK[budget]
        say(
            f"{budget}, {len(weeks)} seeds",
            f"{mean:.2f} alerts a week; week by week {by_week}",
            f"at most {asked:g}",
            mean <= asked,
        )


def judge_planted(seed):
    """Return what was found of launches planted in a null stream, and all of them."""
    told, events = planted(seed)
    posts = sorted([*null_stream(seed), *told], key=lambda post: post.created_at)
    return judge(alerts_of(posts), events, posts)


def planted_part(pool, _root, given):
    """Forty launches of 14 to 30 authors in 20 minutes, half of them of words that the stream has."""
    found = [own.result() for own in [pool.submit(judge_planted, seed) for seed in range(given.seeds)]]
    caught = fmean(own.caught for own in found)
    missed = Counter(event.what for own in found for event in own.missed)
    say("caught of 40", f"{caught:.1f}; {' '.join(str(own.caught) for own in found)}", "at least 36", caught >= 36)
    for what, count in missed.items():
        say(f"missed, {what}", f"{count / len(found):.1f} of 20")
    bar = find_bar(BarInputs(PER_HOUR * WORDS * WEEK_HOURS, 0.0, None), ALERTS_PER_WEEK["balanced"]).value
    say("known words that counts can tell", f"{20 * told_by_counts(bar):.1f} of 20 at a bar of {bar:.2f}")
    say("alerts beside", f"{fmean(own.alerts - own.caught for own in found):.1f} in two weeks")


def judge_simulated(seed):
    """Return what was found of the simulator's own launches in a week, by kind."""
    simulation = Simulation(seed, START_MS, launches_per_week=10, duration_ms=7 * DAY_MS)
    posts = list({simulated.post.id: simulated.post for simulated in simulation.posts()}.values())
    last_ms = START_MS + 7 * DAY_MS - 2 * 3_600_000
    whole = [launch for launch in simulation.launches_until(last_ms) if launch.onset_ms < last_ms]
    alerts = alerts_of(posts)
    posts.sort(key=lambda post: post.created_at)
    return [
        judge(
            alerts,
            [Event(own.community, own.onset_ms, own.pattern, own.what) for own in whole if own.kind == kind],
            posts,
        )
        for kind in ("new", "known")
    ]


def simulated(pool, _root, _given):
    """The simulator's launches in the simulator's chatter: a week of twelve communities."""
    runs = [pool.submit(judge_simulated, seed) for seed in SEEDS_SIMULATED]
    for kind, found in zip(
        ("new words", "known words"), zip(*(run.result() for run in runs), strict=True), strict=True
    ):
        caught, events = sum(own.caught for own in found), sum(own.events for own in found)
        say(kind, f"{caught / events:.3f} ({caught} of {events}); from the fifth author {found[0].from_enough}")


def posts_per_second(checkout, path) -> float:
    """Return the speed of a checkout's `replay`."""
    command = [str(checkout / ".venv/bin/undercurrent"), "replay", str(path), "--alerts", os.devnull, "--stats"]
    said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=checkout).stderr
    return float(re.search(r"^posts/s\s+([\d,]+)", said, re.MULTILINE)[1].replace(",", ""))


def cost(_pool, root, given):
    """Posts a second of `replay`, in turns with the other checkout's where there is one."""
    here = Path(__file__).resolve().parents[2]
    checkouts = {"here": here} | ({"there": given.against} if given.against else {})
    speeds = {name: [] for name in checkouts}
    for _ in range(3):
        for name, checkout in checkouts.items():
            speeds[name].append(posts_per_second(checkout, root / "ira_trolls/posts.jsonl.gz"))
    for name, own in speeds.items():
        say(f"posts/s, {name}", f"{max(own):,.0f} at best; {' '.join(f'{speed:,.0f}' for speed in own)}")


PARTS = {
    "launches": launches,
    "null": null,
    "planted": planted_part,
    "crises": crises,
    "stocks": stocks,
    "injected": injected,
    "simulated": simulated,
    "cost": cost,
}


def main():
    """Print what was asked for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="PART", help=", ".join(PARTS))
    options.add_argument("--seeds", type=int, default=10, help="of the null stream, with launches or without")
    options.add_argument("--long", action="store_true", help="the null stream of 1,000 words over six weeks")
    options.add_argument("--against", type=Path, help="another checkout, to compare the speed with")
    given = options.parse_args()
    if given.seeds < 1:
        options.error(f"--seeds is {given.seeds}; expected at least 1")
    root = os.environ.get("UNDERCURRENT_DATA")
    with ProcessPoolExecutor() as pool:
        for name in given.parts or PARTS:
            print(f"{name}: {PARTS[name].__doc__}", flush=True)
            if name in NEED_DATA and not root:
                print("  left out: UNDERCURRENT_DATA is not set; it names the folder of data sets.")
            else:
                PARTS[name](pool, Path(root or "."), given)


if __name__ == "__main__":
    sys.exit(main())
