from hypothesis import given
from hypothesis import strategies as st

from models.mentions import MentionWindow
from models.robustness import rescore
from models.significance import surprise, voices
from tests.support.chatter import LAUNCH_MS, MINUTE_MS, SECOND_MS, make_mention, make_score

posts = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans(), st.booleans(), st.integers(0, 500)),
    min_size=1,
    max_size=60,
)


@given(posts, st.floats(0.001, 5), st.floats(0, 12))
def test_leaving_out_more_never_gives_more(drawn, mean, bar):
    window = MentionWindow()
    for number, (author, text_class, is_repost, is_known, second) in enumerate(drawn):
        at_ms = LAUNCH_MS + second * SECOND_MS
        name = f"author{author}" if is_known else f"4/test/p{number}"
        mention = make_mention(
            number, ["ferry"], at_ms, author=name, text_class=text_class, is_repost=is_repost, is_author_known=is_known
        )
        window.add(mention, LAUNCH_MS + 9 * MINUTE_MS)
    held = window.terms["ferry"].mentions
    authors, texts = {each.author for each in held}, {each.text_class for each in held}
    count = voices(len(authors), len(texts), len({each.text_class for each in held if each.is_repost}))
    at_ms = LAUNCH_MS + 9 * MINUTE_MS
    best = make_score(
        at_ms=at_ms, voices=count, significance=surprise(count, mean, 2.0), share=mean, volume=1.0, size=2.0
    )
    found = rescore(window, best, bar, at_ms)
    steps = [each for each in (found.without_top_1, found.without_top_3, found.without_top_5) if each is not None]
    for chain in ([*steps], [found.without_copies]):
        levels = [(count, round(best.significance, 3)), *((each.voices, each.significance) for each in chain)]
        assert levels == sorted(levels, reverse=True)
        passes = [each.passes for each in chain]
        assert passes == sorted(passes, reverse=True)
