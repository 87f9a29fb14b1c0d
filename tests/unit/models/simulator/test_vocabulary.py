import re
from collections import Counter
from itertools import chain

import pytest

from models.simulator.shapes import Vocabulary
from models.simulator.vocabulary import VOCABULARIES
from models.simulator.vocabulary.decoy_texts import COPIED, FLOODED
from models.simulator.vocabulary.everyday import EVERYDAY
from models.simulator.vocabulary.name_parts import (
    HANDLE_ENDS,
    HANDLE_FIRSTS,
    HANDLE_SECONDS,
    MAKER_ENDINGS,
    PLACE_ENDINGS,
    PLACE_STEMS,
)

SLOTS = {"thing", "doing", "quality", "phrase", "name", "count", "when"}
KITS = [(vocabulary, kit) for vocabulary in VOCABULARIES for kit in vocabulary.kits]

each_community = pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda vocabulary: vocabulary.community)
each_kit = pytest.mark.parametrize(("vocabulary", "kit"), KITS, ids=[kit.what for _, kit in KITS])


def tokens(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def own_words(vocabulary: Vocabulary) -> set[str]:
    listed = [vocabulary.names, vocabulary.hashtags]
    for tongue in vocabulary.tongues:
        listed += [tongue.things, tongue.doings, tongue.qualities, tongue.phrases]
    return {token for entry in chain(*listed) for token in tokens(entry)}


def slots(template: str) -> set[str]:
    return set(re.findall(r"\{(\w*)\}", template))


def always_said(template: str) -> str:
    """Return the template without its alternatives, of which only one is said."""
    return re.sub(r"\[[^\]]*\]", " ", template)


def made_names() -> list[str]:
    makers = [stem + ending for v in VOCABULARIES for stem in v.stems for ending in MAKER_ENDINGS]
    return makers + [stem + ending for stem in PLACE_STEMS for ending in PLACE_ENDINGS]


def test_there_are_a_dozen_communities_of_different_names():
    assert len({vocabulary.community for vocabulary in VOCABULARIES}) == len(VOCABULARIES) == 12


def test_each_community_has_150_words_that_no_other_has():
    words = {vocabulary.community: own_words(vocabulary) for vocabulary in VOCABULARIES}
    holders = Counter(chain.from_iterable(words.values()))
    own = {community: sum(holders[word] == 1 for word in listed) for community, listed in words.items()}
    assert min(own.values()) >= 150, own


@each_community
def test_shares_of_languages_add_up_and_english_is_among_them(vocabulary):
    assert sum(tongue.share for tongue in vocabulary.tongues) == pytest.approx(1)
    assert "en" in [tongue.lang for tongue in vocabulary.tongues]
    assert all(tongue.lang in EVERYDAY for tongue in vocabulary.tongues)


def test_german_and_spanish_are_spoken():
    assert {tongue.lang for vocabulary in VOCABULARIES for tongue in vocabulary.tongues} == {"en", "de", "es"}


@each_community
def test_no_list_holds_an_entry_twice(vocabulary):
    lists = [vocabulary.names, vocabulary.hashtags, vocabulary.emoji, vocabulary.domains, vocabulary.stems]
    for tongue in vocabulary.tongues:
        lists += [tongue.things, tongue.doings, tongue.qualities, tongue.phrases, tongue.sentences]
    assert [entry for listed in lists for entry, count in Counter(listed).items() if count > 1] == []


@each_community
def test_domains_are_ones_that_nobody_can_own(vocabulary):
    assert all(domain.endswith(".example") for domain in vocabulary.domains)


@each_community
def test_sentences_use_known_slots_and_close_their_brackets(vocabulary):
    for tongue in vocabulary.tongues:
        everyday = EVERYDAY[tongue.lang]
        for template in (*tongue.sentences, *everyday.sentences, *everyday.replies):
            assert slots(template) <= SLOTS, template
            assert template.count("[") == template.count("]"), template


@pytest.mark.parametrize("template", [*COPIED, *FLOODED])
def test_decoys_are_about_a_new_name(template):
    assert "new" in slots(template) <= SLOTS | {"new"}


def test_each_community_has_stories_of_new_and_of_known_words():
    assert len(KITS) == len({kit.what for _, kit in KITS}) == 36
    for vocabulary in VOCABULARIES:
        assert {kit.kind for kit in vocabulary.kits} == {"new", "known"}


@each_kit
def test_a_story_is_told_in_several_sentences_of_known_slots(vocabulary, kit):
    assert len(kit.sentences["en"]) >= 5
    for lang, sentences in kit.sentences.items():
        assert lang in [tongue.lang for tongue in vocabulary.tongues]
        for sentence in sentences:
            assert slots(sentence) <= SLOTS | {"new"}, sentence
            assert sentence.count("[") == sentence.count("]"), sentence


@pytest.mark.parametrize("kit", [kit for _, kit in KITS if kit.kind == "new"], ids=lambda kit: kit.what)
def test_a_story_of_a_new_word_names_it_in_every_sentence(kit):
    assert kit.tag
    assert not kit.known
    assert "{new}" in kit.what
    assert all("{new}" in sentence for sentence in chain.from_iterable(kit.sentences.values()))


@pytest.mark.parametrize(
    ("vocabulary", "kit"),
    [pair for pair in KITS if pair[1].kind == "known"],
    ids=lambda value: type(value).__name__,
)
def test_a_story_of_known_words_lifts_a_common_one_together_with_another(vocabulary, kit):
    common, companion = kit.known
    firsts = [tongue.things[: len(tongue.things) // 3] for tongue in vocabulary.tongues]
    assert common in {token for thing in chain(*firsts) for token in tokens(thing)}
    assert companion in own_words(vocabulary)
    for sentence in chain.from_iterable(kit.sentences.values()):
        assert {common, companion} & set(tokens(always_said(sentence))), sentence
    told = [set(tokens(sentence)) for sentence in chain.from_iterable(kit.sentences.values())]
    assert sum({common, companion} <= words for words in told) >= len(told) / 2


@each_kit
def test_only_stories_of_new_words_hop_and_to_another_community(vocabulary, kit):
    if kit.hops_to:
        assert kit.kind == "new"
        assert kit.hops_to in {other.community for other in VOCABULARIES} - {vocabulary.community}


def test_made_up_names_are_all_different_and_nobodys_word():
    names = [name.lower() for name in made_names()]
    assert len(set(names)) == len(names)
    assert not set(names) & set().union(*map(own_words, VOCABULARIES))


def test_parts_of_handles_are_plain_and_all_different():
    for parts in (HANDLE_FIRSTS, HANDLE_SECONDS, HANDLE_ENDS):
        assert len(set(parts)) == len(parts)
        assert all(re.fullmatch(r"\w*", part) for part in parts)


def test_spanish_has_no_preposition_that_would_read_as_the_english_article():
    spanish = [EVERYDAY["es"].sentences, EVERYDAY["es"].replies]
    for vocabulary in VOCABULARIES:
        spanish += [tongue.sentences for tongue in vocabulary.tongues if tongue.lang == "es"]
        spanish += [kit.sentences["es"] for kit in vocabulary.kits if "es" in kit.sentences]
    assert [s for s in chain(*spanish) if re.search(r"\ba \{(thing|doing|quality)\}", s)] == []
