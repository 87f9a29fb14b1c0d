import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.terms import (
    _ASCII_PATTERN,
    _PATTERN,
    TERM_BYTES_MAX,
    TERMS_MAX,
    cut_name,
    cut_term,
    find_hashtags,
    find_spellings,
    find_terms,
    fold,
    guess_language,
    is_context,
    is_shown,
    is_spaceless,
    pairs_of,
    stop_words,
    tokenise,
)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The Turkey is POISONED", ["turkey", "poisoned"]),
        ("turkey Turkey #turkey TURKEY", ["turkey"]),
        ("an ox is at it", []),
        ("2026 12,000 3.5 ½", ["½"]),
        ("covid19 4chan", ["covid19", "4chan"]),
        ("well-known rock'n'roll", ["rock'n'roll"]),
        ("Koch's Koch’s KOCH'S", ["koch"]),
        ("don’t don't can’t", []),
        ("snake_case _trailing__", ["snake_case", "_trailing"]),
        ("RT via amp; http https", []),
        ("", []),
        (" \t\n…!?—«»", []),
    ],
)
def test_words(text, terms):
    assert tokenise(text) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("#KochFarms", ["kochfarms"]),
        ("#xr #1 # #_", ["xr"]),
        ("#mid-week", ["mid", "week"]),
        ("##loud#er", ["loud"]),
        ("#東京タワー", ["東京", "京タ", "タワ", "ワー"]),
        ("＃東京", ["東京"]),
    ],
)
def test_a_hashtag_is_the_same_term_as_its_word(text, terms):
    assert tokenise(text) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("@Ann_2", ["@ann_2"]),
        (".@Ann, listen", ["@ann", "listen"]),
        ("(@ann)", ["@ann"]),
        ("@harbour-walker.bsky.social!", ["@harbour-walker.bsky.social"]),
        ("@ann@mastodon.example.", ["@ann@mastodon.example"]),
        ("@Анна @ジョン", ["@анна", "@ジョン"]),
        ("ann@ferry.no", ["ann", "ferry"]),
        ("@ann. @ @@", ["@ann"]),
    ],
)
def test_a_mention_keeps_its_sign(text, terms):
    assert tokenise(text) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [("$TSLA to the moon", ["$tsla", "moon"]), ("$F", ["$f"]), ("$ $$ $_", []), ("pay $100", ["pay", "$100"])],
)
def test_a_cashtag_keeps_its_sign(text, terms):
    assert tokenise(text) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("https://news.example/a?b#c", ["/news.example"]),
        ("HTTP://WWW.News.Example", ["/news.example"]),
        ("https://news.example:8080/a", ["/news.example"]),
        ("https://ann:secret@news.example/a", ["/news.example"]),
        ("[here](https://news.example), https://news.example.", ["/news.example"]),
        ("https://例え.jp/x", ["/例え.jp"]),
        ("https:// http:/// https://[::1]/", []),
    ],
)
def test_a_link_is_its_domain(text, terms):
    assert tokenise(text) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Паром снова опоздал ещё раз", ["паром", "опоздал"]),
        ("Το πλοίο άργησε", ["πλοιο", "αργησε"]),
        ("المركب تأخر", ["مركب", "تاخر"]),
        ("הַמַּעְבֹּרֶת", ["המעברת"]),
        ("नौका देर", ["नौका", "देर"]),
        ("여객선 지연", ["여객선", "지연"]),
        ("東京に行く", ["東京", "京に", "に行", "行く"]),
        ("猫", ["猫"]),
        ("ラーメン", ["ラー", "ーメ", "メン"]),
        ("ฝนตก", ["ฝน", "นต", "ตก"]),
        ("ເຮືອ", ["ເຮ", "ຮື", "ືອ"]),
        ("PS5発売", ["ps5", "発売"]),
        ("\u202eמעבורת\u202c \u200fferry", ["מעבורת", "ferry"]),
    ],
)
def test_scripts(text, terms):
    assert tokenise(text) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("🎮🎮 🎮", ["🎮"]),
        ("👩‍👩‍👧", ["👩‍👩‍👧"]),
        ("👍🏽👍", ["👍🏽", "👍"]),
        ("❤️‍🔥", ["❤️‍🔥"]),
        ("🇺🇦🇳🇴", ["🇺🇦", "🇳🇴"]),
        ("game🎮night", ["game", "🎮", "night"]),
    ],
)
def test_an_emoji_is_a_term_with_all_that_it_is_joined_from(text, terms):
    assert tokenise(text) == terms


def test_the_two_forms_of_a_letter_with_an_accent_are_one_term():
    assert tokenise("cafe\u0301 caf\u00e9 cafe CAFÉ") == ["cafe"]


def test_words_keep_order_repeats_and_stop_words():
    assert find_terms("The ferry, the FERRY and #ferry's @ann https://a.example").words == [
        "the",
        "ferry",
        "the",
        "ferry",
        "and",
        "ferry",
    ]


