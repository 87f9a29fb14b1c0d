"""The stories of one community, with scores made by hand: how they live, without what decides the scores."""

from models.budget import BudgetState
from models.clusterers import make_clusterer
from models.detector import LEARNING_MS, Detector
from models.feedback import FeedbackState
from models.lifecycle import Stories
from models.mentions import HOUR_MS, MentionWindow
from models.narratives import Narratives
from tests.support.chatter import COMMUNITY, LAUNCH_MS, SECOND_MS, make_mention, make_score

BAR = 2.0
"""The lowest there is: of a community that was followed for a day in which nothing was tested."""

HIGH, LOW = 12.0, 1.0


class Town:
    """The parts around `Stories`, with scores made by hand."""

    def __init__(self, started_ms=LAUNCH_MS - LEARNING_MS, budget="balanced"):
        self.window = MentionWindow()
        self.bars = BudgetState(LAUNCH_MS // HOUR_MS, maxima=[0.0] * 24)
        self.feedback = FeedbackState()
        self.muted = set()
        self.narratives = Narratives(COMMUNITY, make_clusterer("undercurrent"), (HOUR_MS,))
        self.stories = Stories(
            community=COMMUNITY,
            budget=budget,
            window=self.window,
            detector=Detector(self.window, started_ms),
            bars=self.bars,
            feedback=self.feedback,
            narratives=self.narratives,
            is_muted=self.muted.__contains__,
        )
        self.posts = 0

    def post(self, terms, at_ms, significance=HIGH, **changes):
        """Returns what people are told after a post whose terms all have this score."""
        self.posts += 1
        terms = terms.split()
        narrative = self.narratives.assign(terms, at_ms, f"4/test/p{self.posts}")
        mention = make_mention(self.posts, terms, at_ms, **({"narrative": narrative} | changes))
        self.window.add(mention, at_ms)
        scores = [make_score(term, significance=significance, at_ms=at_ms) for term in mention.terms]
        return self.stories.take(mention, scores, at_ms)

    def burst(self, terms, at_ms=LAUNCH_MS, count=6, significance=HIGH):
        """Returns what people are told after posts a second apart, of which only the last has a score."""
        messages = []
        for number in range(count):
            own = significance if number == count - 1 else 0.0
            messages += self.post(terms, at_ms + number * SECOND_MS, own)
        return messages

    def pass_time(self, until_ms):
        """Returns what people are told if no post comes."""
        messages, now_ms = [], LAUNCH_MS
        while (change_ms := self.stories.next_change_ms(now_ms)) is not None and change_ms <= until_ms:
            now_ms = change_ms
            messages += self.stories.advance(now_ms)
        return messages


def term_scores(messages):
    """Returns which terms scored highest."""
    return [message.scoring.term for message in messages]


def told(messages):
    """Returns the types of messages with their reasons."""
    return [(message.type, message.reason) for message in messages]
