import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.configuration import CommunityRule
from streams.commands.template import parse_community, settings_text
from streams.diagnosis import describe_settings
from streams.errors import OutsideError
from streams.settings import Settings, parse_settings

names = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=50)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("coffee=espresso", CommunityRule(name="coffee", words=["espresso"])),
        (
            'coffee = espresso, #latteart,"flat white", cold   brew',
            CommunityRule(
                name="coffee", words=["espresso"], phrases=["flat white", "cold brew"], hashtags=["#latteart"]
            ),
        ),
        ('sums="1,000 km"', CommunityRule(name="sums", phrases=["1,000 km"])),
        ("a=b=c,,", CommunityRule(name="a", words=["b=c"])),
    ],
)
def test_a_community_is_written_as_a_name_and_its_words(text, rule):
    assert parse_community(text) == rule


@pytest.mark.parametrize("text", ["", "coffee", "coffee=", "coffee= , ", "=espresso"])
def test_what_is_no_community_is_refused_with_an_example(text):
    with pytest.raises(OutsideError, match="is no community; expected NAME="):
        parse_community(text)


def test_the_file_says_the_same_as_the_defaults():
    assert parse_settings(settings_text([], "balanced"), "new") == Settings()


def test_every_setting_stands_in_the_file_with_its_description():
    text = settings_text([], "balanced")
    flat = " ".join(text.replace("\n# ", " ").split())
    for setting in describe_settings(Settings):
        assert setting.name.rpartition(".")[2] in text
        assert setting.description in flat


def test_every_line_that_is_commented_out_is_a_setting_with_its_default():
    text = settings_text([], "balanced")
    values = [line.removeprefix("# ") for line in text.splitlines() if line.startswith("# ") and " = " in line]
    uncommented = text
    for line in values:
        uncommented = uncommented.replace(f"# {line}", line)
    uncommented = uncommented.replace("# [[communities]]", "[[communities]]")
    settings = parse_settings(uncommented, "new")
    assert [rule.name for rule in settings.communities] == ["coffee lovers"]
    assert settings.time == Settings().time


@given(st.lists(st.builds(CommunityRule, name=names, words=st.lists(names), phrases=st.lists(names)), max_size=3))
def test_whatever_the_names_hold_the_file_can_be_read_again(rules):
    if len({rule.name for rule in rules}) < len(rules):
        with pytest.raises(OutsideError, match="two communities"):
            settings_text(rules, "fewer")
        return
    settings = parse_settings(settings_text(rules, "fewer"), "new")
    assert settings.communities == rules
    assert settings.detection.budget == "fewer"