def test_stop_words_go_by_the_declared_language():
    assert tokenise("und der ferry", "de") == ["ferry"]
    assert tokenise("und der ferry", "de-AT") == tokenise("und der ferry", "DE_at") == ["ferry"]
    assert tokenise("und ferry") == ["und", "ferry"]
    assert tokenise("the ferry", "xx-unknown") == ["the", "ferry"]
    assert "the" in stop_words(None)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("El tren no ha salido porque hay una avería", ["tren", "salido", "averia"]),
        ("Der Zug ist noch nicht da, wegen der Weiche", ["zug", "weiche"]),
        ("Le train n'est pas parti, c'est la grève", ["train", "parti", "greve"]),
        ("O trem não saiu por causa da greve, e agora", ["trem", "saiu", "causa", "greve"]),
        ("They die in the war, a dog in his car said", ["die", "war", "dog", "car"]),
        ("ferry cancelled", ["ferry", "cancelled"]),
    ],
)
def test_without_a_declared_language_stop_words_tell_which_it_is(text, terms):
    assert tokenise(text) == tokenise(text, "") == terms


def test_the_language_is_that_of_most_stop_words_and_english_where_none_has_more():
    assert guess_language([]) == guess_language(["ferry"]) == guess_language(["que"]) == "en"
    assert guess_language(["que", "porque"]) == "es"
    assert guess_language(["nicht"] * 70_000) == "de"
    assert guess_language(["the"] * 3 + ["nicht"] * 3) == "en"


@pytest.mark.parametrize("text", ["これ です", "他们 但是", "그리고 우리", "لكن الذي", "क्या और भी"])
@pytest.mark.parametrize("lang", [None, "en", "ko", "zh-Hant"])
def test_stop_words_of_other_scripts_go_whatever_is_declared(text, lang):
    assert tokenise(text, lang) == []


@pytest.mark.parametrize(
    ("texts", "term"),
    [
        ("avión Avion AVIÓN #Avión", "avion"),
        ("l'incendie L’incendie d'incendie incendie", "incendie"),
        ("Größe grösse", "grosse"),
        ("المترو مترو والمترو بالمترو للمترو المتـــرو المِترو #المترو ﺍﻟﻤﺘﺮﻭ", "مترو"),
        ("हिन्दी हिंदी हि\u200dन्दी", "हिंदी"),
        ("बाज़ार बाजार", "बाजार"),
        ("지하철이 지하철은 지하철을 지하철에서 지하철에서는 지하철 #지하철", "지하철"),
        ("Nimbus5가 nimbus5 #NIMBUS5를", "nimbus5"),
        ("ＮＩＭＢＵＳ nimbus", "nimbus"),
    ],
)
def test_however_a_word_is_written_it_is_one_term(texts, term):
    assert tokenise(texts) == [term]


@pytest.mark.parametrize(("text", "terms"), [("ﾗｰﾒﾝ", ["ラー", "ーメ", "メン"]), ("＃ﾗｰﾒﾝ", ["ラー", "ーメ", "メン"])])
def test_characters_of_half_width_are_as_those_of_full_width(text, terms):
    assert tokenise(text) == terms


def test_a_joiner_does_not_cut_a_word():
    assert tokenise("न्\u200dयूज़ می\u200cخواهم") == ["न्यूज", "ميخواهم"]


