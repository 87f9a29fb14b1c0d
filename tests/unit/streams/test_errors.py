import pytest

from streams.errors import OutsideError, Status, describe_os_error, say


def test_a_sentence_is_marked_as_ours_and_goes_to_stderr(capsys):
    say("posts.jsonl cannot be read.")
    assert capsys.readouterr() == ("", "undercurrent: posts.jsonl cannot be read.\n")


def test_an_error_of_the_outside_world_makes_a_command_unusable_unless_it_says_otherwise():
    assert OutsideError("a").status is Status.UNUSABLE
    assert OutsideError("a", Status.INCOMPLETE).status == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileNotFoundError(2, "No such file or directory"), "no such file or directory"),
        (OSError("Broken"), "broken"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_what_the_system_says_becomes_words(error, words):
    assert describe_os_error(error) == words
