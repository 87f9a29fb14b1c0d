import pytest

from models.message import Sentiment
from models.sentiment import is_english, sentiment_of, valence

GLAD, SAD, PLAIN = "I love this, it is great", "This is horrible and sad", "The ferry is at the pier"


def test_the_mean_is_of_the_posts_that_could_be_read():
    found = sentiment_of([(GLAD, "en"), (SAD, "en-GB"), (PLAIN, None), ("Ich liebe das, super", "de")])
    assert (found.positive, found.neutral, found.negative, found.unread, found.reason) == (1, 1, 1, 1, None)
    assert found.score == pytest.approx((valence(GLAD, "en") + valence(SAD, "en")) / 3, abs=1e-3)


def test_what_is_not_english_has_no_score_but_a_reason():
    assert sentiment_of([("No puedo más", "es"), ("東京は雨", None)]) == Sentiment(None, 0, 0, 0, 2, "language")
    assert sentiment_of([]) == Sentiment(None, 0, 0, 0, 0, "no_posts")


@pytest.mark.parametrize("lang", ["en", "EN", "en-US", "en_GB"])
def test_a_declared_language_is_believed(lang):
    assert valence("Fährt super", lang) is not None
    assert valence(GLAD, "de") is valence(GLAD, "eng") is None


@pytest.mark.parametrize(
    "text",
    [
        "No me he ido a la casa, que lastima de dia",
        "Der Mann was in die Stadt gegangen und also war das alles",
        "Je suis dans la maison avec son amis",
        "o gato não está em casa hoje, me diga por que",
        "de trein is weer te laat in Utrecht",
        "il treno per Milano in ritardo, no comment",
        "och det är inte bra att vara so sen",
        "東京は雨 the",
        "Ferry cancelled",
        "😀",
        "",
    ],
)
def test_what_declares_no_language_and_is_not_clearly_english_is_not_read(text):
    assert not is_english(text)
    assert valence(text, None) is None


@pytest.mark.parametrize("text", ["😀" * 500, "a " * 250, "no " * 166, "!" * 500, "\ud83d", "VERY " * 100, ""])
def test_no_text_breaks_it(text):
    assert -1 <= valence(text, "en") <= 1
