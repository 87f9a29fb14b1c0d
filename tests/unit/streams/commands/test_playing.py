import pytest

from models.message import AlertMessage
from streams.commands.inputs import Inputs
from streams.commands.interrupts import Interrupts
from streams.commands.playing import Playing
from streams.errors import OutsideError, Status
from streams.settings import Settings
from tests.support.archive import MIDNIGHT_MS, alerts_in, make_archive
from tests.support.posts import make_line


@pytest.fixture
def play(tmp_path):
    """A function that plays bytes under several budgets, and returns the run and what each gave."""

    def run(content, *budgets):
        path = tmp_path / "posts"
        path.write_bytes(content)
        told = [[] for _ in budgets]
        runs = [(Settings().with_budget(own), into.append) for own, into in zip(budgets, told, strict=True)]
        with Interrupts() as interrupts:
            playing = Playing(Inputs((str(path),), interrupts), runs)
            playing.run()
        return playing, told

    return run


def test_pipelines_side_by_side_give_what_each_gives_alone(play):
    archive = make_archive()
    playing, told = play(archive, "more", "fewer")
    assert [[m for m in own if isinstance(m, AlertMessage)] for own in told] == [
        alerts_in(archive, "more"),
        alerts_in(archive, "fewer"),
    ]
    assert playing.pipeline.counts.posts == archive.count(b"\n")
    assert MIDNIGHT_MS <= playing.began_ms < playing.pipeline.counts.reached_ms


def test_what_is_no_post_is_told_once_however_many_pipelines_there_are(play, capsys):
    playing, _ = play(b"{\nhello\n" + make_line(1), "more", "fewer")
    assert playing.rejections.total() == 2
    assert playing.conclude(("posts",)) is Status.DONE
    assert "left out, as they are no posts: 2" in capsys.readouterr().err


def test_an_input_without_a_post_is_an_error(play):
    playing, _ = play(b"", "more")
    assert playing.began_ms == -1
    with pytest.raises(OutsideError, match="there is nothing in it"):
        playing.conclude(("posts",))
