"""`undercurrent check`: whether the settings can be used, and how posts fall into communities."""

import re
import shutil
import unicodedata
from collections.abc import Iterator
from typing import Final

import click

from models.assign import Rules
from models.configuration import CommunityRule
from models.post import FUTURE_MS_MAX, Post, Reason, Rejection, decode_message, stated_time
from models.terms import find_terms
from streams import clock
from streams.commands.community_table import CommunityTable
from streams.commands.inputs import Inputs, Rejections, nothing_usable
from streams.commands.interrupts import Interrupts
from streams.commands.options import epilogue, settings_file, settings_option
from streams.errors import Status, say
from streams.safe_text import one_line
from streams.settings import Settings
from streams.sources import Line
from streams.terminal import moment

_TAG_SIGN: Final = re.compile(r"(?<!\w)[#＃](?=\w)")
"""Before a word the sign of a hashtag is nothing lost; in ``C#`` it is."""


@click.command(epilog=epilogue("undercurrent check", "undercurrent check posts.jsonl.gz --config trial.toml"))
@click.argument("file", metavar="[FILE]", required=False)
@settings_option
def check(file: str | None, settings: Settings) -> int:
    """Check the settings; with FILE, say how its posts fall into communities.

    For each community: posts, distinct authors, share of all posts, the most frequent terms and a sample; a
    post may belong to several.
    """
    for line in describe(settings, settings_file()):
        click.echo(line)
    if file is None:
        return Status.DONE
    with Interrupts() as interrupts:
        inputs = Inputs((file,), interrupts)
        run = Check(settings)
        for read in inputs:
            run.take(read, inputs.place())
        if not run.table.posts and not inputs.broken and not interrupts.signal:
            raise nothing_usable((file,), inputs.lines, run.first, run.rejections.first())
        click.echo()
        for line in run.report(shutil.get_terminal_size((120, 24)).columns):
            click.echo(line)
        if run.rejections.total():
            say(run.rejections.summary())
        if interrupts.signal:
            say(f"stopped by {interrupts.name} at {inputs.place()}.")
            return interrupts.status
        if inputs.broken:
            say(f"{inputs.broken.sentence} What was read was counted.")
            return inputs.broken.status
        return Status.DONE


def describe(settings: Settings, path: str | None) -> Iterator[str]:
    """Yield what there is to say of the settings: that they can be used, and what may not be meant so."""
    count = len(settings.communities)
    rules = "1 community" if count == 1 else f"{count} communities"
    source = f"{path} can be used" if path else "there is no settings file, so the defaults are used"
    yield f"{source}: rules for {rules}, budget {settings.detection.budget}."
    for rule in settings.communities:
        yield from _doubts(rule)
    if not settings.communities and not settings.catch_all:
        yield "No rules and no catch_all: only posts that name their communities are followed."


def _doubts(rule: CommunityRule) -> Iterator[str]:
    name = one_line(rule.name)
    if not (rule.words or rule.phrases or rule.hashtags):
        yield f"{name}: no words, phrases or hashtags, so only posts that name it belong to it."
    for text in (*rule.words, *rule.phrases, *rule.hashtags):
        found = find_terms(text)
        words = found.words
        if not words and found.terms:
            kind = "a mention" if found.terms[0][0] == "@" else "a link"
            yield f"{name}: {one_line(text)!r} is {kind}, and rules look at words only, so no post is found by it."
        elif not words:
            yield f"{name}: {one_line(text)!r} has no letters or digits, so no post is found by it."
        elif lost := _lost(text, words):
            rest = one_line(" ".join(words))
            yield f"{name}: {one_line(text)!r} finds every post with {rest!r}, since {one_line(lost)!r} is no letter."


def _lost(text: str, words: list[str]) -> str:
    """Return the signs of a rule's word that tell nothing: with them ``C++`` looks like more than a ``c``."""
    kept = {*"".join(words), *"'’-_ "}
    signs = (sign for sign in _TAG_SIGN.sub("", text) if unicodedata.category(sign)[0] in "PS" and sign not in kept)
    return "".join(dict.fromkeys(signs))


class Check:
    """One run of posts through the rules.

    Attributes:
        table: The communities.
        rejections: What was no post.
        first: The first line that was not blank.
    """

    def __init__(self, settings: Settings) -> None:
        self._rules = Rules(settings)
        self._observed_sources = frozenset(settings.observed_sources)
        self._changes = 0
        self._now_ms = clock.now_ms()
        self._earliest_ms: int | None = None
        self._latest_ms = 0
        self.table = CommunityTable()
        self.rejections = Rejections()
        self.first: bytes | None = None

    def take(self, line: Line, place: str) -> None:
        """Count the posts of a line, which stands at `place`."""
        if self.first is None:
            self.first = line.raw
        if line.is_too_long:
            self.rejections.add_too_long(place)
            return
        for _, item in decode_message(line.raw):
            if isinstance(item, Rejection):
                self.rejections.add(item.reason, item.detail, place)
            else:
                self._take(item, place)

    def _take(self, post: Post, place: str) -> None:
        field, at_ms = stated_time(post, is_observed_source=post.source in self._observed_sources)
        if at_ms > self._now_ms + FUTURE_MS_MAX:
            self.rejections.add(Reason.IN_THE_FUTURE, f"`{field}` is {moment(at_ms)}", place)
            return
        self._earliest_ms = at_ms if self._earliest_ms is None else min(self._earliest_ms, at_ms)
        self._latest_ms = max(self._latest_ms, at_ms)
        if post.op == "create":
            self.table.add(post, self._rules.communities_of(post))
        else:
            # It goes to the communities that have the post.
            self._changes += 1

    def report(self, width: int) -> Iterator[str]:
        """Yield the result in lines of at most `width` cells."""
        span = ""
        if self._earliest_ms is not None:
            span = f", from {moment(self._earliest_ms)} to {moment(self._latest_ms)}"
        changes = f", and {self._changes:,} updates and deletes of posts" if self._changes else ""
        yield f"{self.table.posts:,} posts in {len(self.table):,} communities{span}{changes}"
        yield ""
        yield from self.table.lines(width)
