import msgspec

from models.textclass import CLASS_MS, TextClasses, TextClassState
from tests.support.chatter import HOUR_MS, MINUTE_MS, NOON_MS

TEXT = ["the", "last", "boat", "to", "tornavik", "leaves", "at", "nine", "and", "nobody", "told", "the", "school"]


def classes_of(*texts):
    text_classes = TextClasses()
    return [text_classes.classify(text.split(), NOON_MS + number) for number, text in enumerate(texts)]


def classify_both(first, second, after_ms=0):
    text_classes = TextClasses()
    return text_classes.classify(first, NOON_MS) == text_classes.classify(second, NOON_MS + after_ms)


def test_classes_are_numbered_from_one():
    assert classes_of("one two three", "four five six", "one two three") == [1, 2, 1]


def test_a_copy_with_another_beginning_or_end_is_of_the_same_class():
    assert classify_both(TEXT, ["rt", *TEXT])
    assert classify_both(TEXT, ["so", "sad", *TEXT])
    assert classify_both(TEXT, [*TEXT, "please", "share"])


def test_a_copy_with_changed_beginning_and_end_is_known_by_its_rare_words():
    assert classify_both(TEXT, ["wow", *TEXT, "unbelievable"])


def test_texts_that_share_a_subject_are_not_copies():
    assert not classify_both(TEXT, ["is", "it", "true", "that", "the", "tornavik", "boat", "was", "cancelled"])


def test_short_texts_are_copies_only_if_they_are_equal():
    assert classes_of("first", "first", "second", "") == [1, 1, 2, 3]


def test_a_day_after_its_latest_copy_a_text_is_new():
    assert classify_both(TEXT, TEXT, CLASS_MS - 1)
    assert not classify_both(TEXT, TEXT, CLASS_MS)
    text_classes = TextClasses()
    numbers = {text_classes.classify(TEXT, NOON_MS + hour * HOUR_MS) for hour in range(0, 100, 20)}
    assert numbers == {1}


def test_keys_are_bounded_and_the_ones_not_met_for_longest_go_first():
    text_classes = TextClasses(keys_max=300)
    for number in range(1000):
        text_classes.classify([f"{number}word{place}" for place in range(12)], NOON_MS + number)
        text_classes.classify(TEXT, NOON_MS + number)
        assert len(text_classes.snapshot().keys) <= 300
    assert text_classes.classify(TEXT, NOON_MS + 1000) == 2
    assert text_classes.classify([f"0word{place}" for place in range(12)], NOON_MS + 1000) == 1002


def test_a_day_later_nothing_is_kept():
    text_classes = TextClasses()
    for number in range(50):
        text_classes.classify([f"{number}word{place}" for place in range(12)], NOON_MS + number * MINUTE_MS)
    text_classes.classify(TEXT, NOON_MS + 2 * CLASS_MS)
    assert len(text_classes.snapshot().keys) == 3


def test_a_snapshot_goes_on_as_the_original_does():
    text_classes = TextClasses()
    text_classes.classify(TEXT, NOON_MS)
    encoded = msgspec.msgpack.encode(text_classes.snapshot())
    again = TextClasses()
    again.restore(msgspec.msgpack.decode(encoded, type=TextClassState))
    for one in (text_classes, again):
        assert one.classify(["something", "else"], NOON_MS + 1) == 2
        assert one.classify(TEXT, NOON_MS + 2) == 1
    assert msgspec.msgpack.encode(again.snapshot()) == msgspec.msgpack.encode(text_classes.snapshot())
