"""Command lines of the servers, and programs that are missing."""

import pytest

from deploy.local.programs import find_program, redis_command
from streams.errors import OutsideError


def test_a_program_is_found_on_the_path(tmp_path, monkeypatch):
    (tmp_path / "redis-server").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_program("redis-server") == str(tmp_path / "redis-server")


def test_a_missing_program_is_said_with_the_command_that_installs_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OutsideError) as caught:
        find_program("promtool")
    assert caught.value.sentence == (
        "promtool is not on PATH; on Debian and Ubuntu: sudo apt-get install --no-install-recommends prometheus."
    )


@pytest.mark.parametrize(("is_kept", "appendonly"), [(True, "yes"), (False, "no")])
def test_a_redis_listens_on_loopback_only(tmp_path, monkeypatch, is_kept, appendonly):
    monkeypatch.setattr("deploy.local.programs.shutil.which", lambda name: f"/usr/bin/{name}")
    command = redis_command(tmp_path, 6379, is_kept=is_kept)
    assert command[0] == "/usr/bin/redis-server"
    options = dict(zip(command[1::2], command[2::2], strict=False))
    assert options["--bind"] == "127.0.0.1"
    assert options["--dir"] == str(tmp_path)
    assert options["--appendonly"] == appendonly
