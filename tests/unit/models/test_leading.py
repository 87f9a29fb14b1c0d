from models.leading import LEADING_MAX, leading_terms
from models.terms import pairs_of
from tests.support.chatter import LAUNCH_MS, make_mention
from tests.support.stories import make_story


def test_what_leads_is_common_in_the_story_and_rare_elsewhere():
    mentions = [make_mention(number, ["ferry", "boat", "the-usual"], LAUNCH_MS) for number in range(10)]
    story = make_story(*mentions, make_mention(11, ["once"], LAUNCH_MS))
    story.shares = {"ferry": 0.001, "boat": 0.01, "the-usual": 0.6, "once": 0.001}
    assert leading_terms(story) == ["ferry", "boat"]


def test_a_core_term_leads_even_if_it_is_in_few_posts():
    mentions = [make_mention(number, ["boat"], LAUNCH_MS) for number in range(60)]
    story = make_story(*mentions, make_mention(99, ["ferry"], LAUNCH_MS))
    story.shares = {"boat": 0.01, "ferry": 0.001}
    assert leading_terms(story) == ["boat", "ferry"]


def test_what_has_no_usual_share_does_not_lead():
    assert leading_terms(make_story(make_mention(1), make_mention(2))) == []


def test_at_most_ten_terms_lead_and_ties_go_by_the_alphabet():
    terms = [f"word{number:02}" for number in reversed(range(15))]
    story = make_story(*(make_mention(number, terms, LAUNCH_MS) for number in range(4)), core={})
    story.shares = dict.fromkeys(terms, 0.01)
    assert leading_terms(story) == sorted(terms)[:LEADING_MAX]


def test_of_the_pairs_of_characters_of_one_name_the_best_leads():
    texts = ["绿芽单车涨价了", "不骑绿芽单车", "绿芽单车又涨价"]
    posts = [make_mention(n, pairs_of(text), LAUNCH_MS + n, text=text) for n, text in enumerate(texts)]
    story = make_story(*posts, core={})
    story.shares = dict.fromkeys(story.weights, 0.01)
    assert leading_terms(story) == ["单车", "涨价"]
