import pytest

from models.configuration import CoreSettings
from streams.diagnosis import describe_settings
from streams.errors import OutsideError, Status
from streams.settings import ENVIRONMENT, Settings, is_colour_wanted, load_settings, parse_settings


def sentence_of(action, *arguments):
    with pytest.raises(OutsideError) as caught:
        action(*arguments)
    assert caught.value.status is Status.UNUSABLE
    return caught.value.sentence


def test_without_a_file_the_defaults_are_used(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load_settings() == Settings()


def test_the_file_of_the_folder_is_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "undercurrent.toml").write_text('catch_all = ""\n[console]\nport = 9000\n')
    settings = load_settings()
    assert isinstance(settings, CoreSettings)
    assert (settings.catch_all, settings.console.port) == ("", 9000)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("comunities = []", "my.toml: `comunities` is not a setting; did you mean `communities`?"),
        ("[time]\nwindow_s = 1", "my.toml: in [time]: `window_s` is not a setting; did you mean `windows_s`?"),
        (
            '[[communities]]\nname = "a"\n[[communities]]\nname = "b"\nwrods = []',
            "my.toml: in [[communities]] number 2: `wrods` is not a setting; did you mean `words`?",
        ),
        (
            '[[communities]]\nname = "a"\n[[communities]]\nname = "a"',
            "my.toml: two communities are called 'a'; expected each name once.",
        ),
        (
            "[time]\nwindows_s = [61]",
            "my.toml: in [time]: windows_s is [61]; expected multiples of 60, shortest first, each once.",
        ),
        ("a = \n", "my.toml: line 1, column 5: Invalid value."),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_one_sentence(text, sentence):
    assert sentence_of(parse_settings, text, "my.toml") == sentence


def test_a_file_that_was_asked_for_must_exist(tmp_path):
    path = str(tmp_path / "my.toml")
    wanted = f"{path}: the settings cannot be read: no such file or directory; `undercurrent init` writes one."
    assert sentence_of(load_settings, path) == wanted


def test_a_folder_is_no_settings_file(tmp_path):
    assert "is a directory" in sentence_of(load_settings, str(tmp_path))


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "my.toml").write_bytes("catch_all = 'ä'".encode("utf-16"))
    assert "not UTF-8" in sentence_of(load_settings, str(tmp_path / "my.toml"))


def test_a_byte_order_mark_is_no_problem(tmp_path):
    (tmp_path / "my.toml").write_bytes(b"\xef\xbb\xbfcatch_all = 'x'")
    assert load_settings(str(tmp_path / "my.toml")).catch_all == "x"


def test_the_environment_replaces_what_the_file_says(tmp_path):
    (tmp_path / "my.toml").write_text('[console]\nport = 9000\nhost = "::1"\n')
    variables = {"UNDERCURRENT_CONSOLE_PORT": "81", "UNDERCURRENT_REDIS_URL": "redis://:secret@db:6379", "HOME": "/"}
    settings = load_settings(str(tmp_path / "my.toml"), variables)
    assert (settings.console.port, settings.console.host) == (81, "::1")
    assert settings.redis.url == "redis://:secret@db:6379"


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"UNDERCURRENT_REDISURL": "x"},
            "the environment variable UNDERCURRENT_REDISURL is not a setting; did you mean UNDERCURRENT_REDIS_URL?",
        ),
        (
            {"UNDERCURRENT_CONSOLE_PORT": "http"},
            "the environment variable UNDERCURRENT_CONSOLE_PORT is 'http'; expected a whole number from 0 to 65,535.",
        ),
    ],
)
def test_a_mistyped_variable_is_refused(variables, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert sentence_of(load_settings, None, variables) == sentence


@pytest.mark.parametrize(
    "variables", [{"UNDERCURRENT_DATA": "/posts"}, {"UNDERCURRENT_PURE": "1"}, {"UNDERCURRENT_CONSOLE_PORT": ""}]
)
def test_variables_that_say_nothing_change_nothing(variables, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load_settings(None, variables) == Settings()


def test_a_password_is_never_repeated(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    variables = {"UNDERCURRENT_REDIS_URL": "http://:hunter2@db"}
    assert "hunter2" not in sentence_of(load_settings, None, variables)
    assert "hunter2" not in sentence_of(parse_settings, '[redis]\nurl = "http://:hunter2@db"', "my.toml")


def test_every_setting_has_a_description():
    described = list(describe_settings(Settings))
    assert {"catch_all", "communities[].words", "time.windows_s", "console.port", "redis.url"} <= {
        setting.name for setting in described
    }
    assert [setting.name for setting in described if not setting.description] == []


def test_every_variable_names_a_setting():
    names = {setting.name for setting in describe_settings(Settings)}
    assert {".".join(place) for place in ENVIRONMENT.values()} <= names


@pytest.mark.parametrize(
    ("is_terminal", "variables", "is_wanted"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(is_terminal, variables, is_wanted):
    assert is_colour_wanted(is_terminal=is_terminal, environment=variables) is is_wanted
