import msgspec
import pytest

from models.simulator import VOCABULARIES
from models.simulator.shapes import lines, words


def test_words_part_at_white_space_and_an_underscore_stands_for_a_space():
    assert words("lantern  Tidal_Kin\n  rom") == ("lantern", "Tidal Kin", "rom")


def test_lines_lose_what_surrounds_them():
    assert lines("\n    one thing\n    another,\n") == ("one thing", "another,")


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda vocabulary: vocabulary.community)
def test_the_data_have_the_types_that_they_claim(vocabulary):
    # Structs are not checked when they are made, and one string passes for a tuple of letters.
    assert msgspec.convert(msgspec.to_builtins(vocabulary), type(vocabulary)) == vocabulary


def test_a_vocabulary_cannot_be_changed():
    with pytest.raises(AttributeError):
        VOCABULARIES[0].community = "another"
