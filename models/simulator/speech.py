"""How a post is worded: templates are filled with a community's words, led in, and commented on."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from models.simulator.chance import Chance, RankedWords
from models.simulator.shapes import Tongue
from models.simulator.vocabulary.everyday import EVERYDAY

Draw = Callable[[], str]
"""Returns another text each time it is called."""

_PART: Final = re.compile(r"\{(\w+)\}|\[([^\]]*)\]")
_ARTICLE: Final = re.compile(r"\ba $")
_WORD_SLOTS: Final = ("thing", "doing", "quality")


class Speech:
    """One language of one community, ready to speak.

    Args:
        chance: Where all choices come from.
        tongue: The language, with the community's words in it.
        names: The community's brands, places and titles, which its languages share.
    """

    def __init__(self, chance: Chance, tongue: Tongue, names: RankedWords) -> None:
        everyday = EVERYDAY[tongue.lang]
        ranked = {
            "thing": RankedWords(chance, tongue.things),
            "doing": RankedWords(chance, tongue.doings),
            "quality": RankedWords(chance, tongue.qualities),
            "phrase": RankedWords(chance, tongue.phrases),
        }
        self._chance = chance
        self._ranked = tuple(ranked.values())
        self._slots: dict[str, Draw] = {slot: words.draw for slot, words in ranked.items()}
        self._slots["name"] = names.draw
        self._slots["when"] = lambda: chance.pick(everyday.moments)
        self._slots["count"] = lambda: str(2 + int(40 * chance.unit() * chance.unit()))
        self.reply = one_of(everyday.replies, self._slots, chance)
        self._own = one_of(tongue.sentences, self._slots, chance)
        self._shared = one_of(everyday.sentences, self._slots, chance)
        self._openers = everyday.openers
        self._closers = everyday.closers

    def stir(self) -> None:
        """Let other words be in fashion."""
        for words in self._ranked:
            words.stir()

    def sentence(self) -> str:
        """Return a sentence of chatter: the community's own, or one that everybody says."""
        return self._own() if self._chance.happens(0.6) else self._shared()

    def fill(self, template: str, new: str) -> str:
        """Return the template of a story or a decoy, filled; `{new}` becomes the name that it is about."""
        return compile_template(template.replace("{new}", new), self._slots, self._chance)()

    def tell(self, core: str, *, is_lower: bool) -> str:
        """Return the sentence as somebody would post it: led in, commented on, with another thought."""
        chance = self._chance
        if chance.happens(0.35):
            core = f"{chance.pick(self._openers)} {core}"
        parts = [core]
        if chance.happens(0.25):
            parts.append(self.sentence())
        if chance.happens(0.35):
            parts.append(chance.pick(self._closers))
        if not is_lower:
            parts = [part[0].upper() + part[1:] for part in parts]
        text = parts[0]
        for part in parts[1:]:
            text += f" {part}" if text[-1] in "?!." else f". {part}"
        return text


def compile_template(template: str, slots: Mapping[str, Draw], chance: Chance) -> Draw:
    """Return a function that fills the template's slots and chooses among its alternatives anew each time."""
    form, parts, end = "", list[Draw](), 0
    for found in _PART.finditer(template):
        literal = template[end : found.start()]
        slot, alternatives = found.groups()
        draw = slots[slot] if slot else one_of(alternatives.split("|"), slots, chance)
        if slot in _WORD_SLOTS and _ARTICLE.search(literal):
            literal, draw = literal[:-2], _with_article(draw)
        form += literal.replace("%", "%%") + "%s"
        parts.append(draw)
        end = found.end()
    form += template[end:].replace("%", "%%")
    return lambda: form % tuple([part() for part in parts])


def one_of(templates: Sequence[str], slots: Mapping[str, Draw], chance: Chance) -> Draw:
    """Return a function that picks one of the templates each time, and fills it."""
    draws = [compile_template(template, slots, chance) for template in templates]

    def draw_one() -> str:
        return chance.pick(draws)()

    return draw_one


def _with_article(draw: Draw) -> Draw:
    def draw_with_article() -> str:
        word = draw()
        is_vowel = word[0] in "aeiou" and not word.startswith(("us", "uni"))
        return f"an {word}" if is_vowel else f"a {word}"

    return draw_with_article
