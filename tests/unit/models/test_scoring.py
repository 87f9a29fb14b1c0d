import msgspec

from models.scoring import Scoring


def test_inputs_that_an_earlier_version_wrote_are_read():
    raw = b'{"term":"ferry","voices":4,"authors":4,"texts":4,"reposted_texts":0,"share":0.1,"volume":9.0,"size":1.5}'
    scoring = msgspec.json.decode(raw, type=Scoring)
    assert (scoring.bar_inputs, scoring.open_stories) == (None, 0)
