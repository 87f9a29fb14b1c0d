import msgspec
import pytest

from models.configuration import ALERTS_PER_WEEK, CommunityRule, CoreSettings, DetectionSettings, TimeSettings


def read(**fields):
    """Returns the settings as the shell reads them."""
    return msgspec.convert(fields, CoreSettings)


def test_the_defaults_are_those_of_the_design():
    settings = read()
    assert settings == CoreSettings()
    assert settings.detection == DetectionSettings(budget="balanced", clusterer="undercurrent")
    assert settings.time.disorder_ms == 500
    assert settings.time.allowed_lateness_ms == 600_000
    assert settings.time.windows_s == [300, 3_600, 21_600, 86_400]
    assert ALERTS_PER_WEEK == {"fewer": 1, "balanced": 3, "more": 10}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"catch_al": ""}, "unknown field `catch_al`"),
        ({"detection": {"budgets": "more"}}, "unknown field `budgets`"),
        ({"time": {"disorder": 1}}, "unknown field `disorder`"),
        ({"communities": [{"name": "a", "tags": []}]}, "unknown field `tags`"),
        ({"communities": [{"words": ["a"]}]}, "missing required field `name`"),
        ({"communities": [{"name": ""}]}, "length >= 1"),
        ({"communities": [{"name": "x" * 201}]}, "length <= 200"),
        ({"communities": [{"name": "a", "words": [""]}]}, "length >= 1"),
        ({"communities": [{"name": "a", "words": ["x"] * 1_001}]}, "length <= 1000"),
        ({"communities": [{"name": "a", "budget": "plenty"}]}, "plenty"),
        ({"catch_all": "x" * 201}, "length <= 200"),
        ({"detection": {"budget": "plenty"}}, "plenty"),
        ({"detection": {"clusterer": "kmeans"}}, "kmeans"),
        ({"time": {"disorder_s": -0.1}}, "`float` >= 0"),
        ({"time": {"disorder_s": float("nan")}}, "`float` >= 0"),
        ({"time": {"disorder_s": float("inf")}}, "`float` <= 1800"),
        ({"time": {"allowed_lateness_s": 1_801}}, "`float` <= 1800"),
        ({"time": {"disorder_s": "1"}}, "Expected `float`"),
        ({"time": {"windows_s": []}}, "length >= 1"),
        ({"time": {"windows_s": [0]}}, "`int` >= 60"),
        ({"time": {"windows_s": [86_460]}}, "`int` <= 86400"),
        ({"time": {"windows_s": [60, 120, 180, 240, 300, 360, 420, 480, 540]}}, "length <= 8"),
        ({"time": {"windows_s": [90]}}, "multiples of 60"),
        ({"time": {"windows_s": [3_600, 300]}}, "shortest first"),
        ({"time": {"windows_s": [300, 300]}}, "each once"),
        ({"communities": [{"name": "a"}, {"name": "b"}, {"name": "a"}]}, "two communities are called 'a'"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_and_named(fields, message):
    with pytest.raises(ValueError, match=message):
        read(**fields)


def test_constructors_check_too():
    with pytest.raises(ValueError, match=r"windows_s is \[90\]"):
        TimeSettings(windows_s=[90])
    with pytest.raises(ValueError, match="two communities are called 'a'"):
        CoreSettings(communities=[CommunityRule(name="a"), CommunityRule(name="a")])


def test_seconds_become_whole_milliseconds():
    assert read(time={"disorder_s": 0.0015, "allowed_lateness_s": 90}).time.disorder_ms == 2
    assert read(time={"allowed_lateness_s": 0}).time.allowed_lateness_ms == 0


def test_a_community_may_have_a_budget_of_its_own():
    settings = read(detection={"budget": "fewer"}, communities=[{"name": "loud", "budget": "more"}, {"name": "plain"}])
    budgets = {name: settings.budget_of(name) for name in ("loud", "plain", "from a post")}
    assert budgets == {"loud": "more", "plain": "fewer", "from a post": "fewer"}


def test_one_budget_can_take_the_place_of_all():
    rules = [CommunityRule(name="tea", budget="more", words=["tea"]), CommunityRule(name="coffee")]
    settings = CoreSettings(communities=rules).with_budget("fewer")
    assert [settings.budget_of(name) for name in ("tea", "coffee", "others")] == ["fewer"] * 3
    assert settings.communities[0].words == ["tea"]
