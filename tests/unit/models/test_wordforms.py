import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.wordforms import CHARACTERS_MAX, usual_shapes, without_elision, without_particles, word_form


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("ferry", "ferry"),
        ("avión", "avion"),
        ("não", "nao"),
        ("größe", "grosse"),
        ("cœur", "coeur"),
        ("ёлка", "елка"),
        ("йога", "йога"),
        ("tiếng", "tieng"),
        ("αργά", "αργα"),
        ("co\u00adoperate", "cooperate"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("東京", "東京"),
        ("ばか", "ばか"),
        ("", ""),
    ],
)
def test_a_word_is_compared_without_its_accents(word, form):
    assert word_form(unicodedata.normalize("NFC", word)) == form


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("l'été", "ete"),
        ("qu'il", "il"),
        ("aujourd'hui", "aujourd'hui"),
        ("dell'anno", "anno"),
        ("rock'n'roll", "rock'n'roll"),
        ("o'brien", "o'brien"),
        ("d'", "d'"),
    ],
)
def test_an_article_with_an_apostrophe_is_left_out(word, form):
    assert word_form(word) == form


def test_an_elision_goes_in_any_letter_case():
    assert [without_elision(word) for word in ("L'Été", "D'Angelo", "QU'ON")] == ["Été", "Angelo", "ON"]


@pytest.mark.parametrize(
    "written", ["مترو", "المترو", "والمترو", "بالمترو", "للمترو", "وللمترو", "المتـــرو", "المِترُو", "ﺍﻟﻤﺘﺮﻭ"]
)
def test_an_arabic_word_is_one_with_its_article_vowels_and_stretches(written):
    assert word_form(written) == "مترو"


@pytest.mark.parametrize(
    ("one", "other"), [("أحمد", "احمد"), ("مدرسة", "مدرسه"), ("على", "علي"), ("مسؤول", "مسوول"), ("کتاب", "كتاب")]
)
def test_arabic_letters_that_are_taken_for_one_another_are_one(one, other):
    assert word_form(one) == word_form(other)


@pytest.mark.parametrize("word", ["الله", "وزارة", "كتاب", "بيت"])
def test_a_word_that_only_begins_like_an_article_is_whole(word):
    assert len(word_form(word)) == len(word)


@pytest.mark.parametrize(
    ("one", "other"), [("हिन्दी", "हिंदी"), ("चाँद", "चांद"), ("बाज़ार", "बाजार"), ("क\u093c", "\u0958"), ("सम्बन्ध", "संबंध")]
)
def test_hindi_words_are_one_in_both_spellings(one, other):
    assert word_form(one) == word_form(other)


def test_hindi_keeps_its_vowel_signs():
    assert word_form("मेट्रो") == "मेट्रो"
    assert word_form("न्यूज़") == "न्यूज"


@pytest.mark.parametrize(
    "particle", ["이", "은", "을", "과", "의", "에", "에서", "에서는", "으로부터", "까지", "도", "만", "입니다"]
)
def test_a_korean_noun_that_ends_with_a_consonant_is_one_with_its_particles(particle):
    assert word_form(f"달빛마당{particle}") == "달빛마당"


@pytest.mark.parametrize("particle", ["가", "는", "를", "와", "로", "의", "에게", "부터", "라고", "예요"])
def test_a_korean_noun_that_ends_with_a_vowel_is_one_with_its_particles(particle):
    assert word_form(f"수수료{particle}") == "수수료"


@pytest.mark.parametrize("word", ["국가", "수로", "나는", "물을", "지하철", "서울로"])
def test_a_korean_word_keeps_what_cannot_be_a_particle(word):
    assert word_form(word) == ("서울" if word == "서울로" else word)


def test_what_many_nouns_end_with_is_taken_off_only_for_comparing():
    assert {word_form(word) for word in ("고양이", "고양이가", "고양이를", "고양이에게는")} == {"고양"}
    assert without_particles("고양이", is_sure=True) == "고양이"
    assert without_particles("고양이는", is_sure=True) == "고양이"


def test_a_particle_behind_a_name_in_another_script_goes():
    assert [word_form(word) for word in ("nimbus5가", "bts를", "k팝이")] == ["nimbus5", "bts", "k팝"]


def test_characters_have_their_usual_shapes():
    assert usual_shapes("ＡＢＣ１２３ ﾊﾞｽ #＃") == "ABC123 バス ##"
    assert usual_shapes("½ ™ …") == "½ ™ …"


@given(st.text(max_size=90))
def test_a_form_is_no_longer_than_what_it_is_of_allows_and_always_the_same(word):
    form = word_form(word)
    assert form == word_form(word)
    assert len(form) <= max(len(word), 4 * CHARACTERS_MAX)


@pytest.mark.parametrize("unit", ["\u0301", "a\u0301", "é", "ا\u064b", "ن्", "가", "이", "qu'é", "l'é"])
def test_an_endless_word_costs_no_more_than_a_long_one(unit):
    assert len(word_form(unit * 30_000)) <= 4 * CHARACTERS_MAX