@pytest.mark.parametrize("unit", ["की", "e\u0301\u0302", "👩\u200d👩\u200d👧", "각"])
def test_a_long_term_is_cut_between_characters(unit):
    kept = cut_term(unit * 30)
    assert kept
    assert len(kept.encode()) <= TERM_BYTES_MAX
    assert kept == unit * (len(kept) // len(unit))


def test_a_character_of_endless_marks_is_cut_anywhere():
    assert 0 < len(cut_term("a" + "\u0301" * 90).encode()) <= TERM_BYTES_MAX


def test_spellings_come_with_the_term_that_they_are():
    text = "L’Été à #KochFarms: KOCH'S, mail@a.example @Ann_b 東京 https://x.example/Turkey 👍🏽 المتـرو"
    assert find_spellings(text) == {
        ("ete", "Été"),
        ("kochfarms", "#KochFarms"),
        ("koch", "KOCH"),
        ("mail", "mail"),
        ("example", "example"),
        ("@ann_b", "@Ann_b"),
        ("👍🏽", "👍🏽"),
        ("مترو", "المتـرو"),
    }


def test_names_in_scripts_without_blanks_are_followed_by_pairs_of_characters():
    assert pairs_of("東京都") == ["東京", "京都"]
    assert pairs_of("猫") == ["猫"]
    assert pairs_of("ferry") == ["ferry"]
    assert [is_spaceless(term) for term in ("東京", "ラー", "ฝน", "서울", "ferry", "@東京", "")] == [True] * 3 + [
        False
    ] * 4


def test_a_wall_of_tags_is_cut():
    found = find_terms(" ".join(f"#tag{number}" for number in range(500)))
    assert found.terms == [f"tag{number}" for number in range(TERMS_MAX)]
    assert len(found.words) == 500


@pytest.mark.parametrize("start", ["", "@", "$", "#", "https://"])
@pytest.mark.parametrize("letter", ["x", "я", "한", "𐐨"])
def test_a_long_run_is_cut_by_its_bytes(start, letter):
    [term] = tokenise(start + letter * 15_000)
    assert TERM_BYTES_MAX - 4 < len(term.encode()) <= TERM_BYTES_MAX + 1


@pytest.mark.parametrize("word", ["x" * 64, "я" * 32, "한" * 21, "𐐨" * 16])
def test_a_word_that_fits_is_whole(word):
    assert tokenise(word) == [word]


@pytest.mark.parametrize(
    "unit",
    [
        *("a", "'", "a'", "a’", "#", "@", "@a", "@a.", "a.", "$", "_", ".", "https://", "http", "https://@", "\x00"),
        *("\u0301", "a\u0301", "\u202e", "\u0e31", "猫", "#猫", "﷽", "İ", "ß"),
        *("🎮", "🎮\u200d", "🇺", "1\ufe0f\u20e3"),
    ],
)
def test_a_full_text_of_one_thing_takes_no_longer_than_its_length_allows(unit):
    # A pattern that looks back over what it has read would take hours, not fractions of a second.
    text = (unit * (64 * 1024))[: 64 * 1024]
    found = find_terms(text)
    assert len(found.terms) <= TERMS_MAX
    assert sum(map(len, found.words)) <= 4 * len(text)
    find_hashtags(text)


hostile = st.text(
    st.sampled_from(string.printable + "’'#＃@$_.:/-\u200d\ufe0f\u0301\u202e猫ターฝ🎮🏽🇺🇦éßİẞﬁ\x00\u0e31")
    | st.characters(),
    max_size=200,
)


@given(hostile, st.none() | st.text(max_size=12) | st.sampled_from(["en", "de", "ja", "zh-Hant"]))
def test_any_text_has_bounded_unique_terms(text, lang):
    words, terms = find_terms(text, lang).words, find_terms(text, lang).terms
    assert len(set(terms)) == len(terms) <= TERMS_MAX
    assert all(0 < len(term.encode()) <= TERM_BYTES_MAX + 1 for term in terms)
    assert all(words)
    assert not any(each.isspace() for term in [*words, *terms] for each in term)
    assert tokenise(text, lang) == terms


@given(st.lists(hostile, max_size=3))
def test_every_spelling_is_of_a_term_of_the_text(texts):
    for text in texts:
        shown = {term for term, _ in find_spellings(text)}
        assert all(0 < len(term.encode()) <= TERM_BYTES_MAX + 1 for term in shown)


@given(hostile)
def test_letter_case_and_form_do_not_matter(text):
    assert find_terms(unicodedata.normalize("NFD", text)) == find_terms(unicodedata.normalize("NFC", text))
    plain = "".join(letter for letter in text if letter.isascii())
    assert find_terms(plain.upper()) == find_terms(plain)


@given(hostile)
def test_the_kind_of_a_term_is_its_first_character(text):
    for term in tokenise(text):
        assert is_context(term) == (term[0] in "@/")
        assert is_shown(term) == (term[0] != "/")
        assert term[0] not in "#~"


@given(hostile, st.lists(st.sampled_from(["latteart", "東京", "mid_week"]), max_size=4))
def test_hashtags_are_found_in_any_text(text, tags):
    tail = "".join(f" #{tag}" for tag in tags)
    assert find_hashtags(text + tail)[-len(tags) :] == tags or not tags


def test_a_hashtag_stands_free():
    assert find_hashtags("#One ＃two (#three) #vier, https://x.example/#five six#seven # eight #9") == [
        "one",
        "two",
        "three",
        "vier",
        "9",
    ]


def test_folding_makes_one_form():
    assert fold("It’s a CAFE\u0301") == fold("it's a café") == "it's a café"


def test_micro_clusters_join_stories_but_are_not_shown():
    assert is_context("~7")
    assert not is_shown("~7")
    assert not is_context("ferry")
    assert is_shown("@ann")


@given(st.text(st.characters(max_codepoint=127), max_size=80))
def test_the_fast_pattern_finds_what_the_full_one_finds_in_ascii(text):
    assert _ASCII_PATTERN.findall(text) == _PATTERN.findall(text)


@pytest.mark.parametrize("name", ["", "ann", "did:plc:ewvi7nxzyoun6zhxrhs64oiz", "x" * 64, "猫" * 21])
def test_a_usual_name_is_kept_as_it_is(name):
    assert cut_name(name) == name


@given(st.text(min_size=17, max_size=512), st.text(max_size=512))
def test_endless_names_are_cut_and_stay_apart(name, other):
    assert len(cut_name(name).encode()) <= TERM_BYTES_MAX
    assert (cut_name(name) == cut_name(other)) == (name == other)
