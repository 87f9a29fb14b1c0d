"""The script that installs, with an apt of the test's own and no system touched."""

import os
import subprocess

import pytest

from deploy.local.requirements import INSTALLER

POLICY = "/usr/sbin/policy-rc.d"


@pytest.fixture
def install(tmp_path):
    """Runs the script on a made-up system; returns what its programs were asked, a line each."""
    asked, policy = tmp_path / "asked", tmp_path / "policy-rc.d"

    def program(name, line="exit 0"):
        path = tmp_path / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'#!/bin/sh\necho "{name} $*" >>"{asked}"\n{line}\n')
        path.chmod(0o755)

    def run(*packages, has_java_17=True, apt_line="exit 0"):
        text = INSTALLER.read_text()
        assert text.count(POLICY) == 1
        (tmp_path / "install.sh").write_text(text.replace(POLICY, str(policy)))
        program("apt-get", f'[ "$1" = update ] || {{ "{policy}"; echo "policy $?" >>"{asked}"; }}\n{apt_line}')
        program("apt-cache", f"exit {0 if has_java_17 else 1}")
        program("systemctl")
        environment = {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
        command = ["sh", str(tmp_path / "install.sh"), *packages]
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        return result.returncode, asked.read_text().splitlines()

    run.policy = policy
    return run


def test_no_service_starts_now_or_at_the_next_boot(install):
    status, asked = install("redis-server", "maven")
    assert status == 0
    # 101 is how the policy says that a service may not be started.
    assert "policy 101" in asked
    assert "systemctl disable -q redis-server" in asked
    assert "systemctl disable -q maven" not in asked
    assert not install.policy.exists()


def test_a_failure_is_one_and_leaves_nothing(install):
    status, _ = install("redis-server", apt_line='[ "$1" = update ] || exit 100')
    assert status == 100
    assert not install.policy.exists()


def test_a_policy_of_the_system_stays(install):
    install.policy.write_text("#!/bin/sh\nexit 104\n")
    install.policy.chmod(0o755)
    status, asked = install("redis-server")
    assert status == 0
    assert "policy 104" in asked
    assert install.policy.read_text() == "#!/bin/sh\nexit 104\n"


@pytest.mark.parametrize(("has_java_17", "java"), [(True, "openjdk-17-jre-headless"), (False, "default-jre-headless")])
def test_where_java_17_is_too_old_to_be_had_the_usual_one_is_taken(install, has_java_17, java):
    _, asked = install("maven", "openjdk-17-jre-headless", has_java_17=has_java_17)
    [line] = [line for line in asked if line.startswith("apt-get install")]
    assert line.endswith(f" maven {java}")


def test_a_policy_that_was_left_behind_stops_nothing(install, tmp_path):
    install("redis-server", apt_line=f'[ "$1" = update ] || cp "{install.policy}" "{tmp_path}/left"')
    assert subprocess.run([tmp_path / "left"], check=False).returncode == 0
