"""What the real servers need from the system: looked for, and installed by apt where that may be done.

    python -m deploy.local.requirements

Java 17, redis-server, prometheus with promtool, and Kafka's JARs, which Maven fetches once. Nothing that is
missing is passed over: the tests on real servers would prove nothing then.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from deploy.local import kafka
from deploy.local.programs import PACKAGES, find_program
from streams.errors import OutsideError, say

INSTALLER: Final = Path(__file__).with_name("install.sh")


def missing_packages(environment: Mapping[str, str]) -> list[str]:
    """Return the Debian packages of what is not there, each once."""
    wanted = ["redis-server", "prometheus", "promtool"]
    if not kafka.has_jars(environment):
        wanted.append("mvn")
    packages = [PACKAGES[name] for name in wanted if not _is_there(name)]
    try:
        kafka.find_java(environment)
    except OutsideError:
        packages.append(kafka.JAVA_PACKAGE)
    return sorted(set(packages))


def meet(environment: Mapping[str, str]) -> None:
    """See to it that all is there.

    Raises:
        OutsideError: If something is missing and cannot be installed, with the command that would.
    """
    packages = missing_packages(environment)
    if packages:
        _install(packages)
    still_missing = missing_packages(environment)
    if still_missing:
        # The system may have another version of Java first on PATH, and then says itself what is wrong.
        kafka.find_java(environment)
        raise OutsideError(f"these were installed and still are not on PATH: {', '.join(still_missing)}.")
    if not kafka.has_jars(environment):
        say(f"fetching Kafka {kafka.VERSION} by Maven, once (44 MB)")
    kafka.find_jars(environment)


def main() -> None:
    """Run the command."""
    try:
        meet(os.environ)
    except OutsideError as error:
        say(error.sentence)
        sys.exit(error.status)


def _is_there(name: str) -> bool:
    try:
        find_program(name)
    except OutsideError:
        return False
    return True


def _install(packages: list[str]) -> None:
    as_root = _as_root()
    if shutil.which("apt-get") is None or as_root is None:
        raise OutsideError(
            f"Kafka, Redis and Prometheus need what is missing here; on Debian and Ubuntu: sudo {INSTALLER} "
            f"{' '.join(packages)}"
        )
    say(f"installing {', '.join(packages)}")
    result = subprocess.run([*as_root, str(INSTALLER), *packages], stdout=sys.stderr, check=False)  # noqa: S603
    if result.returncode:
        raise OutsideError(f"apt-get could not install {' '.join(packages)}: it says above why.")


def _as_root() -> list[str] | None:
    """Return what a command needs in front to be run by root; None if it cannot without a password."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:  # noqa: S603
        return [sudo, "-n"]
    return None


if __name__ == "__main__":
    main()
