import msgspec
import pytest

from models.clusterers import make_clusterer
from models.evidence import TEXT_CHARACTERS_MAX
from models.narratives import Narratives
from models.reading import Reader, says_the_same, shown_of
from models.textclass import TextClasses
from tests.support.chatter import COMMUNITY, HOUR_MS, NOON_MS, make_post


@pytest.fixture
def read():
    """Returns a function that makes a mention of a post."""
    reader = Reader(TextClasses(), Narratives(COMMUNITY, make_clusterer("undercurrent"), (HOUR_MS,)))
    return lambda post: reader.read(post, post.created_at, post.communities, NOON_MS)


def test_a_mention_has_the_words_of_its_post_and_the_number_of_its_narrative(read):
    mention = read(make_post(1, "A zeppelin over the harbour"))
    assert {"zeppelin", "harbour", f"~{mention.narrative}"} <= set(mention.terms)
    assert (mention.key, mention.author, mention.is_author_known) == ("4/test/p1", "author1", True)


def test_a_post_without_an_author_has_one_of_its_own(read):
    mention = read(make_post(1, author=None))
    assert (mention.author, mention.is_author_known) == (mention.key, False)


def test_copies_are_of_one_class_and_one_narrative(read):
    first, copy, other = (read(make_post(n, text)) for n, text in enumerate(["zeppelin lands now"] * 2 + ["warm tea"]))
    assert (first.text_class, first.narrative) == (copy.text_class, copy.narrative)
    assert other.text_class != first.text_class


def test_endless_links_and_language_tags_are_left_out_and_texts_are_cut(read):
    post = make_post(1, "tea " * 500, url="https://b.example/" + "a" * 3_000, lang="x" * 36)
    mention = read(post)
    assert (mention.url, mention.lang) == (None, None)
    assert shown_of(post) == (post.text[:TEXT_CHARACTERS_MAX], None)


@pytest.mark.parametrize(
    ("changes", "is_the_same"),
    [
        ({}, True),
        ({"author": None}, True),
        ({"observed_at": NOON_MS + 1, "engagement": {"likes": 9}}, True),
        ({"url": "https://b.example/1"}, False),
        ({"author": "ann"}, False),
        ({"text": "tea"}, False),
        ({"lang": "en"}, False),
        ({"repost_of": "p2"}, False),
    ],
)
def test_an_update_says_the_same_if_nothing_of_it_differs(read, changes, is_the_same):
    held = read(make_post(1))
    assert says_the_same(msgspec.structs.replace(make_post(1), op="update", **changes), held) is is_the_same


def test_nobody_knows_whether_a_text_that_was_cut_says_the_same(read):
    post = make_post(1, "t" * TEXT_CHARACTERS_MAX)
    assert not says_the_same(post, read(post))
