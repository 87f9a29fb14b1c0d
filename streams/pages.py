"""The web pages: what is top of mind in each community, and alerts. Pure: values in, markup out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from models.message import AlertMessage, TrendMessage
from models.wording import counted
from streams.alert_card import alert_card, alert_facts, alert_href, community_href, moment
from streams.markup import NOTHING, Html, fill, join
from streams.redis_store import HOUR_MS, TopOfMind, authors_within

NARRATIVES_SHOWN: Final = 5

_PAGE: Final = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/console.css">
<script src="/static/console.js" type="module"></script>
</head>
<body>
<header class="top">
<a class="brand" href="/"><img src="/static/icon.svg" alt="" width="26" height="26">Undercurrent</a>
<p id="connection" role="status">Reload to see what is new</p>
</header>
{note}
<main>
{body}
</main>
<footer>
<p>All times are in UTC, and say when something was posted, not when it was read.</p>
<p><a href="/api/v1/alerts">Alerts as JSON</a> · <a href="/api/v1/alerts/stream">as they come</a> ·
<a href="/metrics">Metrics</a></p>
</footer>
</body>
</html>
"""

_OVERVIEW: Final = """\
<div id="figures" data-list><p class="figures" data-key="figures" data-version="{version}">{figures}</p></div>
<div class="columns">
<section class="alerts" aria-labelledby="alerts-title">
<h2 id="alerts-title">{alerts_title}{all}</h2>
<div id="alerts" data-list aria-live="polite">{alerts}</div>
</section>
<section class="communities" aria-labelledby="communities-title">
<h2 id="communities-title">Top of mind</h2>
<div id="communities" data-list>{communities}</div>
</section>
</div>
"""

_COMMUNITY: Final = """\
<article class="mind" data-key="community {name}" data-version="{version}">
<h3><a href="{href}">{name}</a></h3>
<p class="since">{since}</p>
<ol>{narratives}</ol>
</article>
"""

_NARRATIVE: Final = """\
<li class="{state}"><span class="about"><bdi>{about}</bdi>{alert}</span>
<span class="count" title="{title}">{authors}</span>
<svg viewBox="0 0 100 2" preserveAspectRatio="none" aria-hidden="true">
<rect width="{width}" height="2"/></svg></li>
"""

_ALERT: Final = """\
<p class="back"><a href="/">All alerts</a></p>
<div id="alert" data-list>{card}</div>
<h2>How it was decided</h2>
<div id="facts" data-list><div data-key="facts" data-version="{revision}">{facts}</div></div>
<p><a href="/api/v1/alerts/{path}">This alert as JSON</a></p>
"""

_PROBLEM: Final = '<h2>{title}</h2>\n<p>{text}</p>\n<p><a href="/">To the overview</a></p>'

_NO_ALERT: Final = Html(
    '<p class="empty" data-key="no alert" data-version="1">No alert yet. What is usual in a community is '
    "learned first: none is alerted in its first three hours.</p>"
)
_NO_COMMUNITY: Final = Html(
    '<p class="empty" data-key="no community" data-version="1">No post yet. Communities appear here with '
    "their first posts.</p>"
)


class Overview(msgspec.Struct, frozen=True):
    """What the first page shows.

    Attributes:
        alerts: Latest message of each alert, the latest first.
        communities: What is top of mind, by community.
        reached_ms: Latest event time of any message, None before the first.
        community: The one community that is shown, None for all.
    """

    alerts: Sequence[AlertMessage]
    communities: Mapping[str, TopOfMind]
    reached_ms: int | None
    community: str | None = None


def overview_page(overview: Overview, note: str = "") -> Html:
    """Return the first page.

    Args:
        overview: What it shows.
        note: A line above all else, such as that the posts are made up.
    """
    title = "Undercurrent" if overview.community is None else f"{overview.community} – Undercurrent"
    return _page(title, overview_body(overview), note)


def overview_body(overview: Overview) -> Html:
    """Return what changes on the first page: all of it but the frame around it."""
    is_one = overview.community is not None
    return fill(
        _OVERVIEW,
        figures=join(_figures(overview), " · "),
        version=f"{overview.reached_ms} {len(overview.communities)} {_open(overview)}",
        alerts_title=f"Alerts in {overview.community}" if is_one else "Alerts",
        all=Html(' <a class="all" href="/">all communities</a>') if is_one else NOTHING,
        alerts=join(map(alert_card, overview.alerts)) or _NO_ALERT,
        communities=join(_community(*item, is_one=is_one) for item in overview.communities.items()) or _NO_COMMUNITY,
    )


def alert_page(message: AlertMessage, note: str = "") -> Html:
    """Return the page of one alert, with all that is known of it."""
    body = fill(
        _ALERT,
        card=alert_card(message, is_open=True),
        facts=alert_facts(message),
        revision=message.revision,
        path=alert_href(message.alert_id).removeprefix("/alerts/"),
    )
    return _page(f"{message.headline} – Undercurrent", body, note)


def problem_page(title: str, text: str) -> Html:
    """Return a page that says what is wrong."""
    return _page(f"{title} – Undercurrent", fill(_PROBLEM, title=title, text=text))


def _page(title: str, body: Html, note: str = "") -> Html:
    shown = fill('<p class="note">{note}</p>', note=note) if note else NOTHING
    return fill(_PAGE, title=title, note=shown, body=body)


def _figures(overview: Overview) -> Iterator[Html]:
    if overview.reached_ms is not None:
        yield fill("Reached {moment}", moment=moment(overview.reached_ms))
    if overview.community is None:
        number = len(overview.communities)
        yield fill("{number} {noun}", number=number, noun="community" if number == 1 else "communities")
    yield fill("{number} open", number=counted(_open(overview), "alert"))


def _open(overview: Overview) -> int:
    return sum(message.type in ("opened", "updated") for message in overview.alerts)


def _community(name: str, top: TopOfMind, *, is_one: bool) -> Html:
    shown = top.narratives if is_one else top.narratives[:NARRATIVES_SHOWN]
    counts = [authors_within(trend, top.length_ms) for trend in shown]
    most = max(counts, default=1)
    narratives = join(_narrative(trend, count, most) for trend, count in zip(shown, counts, strict=True))
    return fill(
        _COMMUNITY,
        name=name,
        href=community_href(name),
        version=f"{top.length_ms} " + " ".join(f"{t.narrative_id}@{t.at_ms}" for t in shown),
        since=_since(top),
        narratives=narratives,
    )


def _since(top: TopOfMind) -> str:
    if not top.narratives:
        return "Nothing in the last 24 hours"
    return "Authors in the last hour" if top.length_ms == HOUR_MS else "Quiet for an hour; authors in the last 24"


def _narrative(trend: TrendMessage, authors: int, most: int) -> Html:
    link = fill(
        ' <a class="alerted" href="{href}" title="See the alert">{state}</a>',
        href=alert_href(trend.alert_id or ""),
        state=trend.state,
    )
    return fill(
        _NARRATIVE,
        state=trend.state,
        about=trend.headline or ", ".join(trend.terms),
        alert=link if trend.alert_id else NOTHING,
        title=counted(authors, "author"),
        authors=authors,
        width=round(100 * authors / max(most, 1), 1),
    )
