import pytest

from models.schema import schema_files


@pytest.fixture
def folder(tmp_path):
    """The folder in which they are by default."""
    path = tmp_path / "deploy" / "schemas"
    path.mkdir(parents=True)
    return path


def test_the_schemas_are_written_and_then_current(undercurrent, folder):
    ended = undercurrent("schemas")
    assert (ended.status, ended.out, ended.err) == (0, "", "deploy/schemas: 5 of 5 files changed.\n")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == schema_files()
    assert undercurrent("schemas", "--check") == (0, "", "")
    assert undercurrent("schemas").err == "deploy/schemas: 0 of 5 files changed.\n"


def test_a_file_that_is_not_current_is_named_and_left_alone(undercurrent, folder):
    undercurrent("schemas")
    (folder / "post.v1.json").write_bytes(b"{}")
    (folder / "alert.v1.json").unlink()
    ended = undercurrent("schemas", "--check")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == (
        "undercurrent: not what the types give: post.v1.json, alert.v1.json in deploy/schemas; "
        "`undercurrent schemas` writes them anew.\n"
    )
    assert (folder / "post.v1.json").read_bytes() == b"{}"
    assert undercurrent("schemas").err == "deploy/schemas: 2 of 5 files changed.\n"


def test_they_can_be_written_elsewhere(undercurrent, tmp_path):
    assert undercurrent("schemas", "--out", tmp_path).status == 0
    assert (tmp_path / "trend.v1.json").exists()


@pytest.mark.parametrize("arguments", [[], ["--check"], ["--out", "missing"]])
def test_outside_the_repository_nothing_is_written(undercurrent, tmp_path, arguments):
    ended = undercurrent("schemas", *arguments)
    assert ended.status == 2
    assert "is no folder here; run this in the folder of the repository" in ended.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [[], ["--check"]])
def test_what_stands_in_the_way_is_one_sentence(undercurrent, folder, arguments):
    (folder / "post.v1.json").mkdir()
    ended = undercurrent("schemas", *arguments)
    assert (ended.status, ended.err.count("\n")) == (2, 1)
    assert "deploy/schemas/post.v1.json cannot be read: is a directory." in ended.err


def test_a_folder_that_cannot_be_written_is_one_sentence(undercurrent, folder):
    (folder / "post.v1.json").symlink_to("nowhere/at/all")
    ended = undercurrent("schemas")
    assert ended.status == 2
    assert ended.err == "undercurrent: deploy/schemas/post.v1.json cannot be written: no such file or directory.\n"
