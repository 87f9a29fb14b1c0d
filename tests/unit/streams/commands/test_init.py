import pytest

from streams.settings import load_settings


def test_a_file_is_written_from_options_and_can_be_loaded(undercurrent, tmp_path):
    ended = undercurrent("init", "--community", 'coffee=espresso,"flat white"', "--budget", "fewer")
    assert (ended.status, ended.out) == (0, "")
    assert "undercurrent.toml is written" in ended.err
    settings = load_settings(str(tmp_path / "undercurrent.toml"))
    assert [rule.name for rule in settings.communities] == ["coffee"]
    assert settings.detection.budget == "fewer"


def test_a_file_that_is_there_is_left_as_it_is(undercurrent, tmp_path):
    (tmp_path / "undercurrent.toml").write_text("mine")
    ended = undercurrent("init")
    assert ended.status == 2
    assert (
        ended.err == "undercurrent: undercurrent.toml is there already and was left as it is; --force overwrites it.\n"
    )
    assert (tmp_path / "undercurrent.toml").read_text() == "mine"


def test_force_overwrites_it(undercurrent, tmp_path):
    (tmp_path / "my.toml").write_text("mine")
    assert undercurrent("init", "--output", "my.toml", "--force").status == 0
    assert load_settings(str(tmp_path / "my.toml"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my.toml"]


def test_the_file_may_go_to_standard_output(undercurrent, tmp_path):
    ended = undercurrent("init", "--output", "-", "--community", "coffee=espresso")
    assert 'name = "coffee"' in ended.out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--community", "coffee"], "is no community"),
        (["--community", "a=b", "--community", "a=c"], "two communities are called 'a'"),
        (["--budget", "fewr"], "'fewr' is not one of"),
        (["--output", "no/such/folder.toml"], "cannot be written: no such file or directory"),
        (["--community", "a=\udc80"], "cannot be written: it is not all Unicode text"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_no_file(undercurrent, tmp_path, arguments, words):
    ended = undercurrent("init", *arguments)
    assert (ended.status, ended.err.count("\n")) == (2, 1)
    assert words in ended.err
    assert list(tmp_path.iterdir()) == []


def test_on_a_terminal_it_asks(undercurrent, tmp_path, monkeypatch):
    answers = iter(["coffee", "", "espresso, #latteart", "", "more"])
    monkeypatch.setattr("streams.commands.init._is_terminal", lambda: True)
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: next(answers))
    assert undercurrent("init").status == 0
    settings = load_settings(str(tmp_path / "undercurrent.toml"))
    assert settings.communities[0].hashtags == ["#latteart"]
    assert settings.detection.budget == "more"
