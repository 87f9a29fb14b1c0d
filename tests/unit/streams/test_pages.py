from html.parser import HTMLParser

from streams.pages import Overview, alert_page, overview_page, problem_page
from streams.redis_store import DAY_MS, HOUR_MS, TopOfMind
from tests.support.messages import NOON_MS, make_alert, make_trend

VOID = {"meta", "link", "img", "rect"}


class Checker(HTMLParser):
    """Finds tags that are not closed in their order, inline scripts and styles, and what comes from elsewhere."""

    def __init__(self):
        super().__init__()
        self.open = []
        self.problems = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.problems.append(f"{tag} has {name}")
            if name in {"src", "href"} and tag in {"script", "link", "img"} and not value.startswith("/static/"):
                self.problems.append(f"{tag} comes from {value}")

    def handle_endtag(self, tag):
        if tag not in VOID and self.open.pop() != tag:
            self.problems.append(f"{tag} is closed out of order")

    def handle_data(self, data):
        if self.open and self.open[-1] in {"script", "style"} and data.strip():
            self.problems.append("there is code in the page")


def problems_of(page):
    """Returns what is wrong with a page."""
    checker = Checker()
    checker.feed(page)
    checker.close()
    return checker.problems + [f"{tag} stays open" for tag in checker.open]


def make_overview(**changes):
    alerts = [make_alert("a", 2), make_alert("b", type="resolved")]
    trends = [make_trend("n1", hour=8, state="rising", alert_id="a"), make_trend("n2", hour=2, headline="")]
    communities = {"islanders": TopOfMind(HOUR_MS, trends), "silent": TopOfMind(DAY_MS, [])}
    parts = {"alerts": alerts, "communities": communities, "reached_ms": NOON_MS}
    return Overview(**{**parts, **changes})


def test_pages_are_whole_and_load_nothing_from_elsewhere():
    empty = Overview(alerts=[], communities={}, reached_ms=None)
    for page in (
        overview_page(make_overview(), "These posts are made up."),
        overview_page(empty),
        alert_page(make_alert()),
        problem_page("Not found", "There is no such alert."),
    ):
        assert problems_of(page) == []


def test_the_checker_of_pages_sees_problems():
    assert problems_of('<p onclick="x"><script>1</script><b></p>') != []


def test_the_overview_counts_what_is_open():
    page = overview_page(make_overview())
    assert "2 communities · 1 alert open" in page


def test_a_community_lists_its_narratives_by_authors():
    page = overview_page(make_overview())
    assert "Authors in the last hour" in page
    assert page.index(">8</span>") < page.index(">2</span>")
    assert '<a class="alerted" href="/alerts/a" title="See the alert">rising</a>' in page


def test_a_narrative_without_a_headline_shows_its_terms():
    assert "ferry, tornavik, timetable" in overview_page(make_overview())


def test_a_quiet_community_says_so():
    quiet = TopOfMind(DAY_MS, [make_trend(hour=0, day=4)])
    page = overview_page(make_overview(communities={"islanders": quiet}))
    assert "Quiet for an hour; authors in the last 24" in page
    assert ">4</span>" in page
    assert "Nothing in the last 24 hours" in overview_page(make_overview())


def test_the_overview_shows_a_few_narratives_and_the_page_of_a_community_all():
    trends = [make_trend(f"n{number}", headline=f"story number {number}") for number in range(8)]
    communities = {"islanders": TopOfMind(HOUR_MS, trends)}
    assert overview_page(make_overview(communities=communities)).count("story number") == 5
    page = overview_page(make_overview(communities=communities, community="islanders"))
    assert page.count("story number") == 8
    assert "Alerts in islanders" in page


def test_an_empty_page_says_what_to_expect():
    page = overview_page(Overview(alerts=[], communities={}, reached_ms=None))
    assert "No alert yet." in page
    assert "No post yet." in page
    assert "Reached" not in page


def test_an_unchanged_part_keeps_its_version_and_a_changed_one_does_not():
    part = 'data-key="community islanders" data-version="'

    def version(trend):
        page = overview_page(make_overview(communities={"islanders": TopOfMind(HOUR_MS, [trend])}))
        return page.partition(part)[2].partition('"')[0]

    assert version(make_trend()) == version(make_trend())
    assert version(make_trend()) != version(make_trend(at_ms=NOON_MS + 1))


def test_community_names_are_text():
    page = overview_page(make_overview(communities={"<i>x</i>": TopOfMind(HOUR_MS, [make_trend()])}))
    assert "<i>" not in page
    assert "/?community=%3Ci%3Ex%3C%2Fi%3E" in page
