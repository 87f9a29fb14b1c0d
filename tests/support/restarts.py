"""An adversary of saved state: workers that crash at any write, are cut off, and go on writing while others took over.

One partition of the log is followed by real `TrackPartition`s. What they write reaches a compacted topic record by
record, what they say is acknowledged when the adversary likes.
"""

import random
from collections import deque

import msgspec

from models.configuration import CoreSettings
from models.feedback import FeedbackState
from models.frame import FramedControl, encode_frame
from models.partition import TrackPartition
from models.snapshots import HEADER_KEY, Records, choose_start, encode_record, pack
from models.tally import Counts
from tests.support.framed import NOON_MS, make_frame, make_framed

SETTINGS = CoreSettings(catch_all="")
NAMES = [f"c{number}" for number in range(7)]
FOLLOWED_MAX = 4
_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS


class Diary:
    """In the place of a tracker: its state is the order of all that happened to it, its messages quote it."""

    def __init__(self, community, _settings=None, life=0, mutes=None):
        self.community = community
        self.mutes = mutes
        self.feedback = FeedbackState()
        self.life = life
        self.entries = []
        self.due_ms = None
        self.told = 0
        self.counts = Counts()

    @property
    def next_due_ms(self):
        return self.due_ms

    def offer(self, framed, watermark_ms):
        messages = self.advance(watermark_ms)
        # What is muted stands in the partition's header, and must be that of this place in the log.
        said = [sorted(self.mutes.words), [judgement.number for judgement in self.feedback.judgements]]
        self.entries.append([framed.post.id, watermark_ms, said])
        self.due_ms = framed.event_time_ms + 3 * _MINUTE_MS if len(self.entries) % 3 else None
        return messages + self._tell() if len(self.entries) % 2 else messages

    def advance(self, watermark_ms):
        if self.due_ms is None or self.due_ms > watermark_ms:
            return []
        self.entries.append(["due", self.due_ms])
        self.due_ms = None
        return self._tell() if len(self.entries) % 4 else []

    def close(self, watermark_ms):
        self.entries.append(["closed", watermark_ms])
        return self._tell()

    def has(self, key, _identity, _watermark_ms):
        return any(key.endswith(f"/{entry[0]}") for entry in self.entries)

    def _tell(self):
        self.told += 1
        # What identifies a message, and what it says.
        return [((self.community, self.entries[0][0], self.told), repr([self.life, *self.entries]))]

    def snapshot(self):
        return msgspec.json.encode([self.community, self.life, self.entries, self.due_ms, self.told, self.feedback])

    @classmethod
    def restore(cls, raw, *_):
        community, life, entries, due_ms, told, feedback = msgspec.json.decode(raw)
        diary = cls(community, life=life)
        diary.feedback = msgspec.convert(feedback, FeedbackState)
        diary.entries, diary.due_ms, diary.told = entries, due_ms, told
        return diary


def make_control(chance, number, at_ms):
    """Returns a frame with a control message: a mute, feedback, an undo, or of a later program."""
    own = {"v": 1, "at_ms": 0}
    own |= chance.choice(
        [
            {"kind": "mute", "what": "word", "name": f"word{number}", "until_ms": at_ms + chance.randrange(_HOUR_MS)},
            {"kind": "mute", "what": "author", "name": f"author{chance.randrange(40)}"},
            {"kind": "mute", "what": "word", "name": "ferry", "community": chance.choice(NAMES)},
            {"kind": "feedback", "alert_id": "a1", "community": chance.choice(NAMES), "verdict": "noise"},
            {"kind": "feedback", "alert_id": "a2", "community": chance.choice(NAMES), "verdict": "useful"},
            {"kind": "undo", "number": chance.randrange(number + 1)},
            {"kind": "of a later version"},
        ]
    )
    message = FramedControl((number, 0), msgspec.Raw(msgspec.json.encode(own)))
    return encode_frame(make_frame(number, number + 1, input="control/0", control=[message]))


def make_log(chance, length=110):
    """Returns encoded frames: posts of communities that come and go, control, progress, replays, holes, no frames."""
    frames, position, at_ms, controls = [], 0, NOON_MS, 0
    while len(frames) < length:
        # Who posts changes now and then, so that communities are given up and come back.
        busy = chance.sample(NAMES, 3)
        for _ in range(chance.randrange(4, 20)):
            posts = []
            start = position
            for _ in range(chance.choice([0, 1, 1, 1, 2, 5])):
                at_ms += chance.randrange(6 * _MINUTE_MS)
                own = {"communities": chance.sample(busy, chance.choice([1, 1, 2]))}
                if position and chance.random() < 0.2:
                    # Of whichever communities have the post, which only their trackers know; of some before they come.
                    own |= {"id": f"p{chance.randrange(position + 3)}", "op": chance.choice(["update", "delete"])}
                posts.append(make_framed(position, at_ms, **own))
                position += 1
            idle_for_ms = chance.randrange(20 * _MINUTE_MS) if not posts and chance.random() < 0.5 else 0
            frames.append(encode_frame(make_frame(start, position, posts, reached_ms=at_ms, idle_for_ms=idle_for_ms)))
            if chance.random() < 0.15:
                frames.append(make_control(chance, controls, at_ms))
                controls += 1
            if chance.random() < 0.06:
                frames.append(chance.choice([b"", b"no frame", chance.choice(frames)]))
            if chance.random() < 0.03:
                frames.append(encode_frame(make_frame(position + 5, position + 6, [make_framed(position + 5, at_ms)])))
    return frames[:length]


