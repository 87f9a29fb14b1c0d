import pytest

from models.simulator import VOCABULARIES
from models.simulator.chance import Chance, RankedWords
from models.simulator.speech import Speech, compile_template, one_of

SLOTS = {"thing": lambda: "emulator", "quality": lambda: "crisp", "doing": lambda: "unbricking", "name": lambda: "Ovo"}


def filled(template, times=200):
    draw = compile_template(template, SLOTS, Chance(1))
    return {draw() for _ in range(times)}


@pytest.fixture
def speech():
    chance, vocabulary = Chance(1), VOCABULARIES[0]
    return Speech(chance, vocabulary.tongues[0], RankedWords(chance, vocabulary.names))


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("no slot at all", "no slot at all"),
        ("{name} has 100% of {thing}", "Ovo has 100% of emulator"),
        ("found a {thing}", "found an emulator"),
        ("is a {quality} one", "is a crisp one"),
        ("a {name} of mine", "a Ovo of mine"),
        ("the extra {thing}", "the extra emulator"),
    ],
)
def test_slots_are_filled_and_a_becomes_an_where_it_must(template, text):
    assert filled(template) == {text}


@pytest.mark.parametrize(("word", "article"), [("used", "a"), ("unique", "a"), ("unbricked", "an"), ("hinge", "a")])
def test_the_article_goes_by_sound(word, article):
    assert compile_template("a {thing}", {"thing": lambda: word}, Chance(1))() == f"{article} {word}"


def test_one_alternative_is_chosen_anew_each_time():
    assert filled("[my|the] {thing} [died|is {quality}|]") == {
        f"{whose} emulator {end}" for whose in ("my", "the") for end in ("died", "is crisp", "")
    }


def test_one_of_several_templates_is_chosen_anew_each_time():
    draw = one_of(("{name}", "none"), SLOTS, Chance(1))
    assert {draw() for _ in range(100)} == {"Ovo", "none"}


def test_a_story_names_what_it_is_about(speech):
    assert speech.fill("{new} by {new}", "Elmdale") == "Elmdale by Elmdale"


def test_what_is_told_holds_the_sentence_and_begins_as_its_author_writes(speech):
    for _ in range(200):
        assert "the hinge broke" in speech.tell("the hinge broke", is_lower=True)
        told = speech.tell("the hinge broke", is_lower=False)
        assert "the hinge broke" in told.lower()
        assert told[0].isupper()


def test_sentences_end_before_the_next_begins(speech):
    told = [speech.tell("who knows?", is_lower=True) for _ in range(200)]
    assert not [text for text in told if "?." in text]
    told = [speech.tell("it broke", is_lower=True) for _ in range(200)]
    assert [text for text in told if "it broke. " in text]


def test_chatter_is_varied(speech):
    assert len({speech.sentence() for _ in range(500)}) > 450