class Worker:
    """One incarnation: reads on from what the topic holds when it starts."""

    def __init__(self, world):
        self.world = world
        start = world.choose_start()
        self.track = TrackPartition(SETTINGS, start=start, communities_max=FOLLOWED_MAX)
        if not world.rules["silence"]:
            self._speak(start)
        self.unacknowledged = []
        self.writes = deque()
        self.cut = None

    def _speak(self, start):
        stage = self.track._stage  # noqa: SLF001 - weakened
        for community in set(start.silent) - stage.births.keys():
            stage.trackers[community] = Diary(community, mutes=self.track.header.mutes)
            stage.births[community] = start.next

    def act(self, dice):
        if dice < 0.45:
            self.read()
        elif dice < 0.5:
            self.acknowledge()
        elif dice < 0.62:
            self.begin_to_save()
        else:
            self.write()

    def read(self):
        if self.track.next >= len(self.world.log):
            return
        outcome = self.track.apply(self.world.log[self.track.next])
        self.unacknowledged += outcome.messages if outcome else []
        if self.world.chance.random() < 0.3:
            self.track.mark()

    def acknowledge(self):
        self.world.say(self.unacknowledged)
        self.unacknowledged = []

    def begin_to_save(self):
        if self.cut is not None:
            return
        dirty = sorted(self.track.dirty)
        if self.world.rules["outputs first"]:
            self.acknowledge()
        chosen = self.world.chance.sample(dirty, self.world.chance.randrange(len(dirty) + 1))
        self.cut = cut = self.world.weaken(self.track.cut(chosen))
        header = pack(cut.header)
        for life, state in cut.states.items():
            self.writes.append((life.key, encode_record(cut.tracker_record(header, pack(state)))))
        self.writes.append((HEADER_KEY, encode_record(cut.header_record(pack(cut.begin_header)))))
        self.writes += [(life.key, None) for life in cut.removals]

    def write(self):
        if self.writes:
            key, value = self.writes.popleft()
            self.world.remove(key)
            if value is not None:
                self.world.topic[key] = value
        if self.cut is not None and not self.writes:
            self.track.done(self.cut)
            self.cut = None

    def crash(self):
        # What was on its way may have arrived.
        chance = self.world.chance
        if chance.random() < 0.5:
            self.world.say(self.unacknowledged[: chance.randrange(len(self.unacknowledged) + 1)])


FULL_RULES = {
    "outputs first": True,
    "older records": True,
    "first unsaved": True,
    "silence": True,
    "a key a life": True,
}


class World:
    """A log, a compacted topic, and workers that are tormented until one has read all.

    Args:
        seed: Of all chance.
        rules: Those of `FULL_RULES` that do not hold.
    """

    def __init__(self, seed, **rules):
        self.chance = random.Random(seed)
        self.rules = FULL_RULES | {name.replace("_", " "): value for name, value in rules.items()}
        self.log = make_log(self.chance)
        self.topic = {}
        self.said = {}
        self.contradictions = 0
        self.restarts = 0
        self.silent = 0
        self.last = self._run()

    def choose_start(self):
        records = Records()
        for key, value in self.topic.items():
            records.put(key, value)
        if records.header and not self.rules["older records"]:
            forgetful = {name: (birth, 0) for name, (birth, _) in records.header.lives.items()}
            records.header = msgspec.structs.replace(records.header, lives=forgetful)
        start = choose_start(records)
        self.silent += len(start.silent)
        return start

    def weaken(self, cut):
        if not self.rules["first unsaved"]:
            cut = msgspec.structs.replace(cut, begin=cut.offset, begin_header=cut.header)
        return cut

    def remove(self, key):
        self.topic.pop(key, None)
        if not self.rules["a key a life"]:
            community = key.partition(b"/")[2]
            self.topic = {each: value for each, value in self.topic.items() if each.partition(b"/")[2] != community}

    def say(self, messages):
        for identity, content in messages:
            self.contradictions += self.said.setdefault(identity, content) != content

    def _run(self):
        chance, worker, old = self.chance, Worker(self), []
        for _ in range(700):
            acting = worker if not old or chance.random() < 0.6 else chance.choice(old)
            dice = chance.random()
            if dice < 0.95:
                acting.act(dice)
            elif dice < 0.975:
                self.restarts += 1
                if chance.random() < 0.6:
                    old.append(worker)
                else:
                    worker.crash()
                worker = Worker(self)
            elif old:
                old.pop(chance.randrange(len(old))).crash()
        if chance.random() < 0.7:
            worker = Worker(self)
        while worker.track.next < len(self.log):
            worker.read()
        worker.acknowledge()
        return worker.track


def read_undisturbed(log):
    """Returns the partition that has read the whole log, and all that it said."""
    track = TrackPartition(SETTINGS, communities_max=FOLLOWED_MAX)
    said = [message for raw in log if (outcome := track.apply(raw)) for message in outcome.messages]
    return track, said
